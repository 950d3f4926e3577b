import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { SignJWT, generateKeyPair } from 'jose';
import { createLogger } from './logger.js';
import type { TestApp, TestAppOptions } from './testing/test-app.js';
import { startTestApp } from './testing/test-app.js';
import { until } from './testing/test-until.js';

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

const apps: TestApp[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

async function start(
  options: TestAppOptions = {},
): Promise<{ server: TestApp; lines: Line[]; metric: (name: string) => Promise<number> }> {
  const lines: Line[] = [];
  const logger = createLogger(
    { logLevel: 'info', logFormat: 'json' },
    { write: (line) => void lines.push(JSON.parse(line) as Line) },
  );
  const server = await startTestApp({ ...options, logger });
  apps.push(server);
  return { server, lines, metric: async (name) => valueOf(await textOf(server), name) };
}

const textOf = async ({ url }: TestApp) => (await fetch(`${url}/metrics`)).text();
function valueOf(text: string, name: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  if (line === undefined) throw new Error(`There is no ${name} in:\n${text}`);
  return Number(line.slice(name.length));
}
test('refused sign-ins are counted by reason and told seldom, with no credential in the log', async () => {
  const { server, lines, metric } = await start({
    env: { rateLimits: { operationsPerSecond: 1_000, failedLoginsPerMinute: 1_000, anonymousPerMinute: 600 } },
  });
  const expired = await server.token({ expiresInSeconds: -60 });
  const foreign = await new SignJWT({ kind: 'user' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('eve')
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode('another secret, of some other issuer'));
  const key = 'aibc_test_00000000000000000000000000000000000000000000';
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`;
  for (let i = 0; i < 5; i++)
    for (const token of [expired, foreign, unsigned, 'nonsense'])
      expect((await server.gql('{ viewer { kind } }', {}, token)).status).toBe(401);
  expect((await server.gql('{ viewer { kind } }', {}, key)).status).toBe(401);
  const socket = await server.socket();
  await expect(socket.signIn(foreign)).rejects.toThrow();

  expect(await metric('credits_sign_ins_refused_total{reason="expired"}')).toBe(5);
  expect(await metric('credits_sign_ins_refused_total{reason="signature"}')).toBe(6);
  expect(await metric('credits_sign_ins_refused_total{reason="audience"}')).toBe(0);
  const told = lines.filter(({ msg }) => msg === 'sign-in refused');
  expect(told.map(({ level }) => level)).toEqual(told.map(() => 'warn'));
  expect(told.filter(({ reason }) => reason === 'expired')).toHaveLength(1);
  expect(JSON.stringify(lines)).not.toContain(foreign.split('.')[2]);
});

test('a limit that refuses is counted and told, with whom it met', async () => {
  const { server, lines, metric } = await start({
    env: { rateLimits: { operationsPerSecond: 1_000, failedLoginsPerMinute: 3, anonymousPerMinute: 600 } },
  });
  const statuses = [];
  for (let i = 0; i < 6; i++) statuses.push((await server.gql('{ viewer { kind } }', {}, `nonsense${i}`)).status);
  expect(statuses).toEqual([401, 401, 401, 429, 429, 429]);
  expect(await metric('credits_rate_limited_total{limit="failed_logins"}')).toBe(3);
  expect(await metric('credits_rate_limited_total{limit="anonymous"}')).toBe(0);
  expect(lines.filter(({ msg }) => msg === 'rate limited')).toEqual([
    expect.objectContaining({ level: 'warn', limit: 'failed_logins', whom: '127.0.0.1', untold: 0 }),
  ]);
});

test('keys of an identity provider that cannot be had are counted and told', async () => {
  const provider = createServer((_request, response) => response.writeHead(500).end()).listen(0, '127.0.0.1');
  await new Promise((resolve) => provider.once('listening', resolve));
  const { port } = provider.address() as AddressInfo;
  const auth = {
    jwtSecret: null,
    jwksUrl: `http://127.0.0.1:${port}/`,
    issuer: null,
    audience: null,
    operatorSubjects: null,
  };
  const { server, lines, metric } = await start({ env: { auth } });
  const { privateKey } = await generateKeyPair('ES256');
  const token = await new SignJWT({ kind: 'user' })
    .setProtectedHeader({ alg: 'ES256', kid: 'k' })
    .setSubject('ada')
    .setExpirationTime('1h')
    .sign(privateKey);
  try {
    for (let i = 0; i < 3; i++) expect((await server.gql('{ viewer { kind } }', {}, token)).status).toBe(503);
    expect(await metric('credits_key_set_failures_total')).toBe(3);
    expect(lines.filter(({ msg }) => msg.includes('AUTH_JWKS_URL'))).toHaveLength(1);
  } finally {
    provider.close();
    provider.closeAllConnections();
  }
});

test('a doorbell that is lost and heard again is counted and told', async () => {
  const { server, lines, metric } = await start();
  expect(await metric('credits_doorbell_connected')).toBe(1);
  expect(await metric('credits_doorbell_reconnects_total')).toBe(0);
  const client = new pg.Client({ connectionString: server.databaseUrl });
  await client.connect();
  try {
    await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '%doorbell' AND datname = current_database()",
    );
  } finally {
    await client.end();
  }
  await until(async () => (await metric('credits_doorbell_reconnects_total')) === 1);
  expect(await metric('credits_doorbell_connected')).toBe(1);
  expect(lines).toContainEqual(
    expect.objectContaining({ level: 'info', msg: 'other processes are heard again', reconnects: 1 }),
  );
  expect(lines).toContainEqual(expect.objectContaining({ level: 'error', what: 'live' }));
});

test('queues, batches, pools, pushes and the database are measured', async () => {
  const { server } = await start();
  const account = await server.openAccount();
  const socket = await server.signedIn(await server.userToken(account));
  socket.subscribe('subscription B($id: ID!) { balanceChanged(accountId: $id) { version } }', { id: account });
  await socket.next();
  await server.gql('mutation S($input: SpendCreditsInput!) { spendCredits(input: $input) { __typename } }', {
    input: { accountId: account, idempotencyKey: 'one', operations: [{ operation: 'image.short' }] },
  });
  await socket.next();

  const text = await textOf(server);
  expect(valueOf(text, 'credits_ledger_queued_commands{lane="0"}')).toBe(0);
  expect(valueOf(text, 'credits_ledger_batch_commands_count')).toBeGreaterThanOrEqual(2);
  expect(valueOf(text, 'credits_ledger_batch_seconds_count')).toBe(
    valueOf(text, 'credits_ledger_batch_commands_count'),
  );
  expect(valueOf(text, 'credits_ledger_batch_seconds_sum')).toBeGreaterThan(0);
  expect(valueOf(text, 'credits_ledger_retries_total')).toBe(0);
  expect(valueOf(text, 'credits_push_lag_seconds_count')).toBeGreaterThanOrEqual(1);
  expect(valueOf(text, 'credits_database_up')).toBe(1);
  expect(valueOf(text, 'credits_database_ping_seconds')).toBeGreaterThan(0);
  for (const pool of ['entities', 'reads', 'sign_in', 'reports'])
    for (const name of ['connections', 'idle_connections', 'waiting_requests'])
      expect(valueOf(text, `credits_pool_${name}{pool="${pool}"}`)).toBeGreaterThanOrEqual(0);
});

test('metrics keep the conventions: counters end in _total, times are in seconds, nobody is named', async () => {
  const { server } = await start();
  const account = await server.openAccount();
  const text = await textOf(server);
  const types = new Map(
    [...text.matchAll(/^# TYPE (credits_\w+) (\w+)$/gm)].map(([, name = '', type = '']) => [name, type]),
  );
  expect(types.size).toBeGreaterThan(15);
  for (const [name, type] of types) {
    expect([name, type, name.endsWith('_total')]).toEqual([name, type, type === 'counter']);
    expect(name).not.toMatch(/_ms$|milli|_count$|_sum$|_bucket$/);
    expect(text).toMatch(new RegExp(`^# HELP ${name} [A-Z].*\\.$`, 'm'));
  }
  expect(text).not.toContain(account);
});

test('without the database metrics still answer, and say so', async () => {
  const { server, metric } = await start();
  const client = new pg.Client({ connectionString: server.databaseUrl.replace(/\/test_\w+/, '/postgres') });
  const name = new URL(server.databaseUrl).pathname.slice(1);
  await client.connect();
  try {
    await client.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS false`);
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    await until(async () => (await metric('credits_database_up')) === 0);
    expect(await metric('credits_doorbell_connected')).toBe(0);
  } finally {
    await client.query(`ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS true`);
    await client.end();
  }
  await until(async () => (await metric('credits_database_up')) === 1);
});
