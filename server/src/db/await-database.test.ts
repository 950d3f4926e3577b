import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import pg from 'pg';
import { awaitDatabase } from './await-database.js';
import { createEmptyDatabase, type TestDatabase } from './test-database.js';
import { freePort } from '../testing/test-server.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createEmptyDatabase();
});
afterEach(() => database.drop());

/** The database's address by another port. */
function atPort(port: number): string {
  const url = new URL(database.url);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return url.href;
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.url.replace(/[^/]*$/, 'postgres') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

test('a start before the database is up says so and goes on when it is', async () => {
  const port = await freePort();
  const said: string[] = [];
  const waiting = awaitDatabase({
    databaseUrl: atPort(port),
    waitMs: 30_000,
    say: (message) => {
      said.push(message);
      void open();
    },
  });
  const { hostname, port: real } = new URL(database.url);
  const link = createServer((near) => {
    const far = connect(Number(real), hostname);
    near.pipe(far).pipe(near);
    for (const end of [near, far]) end.on('error', () => {});
  });
  const open = () => once(link.listen(port, '127.0.0.1'), 'listening');
  await waiting;
  expect(said).toEqual([
    `The database at 127.0.0.1:${port} cannot be used yet (connect ECONNREFUSED 127.0.0.1:${port}): waiting, 30 seconds at most.`,
  ]);
  link.close();
});

test('one that stays away is said in one sentence', async () => {
  const port = await freePort();
  await expect(awaitDatabase({ databaseUrl: atPort(port), waitMs: 900 })).rejects.toThrow(
    `The database at 127.0.0.1:${port} cannot be used after 1 seconds (DATABASE_WAIT_SECONDS): connect ECONNREFUSED 127.0.0.1:${port}`,
  );
});

test('one that only reads, and one that lets nobody in, is waited for', async () => {
  const name = new URL(database.url).pathname.slice(1);
  for (const [close, open, why] of [
    [
      `ALTER DATABASE ${name} SET default_transaction_read_only = on`,
      `ALTER DATABASE ${name} RESET default_transaction_read_only`,
      'set read-only',
    ],
    [`ALTER DATABASE ${name} CONNECTION LIMIT 0`, `ALTER DATABASE ${name} CONNECTION LIMIT -1`, 'too many connections'],
    [
      `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`,
      `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`,
      'not currently accepting connections',
    ],
  ] as const) {
    // A superuser is above a limit of connections.
    const url = new URL(database.url);
    if (why === 'too many connections') {
      await onServer(`DROP ROLE IF EXISTS awaited; CREATE ROLE awaited LOGIN PASSWORD 'awaited'`);
      [url.username, url.password] = ['awaited', 'awaited'];
    }
    await onServer(close);
    const said: string[] = [];
    await awaitDatabase({
      databaseUrl: url.href,
      waitMs: 30_000,
      say: (message) => {
        said.push(message);
        void onServer(open);
      },
    });
    expect(said).toEqual([expect.stringContaining(why)]);
  }
  await onServer('DROP ROLE awaited');
});

test.each([
  ['a wrong password', (url: URL) => (url.password = 'wrong'), 'password authentication failed'],
  ['a database that does not exist', (url: URL) => (url.pathname = '/nowhere'), 'database "nowhere" does not exist'],
])('%s is not waited for', async (_what, spoil, message) => {
  const url = new URL(database.url);
  spoil(url);
  const said: string[] = [];
  const start = awaitDatabase({ databaseUrl: url.href, waitMs: 60_000, say: (text) => said.push(text) });
  await expect(start).rejects.toThrow(message);
  expect(said).toEqual([]);
});
