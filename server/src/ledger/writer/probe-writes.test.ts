import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../db/test-database.js';
import * as load from './load-statements.js';
import { probeWrites } from './probe-writes.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('every read of the ledger is tried, but for the lock that holds up all accounts', async () => {
  const client = new pg.Client({ connectionString: database.url, pipeline: true } as pg.ClientConfig);
  await client.connect();
  const sent: string[] = [];
  const query = client.query.bind(client) as (statement: string | pg.QueryConfig) => unknown;
  client.query = ((statement: string | pg.QueryConfig) => {
    sent.push(typeof statement === 'string' ? statement : statement.text);
    return query(statement);
  }) as pg.Client['query'];
  await probeWrites(client);
  const missing = Object.values(load).flatMap((read) =>
    typeof read === 'object' && read !== load.FEED_LOCK && !sent.includes(read.text) ? [read.name] : [],
  );
  expect(missing).toEqual([]);
  await client.end();
});
