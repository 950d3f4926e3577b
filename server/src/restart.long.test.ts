import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT } from 'jose';
import pg from 'pg';
import type { TestDatabase } from './db/test-database.js';
import { createTestDatabase } from './db/test-database.js';
import type { ServerProcess } from './testing/test-server.js';
import { freePort, launchServerProcess, startServerProcess } from './testing/test-server.js';
import { startTestProxy } from './testing/test-proxy.js';
import { RawSocket } from './testing/test-socket.js';
import { until } from './testing/test-until.js';

const SECRET = 'a secret that only tests know, long enough';
/** Between two looks whether something is so, to leave the machine to what is waited for. */
const LOOK_MS = 20;
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
/** What `/readyz` said to the first server, from when it listened on. */
const seen: string[] = [];
let first: ServerProcess;
beforeAll(async () => {
  database = await createTestDatabase();
  token = await sign({ kind: 'service', accounts: '*', scope: 'credits:read credits:reserve keys:admin' });
  direct = new pg.Client({ connectionString: database.url });
  await direct.connect();
  first = await start({}, (status, body) => seen.push(`${status} ${body}`));
});
afterAll(async () => {
  for (const one of running) await one.end('SIGKILL');
  await direct.end();
  await database.drop();
});

const start = async (
  env: Record<string, string> = {},
  onReadyz?: (status: number, body: string) => void,
): Promise<ServerProcess> => {
  const server = await startServerProcess(
    { DATABASE_URL: database.url, AUTH_JWT_SECRET: SECRET, HOST: '127.0.0.1', ...env },
    onReadyz,
  );
  running.push(server);
  return server;
};

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: { readonly data?: unknown; readonly errors?: readonly { extensions: { code: string } }[] };
}

/** @param onTaken  told when the server has begun with it, before it has all of it */
const ask = ({ url }: ServerProcess, query: string, variables: unknown, onTaken?: () => void): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      ...(onTaken === undefined ? {} : { expect: '100-continue' }),
    };
    const asked = request(`${url}/graphql`, { method: 'POST', headers }, (answer) => {
      let text = '';
      answer.on('data', (data: Buffer) => (text += data.toString()));
      answer.on('end', () =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: JSON.parse(text) as Answer['body'] }),
      );
      answer.on('error', reject);
    });
    asked.on('error', reject);
    const body = JSON.stringify({ query, variables });
    if (onTaken === undefined) return void asked.end(body);
    asked.on('continue', () => {
      asked.end(body);
      onTaken();
    });
    asked.flushHeaders();
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
const spend = (server: ServerProcess, accountId: string, key: string, onTaken?: () => void): Promise<Answer> => {
  const input = { accountId, idempotencyKey: key, operations: [{ operation: 'image.short' }] };
  return ask(server, SPEND, { input }, onTaken);
};
/** Waits until a statement waits for the lock that this test holds. */
const untilLocked = (): Promise<number> =>
  until(async () => {
    const { rows } = await direct.query<{ waiting: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') AS waiting`,
    );
    return rows.some(({ waiting }) => waiting);
  });
/** Over a connection of its own, which ends with the answer; null: there is none. */
const statusOf = ({ url }: ServerProcess, path: string): Promise<number | null> =>
  new Promise((resolve) => {
    request(`${url}/${path}`, { agent: false }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? null));
    })
      .on('error', () => resolve(null))
      .end();
  });
const untilSaid = (server: ServerProcess, words: string): Promise<number> =>
  until(
    () => server.log().includes(words),
    30_000,
    () => server.log(),
  );
const notReady = async (server: ServerProcess): Promise<unknown> => {
  for (;;) {
    const answer = await fetch(`${server.url}/readyz`);
    const text = await answer.text();
    if (answer.status === 503) return JSON.parse(text);
    await sleep(LOOK_MS);
  }
};

test('a process that still starts listens: it is alive, not ready, and answers when it is', () => {
  expect(seen).toContain('503 {"status":"not ready","reason":"starting"}');
  expect(seen.at(-1)).toBe('200 {"status":"ready"}');
});

test('a mutation that is under way at SIGTERM is answered, and stands', async () => {
  const server = first;
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
  while ((await statusOf(server, 'healthz')) !== 200)
    if (server.isRunning()) await sleep(LOOK_MS);
    else throw new Error(server.log());
  return { server, databasePort };
};
const UNAVAILABLE = {
  status: 503,
  headers: { 'retry-after': '1', connection: 'close' },
  body: { errors: [{ extensions: { code: 'UNAVAILABLE' } }] },
};

/** @param onStarted  told when its server runs */
type Scenario = (onStarted: () => void) => Promise<void>;

const fails: Scenario = async (onStarted) => {
  const { server } = await launch({ DATABASE_WAIT_SECONDS: '6' });
  onStarted();
  const socket = RawSocket.open(`${server.url.replace('http', 'ws')}/graphql`);
  expect(await spend(server, 'acc_none', 'waiting')).toMatchObject(UNAVAILABLE);
  expect((await (await socket).closed).code).toBe(1012);
  expect(await server.exited).toBe(1);
  expect(server.log()).toContain('cannot be used after 6 seconds');
};

const isLate: Scenario = async (onStarted) => {
  const { server, databasePort } = await launch({});
  onStarted();
  expect(await spend(server, 'acc_none', 'waiting')).toMatchObject(UNAVAILABLE);
  // Not by fetch, which has a connection left.
  const [refused] = (await once(connect(Number(new URL(server.url).port), '127.0.0.1'), 'error')) as [Error];
  expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
  await untilSaid(server, 'the port is closed until it is over');
  const proxy = await startTestProxy({ port: Number(new URL(database.url).port) }, 0, databasePort);
  while ((await statusOf(server, 'readyz')) !== 200)
    if (server.isRunning()) await sleep(LOOK_MS);
    else throw new Error(server.log());
  await openAccount(server);
  expect(await server.end('SIGTERM')).toBe(0);
  await proxy.close();
};

const hangs: Scenario = async (onStarted) => {
  const { port } = new URL(database.url);
  const proxy = await startTestProxy({ port: Number(port) });
  const through = new URL(database.url);
  through.hostname = '127.0.0.1';
  through.port = String(proxy.port);
  const server = await start({ DATABASE_URL: through.href });
  onStarted();
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
};

test('SIGTERM to a start whose database is away: what waits is told to come back, requests and sockets', async () => {
  const { server } = await launch({});
  const socket = RawSocket.open(`${server.url.replace('http', 'ws')}/graphql`);
  // On a connection of its own, which is accepted after that one.
  expect(await statusOf(server, 'healthz')).toBe(200);
  let onTaken: () => void = () => {};
  const taken = new Promise<void>((resolve) => (onTaken = resolve));
  const answer = spend(server, 'acc_none', 'waiting', onTaken);
  await taken;
  // By then everything is loaded, which keeps a process from answering anybody.
  await untilSaid(server, 'waiting, 60 seconds at most');
  const ended = server.end('SIGTERM');
  expect(await answer).toMatchObject(UNAVAILABLE);
  expect((await (await socket).closed).code).toBe(1012);
  expect(await ended).toBe(0);
});

/** They wait for limits of seconds, which are those of production: started one after the other, they wait together. */
describe('limits of seconds', () => {
  const runs = new Map<Scenario, Promise<void>>();
  beforeAll(async () => {
    for (const run of [hangs, isLate, fails]) {
      const isStarted = new Promise<void>((resolve) => {
        runs.set(run, run(resolve).finally(resolve));
      });
      await isStarted;
    }
    await Promise.allSettled(runs.values());
  }, 300_000);

  test('a database that hangs holds neither SIGTERM nor the caller: told to try again, and gone within 10 s', async () => {
    await runs.get(hangs);
  });

  test('a start that fails, its database away, tells what waits to come back', async () => {
    await runs.get(fails);
  });

  test('a start whose database is away for more than 10 s: told so, the port is closed until the database is there, and opened again', async () => {
    await runs.get(isLate);
  });
});
