import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { parse } from 'yaml';

import { createTestDatabase } from './db/test-database.js';
import { readEnv } from './env.js';
import { freePort, startServerProcess } from './testing/test-server.js';

interface Service {
  image?: string;
  build?: string;
  environment: Record<string, string>;
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  volumes?: string[];
  read_only?: boolean;
}

const project = new URL('../../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, project), 'utf8');

const compose = parse(read('docker-compose.yml')) as { services: Record<'database' | 'server', Service> };
const { server } = compose.services;
const dockerfile = read('Dockerfile');

/** Fills `${NAME:?why}` and `${NAME:-default}` as Compose does. */
function filled(values: Record<string, string>): Record<string, string> {
  const fill = (_: string, name: string, operator: string, word: string): string => {
    const value = values[name] ?? '';
    if (value === '' && operator === ':?') throw new Error(`${name}: ${word}`);
    return value || word;
  };
  return Object.fromEntries(
    Object.entries(server.environment).map(([name, value]) => [
      name,
      value.replaceAll(/\$\{(\w+)(:[?-])([^}]*)\}/g, fill),
    ]),
  );
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

test('no secret has a default: without one Compose says which is missing', () => {
  expect(() => filled({ ...SECRETS, AUTH_JWT_SECRET: '' })).toThrow(/^AUTH_JWT_SECRET: /);
  expect(() => filled({ ...SECRETS, POSTGRES_PASSWORD: '' })).toThrow(/^POSTGRES_PASSWORD: /);
});

test('the image runs the same start command as without Docker, not as root, and asks /readyz for its health', () => {
  const lines = dockerfile.split('\n');
  expect(lines.filter((line) => line.startsWith('FROM ')).length).toBeGreaterThan(2);
  expect(lines.findLast((line) => line.startsWith('USER '))).toBe('USER node');
  expect(lines.findLast((line) => line.startsWith('CMD '))).toBe(
    'CMD ["node", "--max-semi-space-size=64", "server/dist/main.js"]',
  );
  expect(dockerfile).toMatch(/HEALTHCHECK[^\n]*\\\n {2}CMD \["node", "-e", ".*\/readyz/);
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
