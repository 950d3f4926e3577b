import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { parse } from 'yaml';

import { createEmptyDatabase, createTestDatabase } from './db/test-database.js';
import { readEnv, VARIABLE_NAMES } from './env.js';
import { freePort, startServerProcess } from './testing/test-server.js';

interface Service {
  image?: string;
  build?: string;
  environment: Record<string, string>;
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  volumes?: string[];
  read_only?: boolean;
  ports?: string[];
  stop_grace_period?: string;
}

const project = new URL('../../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, project), 'utf8');

const compose = parse(read('docker-compose.yml')) as { services: Record<'database' | 'server', Service> };
const { server } = compose.services;
const dockerfile = read('Dockerfile');

/** Fills `${NAME:?why}` and `${NAME:-default}` in a text of the file as Compose does. */
function fill(text: string, values: Record<string, string>): string {
  return text.replaceAll(/\$\{(\w+)(:[?-])([^}]*)\}/g, (_, name: string, operator: string, word: string) => {
    const value = values[name] ?? '';
    if (value === '' && operator === ':?') throw new Error(`${name}: ${word}`);
    return value || word;
  });
}

/** The environment of the server's container. */
function filled(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(server.environment).map(([name, value]) => [name, fill(value, values)]));
}

const SECRETS = {
  POSTGRES_PASSWORD: 'letters4and7digits',
  AUTH_JWT_SECRET: 'a secret of more than thirty-two characters',
};

test('the database is PostgreSQL 18, kept in a volume, and healthy before the server starts', () => {
  const { database } = compose.services;
  expect(database.image).toBe('postgres:18');
  expect(database.volumes).toEqual(['database:/var/lib/postgresql']);
  expect(database.healthcheck?.test).toContain('pg_isready');
  expect(server.depends_on).toEqual({ database: { condition: 'service_healthy' } });
});

test('the environment that Compose gives is one the server accepts, in production with real authentication', () => {
  expect(readEnv(filled(SECRETS))).toMatchObject({
    nodeEnv: 'production',
    demo: false,
    port: 4000,
    host: '0.0.0.0',
    databaseUrl: 'postgres://credits:letters4and7digits@database:5432/credits',
    allowedOrigins: [],
    trustedProxies: [],
  });
});

test('no secret has a default: without one Compose or the server says which is missing', () => {
  expect(() => filled({ ...SECRETS, POSTGRES_PASSWORD: '' })).toThrow(/^POSTGRES_PASSWORD: /);
  expect(() => readEnv(filled({ ...SECRETS, AUTH_JWT_SECRET: '' }))).toThrow('AUTH_JWT_SECRET or AUTH_JWKS_URL');
});

test('the keys of an identity provider are enough: no shared secret is asked for', () => {
  const keys = { ...SECRETS, AUTH_JWT_SECRET: '', AUTH_JWKS_URL: 'https://id.example.com/jwks.json' };
  expect(readEnv(filled(keys)).auth).toMatchObject({ jwtSecret: null, jwksUrl: 'https://id.example.com/jwks.json' });
});

test('every variable is passed on, as it was given', () => {
  // What a demo is asked for, production refuses.
  const passed = VARIABLE_NAMES.filter((name) => !['DEMO', 'DEMO_PUBLIC'].includes(name)).sort();
  expect(Object.keys(server.environment).sort()).toEqual(passed);
  const fixed = ['NODE_ENV', 'PORT', 'HOST', 'DATABASE_URL'];
  for (const name of passed.filter((each) => !fixed.includes(each)))
    expect([name, fill(server.environment[name] ?? '', { [name]: 'given' })]).toEqual([name, 'given']);
});

test('the port is open to this machine alone, unless it is asked to be open to others', () => {
  const portsOf = (values: Record<string, string>) => server.ports?.map((port) => fill(port, values));
  expect(portsOf({})).toEqual(['127.0.0.1:4000:4000']);
  expect(portsOf({ PUBLISHED_ADDRESS: '0.0.0.0', PUBLISHED_PORT: '80' })).toEqual(['0.0.0.0:80:4000']);
});

test('the image runs the same start command as without Docker, on Node 24, not as root, and asks /healthz whether it lives', () => {
  const lines = dockerfile.split('\n');
  const images = lines.flatMap((line) => /^FROM (node\S+)/.exec(line)?.slice(1) ?? []);
  expect(new Set(images)).toEqual(new Set(['node:24-bookworm-slim']));
  expect(lines.filter((line) => line.startsWith('FROM ')).length).toBeGreaterThan(2);
  expect(lines.findLast((line) => line.startsWith('USER '))).toBe('USER node');
  expect(lines.findLast((line) => line.startsWith('CMD '))).toBe(
    'CMD ["node", "--max-semi-space-size=64", "server/dist/main.js"]',
  );
  expect(dockerfile).toMatch(/HEALTHCHECK[^\n]*\\\n {2}CMD \["node", "-e", ".*\/healthz/);
  expect(server.read_only).toBe(true);
});

test('everything that the image copies exists and is not ignored', () => {
  const ignored = read('.dockerignore').split('\n').filter(Boolean);
  const sources = dockerfile
    .split('\n')
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1));
  expect(sources.length).toBeGreaterThan(5);
  for (const source of sources) {
    expect(existsSync(new URL(source, project))).toBe(true);
    expect(ignored).not.toContain(source);
  }
});

test('the same start command serves, with the environment of Compose, and ends cleanly on SIGTERM', async () => {
  const database = await createTestDatabase();
  const running = await startServerProcess({
    ...filled(SECRETS),
    DATABASE_URL: database.url,
    HOST: '127.0.0.1',
    PORT: String(await freePort()),
  });
  try {
    const health = /HEALTHCHECK[^\n]*\\\n {2}CMD (\[.*\])/.exec(dockerfile)?.[1] ?? '[]';
    const [, ...args] = JSON.parse(health) as string[];
    const checked = spawnSync(process.execPath, args, { env: { PORT: new URL(running.url).port } });
    expect(checked.status).toBe(0);
    const demo = await fetch(`${running.url}/demo/session`, { method: 'POST', body: '{"as":"pro"}' });
    expect(demo.status).toBe(404);
    expect(await running.end('SIGTERM')).toBe(0);
    const gone = spawnSync(process.execPath, args, { env: { PORT: new URL(running.url).port } });
    expect(gone.status).toBe(1);
  } finally {
    await running.end('SIGKILL');
    await database.drop();
  }
});

test('migrate and verify run inside, as a role that has the database alone', async () => {
  const database = await createEmptyDatabase();
  const path = /^ENV .*PATH=(\S+):\$PATH$/m.exec(dockerfile)?.[1] ?? '';
  expect(dockerfile).toMatch(/^COPY server\/bin server\/bin$/m);
  const inside = (command: string, ...args: string[]) => {
    const bin = fileURLToPath(new URL(path.replace('/app/', ''), project));
    const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, NODE_ENV: 'production', DATABASE_URL: database.url };
    const ran = spawnSync(command, args, { cwd: '/', encoding: 'utf8', env });
    return { status: ran.status, said: ran.stdout + ran.stderr };
  };
  try {
    expect(inside('migrate')).toEqual({ status: 0, said: expect.stringMatching(/^Migrated: /) });
    expect(inside('migrate')).toEqual({ status: 0, said: expect.stringContaining('up to date') });
    expect(inside('verify')).toEqual({ status: 1, said: expect.stringContaining('0 accounts') });
    expect(inside('new-history')).toMatchObject({ status: 0 });
  } finally {
    await database.drop();
  }
});

test('the session in README.md prints what is written there', async () => {
  const database = await createTestDatabase();
  const running = await startServerProcess({ DATABASE_URL: database.url });
  try {
    const session = spawnSync(
      process.execPath,
      [fileURLToPath(new URL('scripts/readme-session.mjs', project)), running.url],
      { encoding: 'utf8' },
    );
    expect(session.stdout + session.stderr).toMatch(/^\d+ commands, 0 print something else/);
    expect(session.status).toBe(0);
  } finally {
    await running.end('SIGTERM');
    await database.drop();
  }
});
