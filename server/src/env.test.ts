import { readFileSync } from 'node:fs';

import { EnvError, readDatabaseEnv, readEnv, VARIABLE_DEFAULTS, VARIABLE_NAMES } from './env.js';

const SECRET = 'a secret of more than thirty-two characters';

const problemsOf = (source: Record<string, string>): readonly string[] => {
  try {
    readEnv(source);
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
  return [];
};

test('an empty environment is a demo on this machine alone, with the embedded database', () => {
  expect(readEnv({})).toMatchObject({
    demo: true,
    host: '127.0.0.1',
    port: 4000,
    databaseUrl: null,
    introspection: true,
  });
  expect(readEnv({ PORT: '', DATABASE_URL: '' })).toEqual(readEnv({}));
});

test('a demo is public only when it is said', () => {
  expect(readEnv({ DEMO_PUBLIC: '1' }).host).toBe('0.0.0.0');
  expect(readEnv({ HOST: '::1' }).host).toBe('::1');
  expect(readEnv({ HOST: '[::1]' }).host).toBe('::1');
  expect(problemsOf({ HOST: '0.0.0.0' })).toEqual([expect.stringContaining('HOST:')]);
  expect(readEnv({ HOST: '10.0.0.5', DEMO_PUBLIC: '1' }).host).toBe('10.0.0.5');
});

test('who is an operator is configured; unset means nobody in production', () => {
  const production = { NODE_ENV: 'production', AUTH_JWT_SECRET: SECRET };
  expect(readEnv(production).auth.operatorSubjects).toEqual(new Set());
  expect(readEnv({ ...production, OPERATOR_SUBJECTS: '' }).auth.operatorSubjects).toEqual(new Set());
  expect(readEnv({ ...production, OPERATOR_SUBJECTS: 'grace, ada' }).auth.operatorSubjects).toEqual(
    new Set(['grace', 'ada']),
  );
  expect(readEnv({ AUTH_JWT_SECRET: SECRET }).auth.operatorSubjects).toBeNull();
});

test('configured authentication switches the demo off', () => {
  expect(readEnv({ AUTH_JWT_SECRET: SECRET })).toMatchObject({ demo: false, host: '0.0.0.0' });
  expect(readEnv({ AUTH_JWKS_URL: 'https://id.example.com/jwks.json' }).demo).toBe(false);
  expect(readEnv({ DEMO: '0' }).demo).toBe(false);
});

test('a provider that signs people in says whose tokens count, and for whom they must be', () => {
  const given = {
    OIDC_ISSUER: 'https://id.example.com/realm',
    OIDC_CLIENT_ID: 'credits',
    OIDC_RESOURCE: 'https://credits.example.com',
  };
  const { demo, auth, oidc } = readEnv({ ...given, NODE_ENV: 'production' });
  expect(demo).toBe(false);
  expect(auth).toMatchObject({ issuer: given.OIDC_ISSUER, audience: given.OIDC_RESOURCE, jwksUrl: null });
  expect(oidc).toMatchObject({ issuer: given.OIDC_ISSUER, clientId: 'credits', resource: given.OIDC_RESOURCE });
  expect(oidc?.scope.split(' ')).toEqual(expect.arrayContaining(['openid', 'offline_access', 'credits:read']));
  expect(readEnv({ ...given, AUTH_ISSUER: 'https://sts.example.com', AUTH_AUDIENCE: 'api' }).auth).toMatchObject({
    issuer: 'https://sts.example.com',
    audience: 'api',
  });
  expect(readEnv({ AUTH_JWT_SECRET: SECRET }).oidc).toBeNull();
  expect(readEnv({}).oidc).toBeNull();
});

test.each([
  ['without a client', { OIDC_ISSUER: 'https://id.example.com', OIDC_AUDIENCE: 'credits' }, 'both or neither'],
  ['a client without an issuer', { OIDC_CLIENT_ID: 'credits' }, 'both or neither'],
  ['for nobody in particular', { OIDC_ISSUER: 'https://id.example.com', OIDC_CLIENT_ID: 'credits' }, 'OIDC_RESOURCE'],
  [
    'that can be listened to',
    { OIDC_ISSUER: 'http://id.example.com', OIDC_CLIENT_ID: 'credits', OIDC_AUDIENCE: 'a' },
    'https',
  ],
  [
    'asked for no identity',
    { OIDC_ISSUER: 'https://id.example.com', OIDC_CLIENT_ID: 'c', OIDC_AUDIENCE: 'a', OIDC_SCOPE: 'profile' },
    'openid',
  ],
])('a provider is refused: %s', (_what, source, told) => {
  expect(problemsOf(source)).toEqual([expect.stringContaining(told)]);
});

test('production has no demo and no open schema, and does not start without authentication', () => {
  expect(readEnv({ NODE_ENV: 'production', AUTH_JWT_SECRET: SECRET })).toMatchObject({
    demo: false,
    introspection: false,
  });
  expect(problemsOf({ NODE_ENV: 'production' })).toEqual([expect.stringContaining('AUTH_JWT_SECRET or AUTH_JWKS_URL')]);
});

test('a demo beside production or authentication is refused', () => {
  expect(problemsOf({ DEMO: '1', AUTH_JWT_SECRET: SECRET })).toEqual([expect.stringContaining('DEMO:')]);
  expect(problemsOf({ DEMO: '1', NODE_ENV: 'production', AUTH_JWT_SECRET: SECRET })).toHaveLength(1);
});

test('all problems are told at once, without the values', () => {
  const problems = problemsOf({
    PORT: '70000',
    LANES: 'many',
    DATABASE_URL: 'mysql://root:hunter2@db/credits',
    AUTH_JWT_SECRET: 'hunter2',
    ALLOWED_ORIGINS: 'https://ok.example.com, https://hunter2.example.com/path',
    DEMO: 'yes',
  });
  expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual([
    'ALLOWED_ORIGINS',
    'AUTH_JWT_SECRET',
    'DATABASE_URL',
    'DEMO',
    'LANES',
    'PORT',
  ]);
  expect(problems.join('\n')).not.toContain('hunter2');
});

test('trusted proxies are addresses, networks and ranges', () => {
  const trusted = 'loopback, 10.0.0.0/8,2001:db8::1';
  expect(readEnv({ TRUST_PROXY: trusted }).trustedProxies).toEqual(['loopback', '10.0.0.0/8', '2001:db8::1']);
  expect(problemsOf({ TRUST_PROXY: '10.0.0.1, everybody' })).toEqual([expect.stringContaining('TRUST_PROXY: entry 2')]);
});

test('what only reads or migrates the database asks for nothing but its address', () => {
  const url = 'postgres://db/credits';
  expect(readDatabaseEnv({ NODE_ENV: 'production', DATABASE_URL: url })).toEqual({
    databaseUrl: url,
    databaseWaitSeconds: 60,
  });
  expect(readDatabaseEnv({ DATABASE_URL: '' }).databaseUrl).toBeNull();
  expect(() => readDatabaseEnv({ DATABASE_URL: 'mysql://root:hunter2@db/credits' })).toThrow(
    /^(?!.*hunter2)[^]*DATABASE_URL: must be a URL/,
  );
});

test('a public address has a path at the most', () => {
  expect(readEnv({ PUBLIC_URL: 'https://office.example/credits/' }).publicUrl).toBe('https://office.example/credits');
  for (const wrong of [
    'https://office.example/?a',
    'https://office.example/#b',
    'https://ada:x@office.example',
    'office',
  ])
    expect(problemsOf({ PUBLIC_URL: wrong })).toContainEqual(expect.stringContaining('PUBLIC_URL:'));
});

test('origins are a list', () => {
  expect(readEnv({ ALLOWED_ORIGINS: 'https://a.example.com, http://localhost:5173' }).allowedOrigins).toEqual([
    'https://a.example.com',
    'http://localhost:5173',
  ]);
});

test('operators are those that OPERATOR_SUBJECTS lists, or whomever the issuer calls one', () => {
  const secret = { AUTH_JWT_SECRET: 'x'.repeat(32) };
  expect(readEnv(secret).auth.operatorSubjects).toBeNull();
  expect(readEnv({ ...secret, OPERATOR_SUBJECTS: 'grace, ada,' }).auth.operatorSubjects).toEqual(
    new Set(['grace', 'ada']),
  );
});

test('the table of variables names each once, with its default', () => {
  const docs = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const [, table = ''] = /^## Environment$([\s\S]*?)^## /m.exec(docs) ?? [];
  const rows = [...table.matchAll(/^\| (`[A-Z_`, ]+`) \| (.*?) \|/gm)];
  const written = new Map(
    rows.flatMap(([, names = '', value = '']) => names.split(', ').map((name) => [name.slice(1, -1), value])),
  );
  expect([...written.keys()].sort()).toEqual([...VARIABLE_NAMES].sort());
  for (const [name, value] of Object.entries(VARIABLE_DEFAULTS)) {
    const said = { '': 'none', false: '`0`', true: '`1`' }[String(value)] ?? `\`${String(value)}\``;
    expect([name, written.get(name)]).toEqual([name, name === 'TRUST_PROXY' ? 'nobody' : said]);
  }
});

test('metrics are open in a demo alone, unless it is said where or to whom', () => {
  expect(readEnv({}).metrics).toEqual({ port: null, token: null, isOpen: true });
  expect(readEnv({ AUTH_JWT_SECRET: SECRET }).metrics.isOpen).toBe(false);
  expect(readEnv({ METRICS_PORT: '9464', METRICS_TOKEN: 'sixteen letters!' }).metrics).toMatchObject({
    port: 9464,
    token: 'sixteen letters!',
  });
  expect(problemsOf({ METRICS_TOKEN: 'short', METRICS_PORT: '70000' })).toHaveLength(2);
});

test('Stripe is configured by both of its secrets or not at all', () => {
  const both = { STRIPE_SECRET_KEY: 'sk_test_51Abc', STRIPE_WEBHOOK_SECRET: 'whsec_abc' };
  expect(readEnv({}).stripe).toBeNull();
  expect(readEnv(both).stripe).toEqual({ secretKey: 'sk_test_51Abc', webhookSecret: 'whsec_abc', apiUrl: null });
  for (const [name, value] of Object.entries(both)) expect(problemsOf({ [name]: value })).toHaveLength(1);
  expect(problemsOf({ STRIPE_SECRET_KEY: 'pk_test_51Abc', STRIPE_WEBHOOK_SECRET: 'abc' })).toHaveLength(2);
});

test('mails need a mail server, a sender and the address that their links lead to', () => {
  expect(readEnv({}).mail).toEqual({ smtpUrl: null, from: 'credits@localhost', supportAddress: null });
  const mail = {
    SMTP_URL: 'smtp://mail.example:587',
    MAIL_FROM: 'credits@example.com',
    PUBLIC_URL: 'https://a.example',
  };
  expect(readEnv(mail).mail).toMatchObject({ smtpUrl: 'smtp://mail.example:587', from: 'credits@example.com' });
  for (const missing of ['MAIL_FROM', 'PUBLIC_URL'])
    expect(problemsOf({ ...mail, [missing]: '' })).toEqual([expect.stringContaining('SMTP_URL:')]);
  expect(problemsOf({ ...mail, SMTP_URL: 'https://mail.example' })).toEqual([expect.stringContaining('SMTP_URL:')]);
  expect(problemsOf({ ...mail, MAIL_FROM: 'Credits <credits@example.com>' })).toEqual([
    expect.stringContaining('MAIL_FROM:'),
  ]);
  expect(problemsOf({ SUPPORT_ADDRESS: 'nobody' })).toEqual([expect.stringContaining('SUPPORT_ADDRESS:')]);
});
