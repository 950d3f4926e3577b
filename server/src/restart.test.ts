import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { SignJWT } from 'jose';
import pg from 'pg';
import type { TestDatabase } from './db/test-database.js';
import { createTestDatabase } from './db/test-database.js';
import type { ServerProcess } from './testing/test-server.js';
import { freePort, launchServerProcess, startServerProcess } from './testing/test-server.js';
import { startTestProxy } from './testing/test-proxy.js';
import { RawSocket } from './testing/test-socket.js';

const SECRET = 'a secret that only tests know, long enough';
const SPEND = 'mutation S($input: SpendCreditsInput!) { spendCredits(input: $input) { __typename } }';

const sign = (claims: Record<string, unknown>): Promise<string> =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('tests')
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET));

let database: TestDatabase;
let token: string;
let direct: pg.Client;
const running: ServerProcess[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  token = await sign({ kind: 'service', accounts: '*', scope: 'credits:read credits:reserve keys:admin' });
  direct = new pg.Client({ connectionString: database.url });
  await direct.connect();
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.end('SIGKILL');
});
afterAll(async () => {
  await direct.end();
  await database.drop();
});

const start = async (env: Record<string, string> = {}): Promise<ServerProcess> => {
  const server = await startServerProcess({
    DATABASE_URL: database.url,
    AUTH_JWT_SECRET: SECRET,
    HOST: '127.0.0.1',
    ...env,
  });
  running.push(server);
  return server;
};

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: { readonly data?: unknown; readonly errors?: readonly { extensions: { code: string } }[] };
}

const ask = ({ url }: ServerProcess, query: string, variables: unknown): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const asked = request(`${url}/graphql`, { method: 'POST', headers }, (answer) => {
      let text = '';
      answer.on('data', (data: Buffer) => (text += data.toString()));
      answer.on('end', () =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: JSON.parse(text) as Answer['body'] }),
      );
      answer.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(JSON.stringify({ query, variables }));
  });
const openAccount = async (server: ServerProcess): Promise<string> => {
  const input = { name: 'Test', plan: 'PRO', sandbox: true };
  const { body } = await ask(
    server,
    'mutation A($input: CreateAccountInput!) { createAccount(input: $input) { id } }',
    {
      input,
    },
  );
  return (body.data as { createAccount: { id: string } }).createAccount.id;
};
const spend = (server: ServerProcess, accountId: string, key: string): Promise<Answer> =>
  ask(server, SPEND, { input: { accountId, idempotencyKey: key, operations: [{ operation: 'image.short' }] } });
/** Waits until a statement waits for the lock that this test holds. */
const untilLocked = async (): Promise<void> => {
  for (;;) {
    const { rows } = await direct.query<{ waiting: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') AS waiting`,
    );
    if (rows.some(({ waiting }) => waiting)) return;
  }
};
const notReady = async (server: ServerProcess): Promise<unknown> => {
  for (;;) {
    const answer = await fetch(`${server.url}/readyz`);
    if (answer.status === 503) return answer.json();
  }
};

test('a mutation that is under way at SIGTERM is answered, and stands', async () => {
  const server = await start();
  const accountId = await openAccount(server);
  await direct.query('BEGIN; LOCK TABLE ledger_account IN ACCESS EXCLUSIVE MODE');
  const answer = spend(server, accountId, 'under-way');
  await untilLocked();
  const ended = server.end('SIGTERM');
  await notReady(server);
  await direct.query('COMMIT');
  expect(await answer).toMatchObject({
    status: 200,
    body: { data: { spendCredits: { __typename: 'ReservationReceipt' } } },
  });
  expect(await ended).toBe(0);
  const { rows } = await direct.query(`SELECT count(*)::int AS count FROM journal WHERE idempotency_key = 'under-way'`);
  expect(rows).toEqual([{ count: 1 }]);
}, 60_000);

test('/readyz says no for DRAIN_DELAY_MS before anything closes; everything is served meanwhile, and each answer closes its connection', async () => {
  const server = await start({ DRAIN_DELAY_MS: '3000' });
  const accountId = await openAccount(server);
  const socket = await RawSocket.open(`${server.url.replace('http', 'ws')}/graphql`);
  await socket.signIn(token);
  const sentAt = performance.now();
  const ended = server.end('SIGTERM');
  expect(await notReady(server)).toEqual({ status: 'not ready', reason: 'draining' });
  const answer = await spend(server, accountId, 'late');
  expect(answer).toMatchObject({ status: 200, headers: { connection: 'close' } });
  expect(await socket.gql('{ viewer { kind } }')).toEqual({ data: { viewer: { kind: 'SERVICE' } } });
  const newcomer = await RawSocket.open(`${server.url.replace('http', 'ws')}/graphql`);
  await newcomer.signIn(token);
  expect((await socket.closed).code).toBe(1012);
  expect(performance.now() - sentAt).toBeGreaterThanOrEqual(3_000);
  expect(await ended).toBe(0);
}, 60_000);

test('a database that hangs holds neither SIGTERM nor the caller: told to try again, and gone within 10 s', async () => {
  const { port } = new URL(database.url);
  const proxy = await startTestProxy({ port: Number(port) });
  const through = new URL(database.url);
  through.hostname = '127.0.0.1';
  through.port = String(proxy.port);
  const server = await start({ DATABASE_URL: through.href });
  const accountId = await openAccount(server);
  const socket = await RawSocket.open(`${server.url.replace('http', 'ws')}/graphql`);
  await socket.signIn(token);
  proxy.silence();
  const answer = spend(server, accountId, 'hanging');
  const sentAt = performance.now();
  expect(await server.end('SIGTERM')).toBe(0);
  const seconds = (performance.now() - sentAt) / 1000;
  expect(await answer).toMatchObject({ status: 503, body: { errors: [{ extensions: { code: 'UNAVAILABLE' } }] } });
  expect((await socket.closed).code).toBe(1012);
  process.stderr.write(`with a database that hangs, SIGTERM took ${seconds.toFixed(1)} s\n`);
  // The process itself ends after 10 s; the rest is how long a busy machine takes to tell.
  expect(seconds).toBeLessThan(15);
  await proxy.close();
}, 90_000);

test('a process that still starts listens: it is alive, not ready, and answers when it is', async () => {
  const seen: string[] = [];
  const server = await startServerProcess(
    { DATABASE_URL: database.url, AUTH_JWT_SECRET: SECRET, HOST: '127.0.0.1' },
    (status, body) => seen.push(`${status} ${body}`),
  );
  running.push(server);
  expect(seen).toContain('503 {"status":"not ready","reason":"starting"}');
  expect(seen.at(-1)).toBe('200 {"status":"ready"}');
}, 90_000);

describe('a start whose database is away', () => {
  /** Launched, and listening; `databasePort` is closed. */
  const launch = async (env: Record<string, string>) => {
    const databasePort = await freePort();
    const away = new URL(database.url);
    const server = await launchServerProcess({
      DATABASE_URL: `postgres://${away.username}:${away.password}@127.0.0.1:${databasePort}${away.pathname}`,
      AUTH_JWT_SECRET: SECRET,
      HOST: '127.0.0.1',
      ...env,
    });
    running.push(server);
    while ((await fetch(`${server.url}/healthz`).catch(() => null))?.status !== 200)
      if (!server.isRunning()) throw new Error(server.log());
    return { server, databasePort };
  };
  const UNAVAILABLE = {
    status: 503,
    headers: { 'retry-after': '1', connection: 'close' },
    body: { errors: [{ extensions: { code: 'UNAVAILABLE' } }] },
  };

  test('SIGTERM meanwhile: what waits is told to come back, requests and sockets', async () => {
    const { server } = await launch({});
    const answer = spend(server, 'acc_none', 'waiting');
    const socket = RawSocket.open(`${server.url.replace('http', 'ws')}/graphql`);
    // On a connection of its own, which is accepted after those two.
    await once(request(`${server.url}/healthz`, { agent: false }).end(), 'response');
    const ended = server.end('SIGTERM');
    expect(await answer).toMatchObject(UNAVAILABLE);
    expect((await (await socket).closed).code).toBe(1012);
    expect(await ended).toBe(0);
  }, 60_000);

  test('a start that fails tells what waits to come back', async () => {
    const { server } = await launch({ DATABASE_WAIT_SECONDS: '4' });
    const socket = RawSocket.open(`${server.url.replace('http', 'ws')}/graphql`);
    expect(await spend(server, 'acc_none', 'waiting')).toMatchObject(UNAVAILABLE);
    expect((await (await socket).closed).code).toBe(1012);
    expect(await server.exited).toBe(1);
    expect(server.log()).toContain('cannot be used after 4 seconds');
  }, 60_000);

  test('after 10 s it is told so, the port is closed until the database is there, and opened again', async () => {
    const { server, databasePort } = await launch({});
    expect(await spend(server, 'acc_none', 'waiting')).toMatchObject(UNAVAILABLE);
    // Not by fetch, which has a connection left.
    const [refused] = (await once(connect(Number(new URL(server.url).port), '127.0.0.1'), 'error')) as [Error];
    expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
    expect(server.log()).toContain('the port is closed until it is over');
    const proxy = await startTestProxy({ port: Number(new URL(database.url).port) }, 0, databasePort);
    while ((await fetch(`${server.url}/readyz`).catch(() => null))?.status !== 200)
      if (!server.isRunning()) throw new Error(server.log());
    await openAccount(server);
    expect(await server.end('SIGTERM')).toBe(0);
    await proxy.close();
  }, 90_000);
});
