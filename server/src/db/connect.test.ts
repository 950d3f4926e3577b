import pg from 'pg';
import { createTestLedger } from '../testing/test-ledger.js';
import { WRITER_SETTINGS } from '../ledger/writer/lane-connection.js';
import { connectionConfig, openConnection, openPool } from './connect.js';
import { createDataSource } from './data-source.js';
import { BASE_SETTINGS, READER_SETTINGS, type SessionSettings } from './session-settings.js';
import { createEmptyDatabase, type TestDatabase } from './test-database.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createEmptyDatabase();
});
afterEach(() => database.drop());

async function onDatabase(sql: string, url = database.url): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

const serverOf = (url: string): string => url.replace(/[^/]*$/, 'postgres');
const nameOf = (url: string): string => new URL(url).pathname.slice(1);
/** The database itself asks for everything that our statements cannot live with. */
const spoil = (name: string): string =>
  `ALTER DATABASE ${name} SET statement_timeout = '1h'; ALTER DATABASE ${name} SET TimeZone = 'Asia/Tokyo';
   ALTER DATABASE ${name} SET DateStyle = 'SQL, DMY'; ALTER DATABASE ${name} SET enable_seqscan = on;
   ALTER DATABASE ${name} SET default_transaction_isolation = 'serializable'; ALTER DATABASE ${name} SET plan_cache_mode = 'force_custom_plan'`;
/** So does the connection string, which also asks for something that is nobody's business but its own. */
const OPTIONS = '-c search_path=theirs,public -c statement_timeout=60000 -c TIMEZONE=Asia/Tokyo -c jit=on';
const withOptions = (url: string): string =>
  `${url}?options=${encodeURIComponent(OPTIONS)}&client_encoding=LATIN1&statement_timeout=2&query_timeout=1&application_name=theirs`;

interface Asker {
  query(text: string, values?: unknown[]): Promise<unknown>;
}

async function settingsOf(asker: Asker, names: readonly string[]): Promise<SessionSettings> {
  const answer = await asker.query(
    `SELECT name, setting FROM pg_settings WHERE name = ANY ($1) OR name IN ('search_path', 'application_name')`,
    [names],
  );
  const rows = (Array.isArray(answer) ? answer : (answer as pg.QueryResult).rows) as {
    name: string;
    setting: string;
  }[];
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
}

const THEIRS = { search_path: 'theirs,public', application_name: 'theirs' };

test('a database, its role and ?options= may ask for other settings: each pool runs with its own, and with theirs beside', async () => {
  await onDatabase(spoil(nameOf(database.url)));
  const databaseUrl = withOptions(database.url);
  const names = Object.keys(READER_SETTINGS);
  const pool = openPool({ databaseUrl, applicationName: 'ours', settings: READER_SETTINGS, max: 1 });
  const entities = await createDataSource({ url: databaseUrl, poolSize: 1 }).initialize();
  const { client } = await openConnection({ databaseUrl, applicationName: 'ours', settings: READER_SETTINGS });
  try {
    for (const asker of [pool, entities, client] as Asker[])
      expect(await settingsOf(asker, names)).toEqual({ ...READER_SETTINGS, ...THEIRS });
  } finally {
    await Promise.all([pool.end(), entities.destroy(), client.end()]);
  }
});

test('the same holds of the writers of the ledger, after a lost connection too', async () => {
  const books = await createTestLedger();
  try {
    await onDatabase(spoil(nameOf(books.url)), books.url);
    const clients: pg.Client[] = [];
    const ledger = books.another({
      lanes: 1,
      connection: connectionConfig(withOptions(books.url), 'ours'),
      connect: (config) => {
        const client = new pg.Client(config);
        clients.push(client);
        return client;
      },
    });
    const account = await books.open('PRO');
    const touch = () =>
      ledger.submit({ type: 'advance', accountId: account, actor: { name: 'x', member: 'x', closesAny: true } });
    await touch();
    await clients[0]?.end();
    await touch();
    expect(clients).toHaveLength(2);
    for (const client of clients.slice(1)) {
      expect(await settingsOf(client, Object.keys(WRITER_SETTINGS))).toEqual({ ...WRITER_SETTINGS, ...THEIRS });
    }
    await ledger.close();
  } finally {
    await books.close();
  }
});

test.each(['LATIN1', 'SQL_ASCII'])(
  'a database in %s is refused in one sentence that says what to do',
  async (encoding) => {
    const name = nameOf(database.url);
    const server = serverOf(database.url);
    await onDatabase(`DROP DATABASE ${name}`, server);
    await onDatabase(
      `CREATE DATABASE ${name} TEMPLATE template0 ENCODING '${encoding}' LOCALE_PROVIDER libc LOCALE 'C'`,
      server,
    );
    await expect(
      openConnection({ databaseUrl: database.url, applicationName: 'x', settings: BASE_SETTINGS }),
    ).rejects.toThrow(
      `The database stores ${encoding}, not UTF-8: create one with ENCODING 'UTF8' and name it in DATABASE_URL.`,
    );
  },
);

test('a setting that the database refuses is named', async () => {
  const settings = { ...BASE_SETTINGS, no_such_setting: 'on' };
  await expect(openConnection({ databaseUrl: database.url, applicationName: 'x', settings })).rejects.toThrow(
    /refuses a setting that the server relies on \(unrecognized configuration parameter "no_such_setting"\)/,
  );
});

test('a database that is set read-only is no connection for any pool, and one that may only read is let in', async () => {
  await onDatabase(`ALTER DATABASE ${nameOf(database.url)} SET default_transaction_read_only = on`);
  const options = { databaseUrl: database.url, applicationName: 'x', settings: READER_SETTINGS, max: 1 };
  const pool = openPool(options);
  try {
    for (const refused of [
      openConnection(options),
      pool.query('SELECT 1'),
      createDataSource({ url: database.url }).initialize(),
    ])
      await expect(refused).rejects.toMatchObject({ code: '25006' });
    await onDatabase(
      `ALTER DATABASE ${nameOf(database.url)} RESET default_transaction_read_only`,
      serverOf(database.url),
    );
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  } finally {
    await pool.end();
  }
  await onDatabase(`ALTER DATABASE ${nameOf(database.url)} SET default_transaction_read_only = on`);
  const { client } = await openConnection({ ...options, mayBeReadOnly: true });
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await client.end();
});
