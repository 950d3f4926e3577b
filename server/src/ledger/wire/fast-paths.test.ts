import pg from 'pg';
import { processIdOf } from '../../db/beneath-pg.js';
import { ISO_IN_UTC, ledgerTypes } from '../../db/ledger-types.js';
import { createEmptyDatabase, type TestDatabase } from '../../db/test-database.js';
import { withDeafMembers, withGarbledMessages, withoutMembers } from '../../testing/test-drivers.js';
import { type FastPaths, takeFastPaths } from './fast-paths.js';
import { Parameters } from './parameters.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createEmptyDatabase();
});
afterAll(() => database.drop());

type Make = (config: pg.ClientConfig) => pg.Client;

async function connected<T>(make: Make, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = make({ connectionString: database.url, types: ledgerTypes, options: ISO_IN_UTC, pipeline: true });
  client.on('error', () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Two statements at once, so that the second waits for nothing. */
async function echo(client: pg.Client): Promise<readonly unknown[]> {
  const answers = await Promise.all(
    [['é', null], ['second']].map((texts) => {
      const values = new Parameters().column('text', texts, (text) => text).count(texts.length);
      return client.query<object>({
        name: 'echo',
        text: 'SELECT $1::text[] AS texts, $2::bigint AS count',
        values: values.values(),
      });
    }),
  );
  return answers.map(({ rows }) => rows[0]);
}

const SAID = [
  { texts: ['é', null], count: 2 },
  { texts: ['second'], count: 1 },
];

test.each<[string, Make, FastPaths]>([
  ['as pinned: all are taken', (config) => new pg.Client(config), { bound: true, held: true }],
  ['with no connection to be had', (config) => withoutMembers(config), { bound: false, held: false }],
  ['that binds elsewhere', (config) => withoutMembers(config, 'bind'), { bound: false, held: true }],
  ['that cannot hold back', (config) => withoutMembers(config, 'hold'), { bound: true, held: false }],
  ['that does not listen', withDeafMembers, { bound: false, held: false }],
])('a driver %s', async (_name, make, expected) => {
  await connected(make, async (client) => {
    expect(await takeFastPaths(client)).toEqual(expected);
    expect(await echo(client)).toEqual(SAID);
  });
});

test('a trial that breaks its connection: the next goes the public way, the one after it is tried again', async () => {
  await connected(withGarbledMessages, async (client) => {
    await expect(takeFastPaths(client)).rejects.toThrow();
  });
  for (const expected of [
    { bound: false, held: false },
    { bound: true, held: true },
  ]) {
    await connected(
      (config) => new pg.Client(config),
      async (client) => {
        expect(await takeFastPaths(client)).toEqual(expected);
        expect(await echo(client)).toEqual(SAID);
      },
    );
  }
});

test('a driver that does not tell the process it was told of is taken to be behind a pooler', async () => {
  await connected(
    (config) => new pg.Client(config),
    async (client) => {
      expect(processIdOf(client)).toBeGreaterThan(0);
      expect(processIdOf(new Proxy(client, { get: () => undefined }))).toBeNull();
    },
  );
});
