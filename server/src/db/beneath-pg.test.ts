import pg from 'pg';
import { processIdOf } from './beneath-pg.js';
import { createEmptyDatabase, type TestDatabase } from './test-database.js';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createEmptyDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

test('the process that a connection was told of is the one that answers it', async () => {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  expect(processIdOf(client)).toBe(rows[0]?.pid);
});

test('a driver that does not tell the process it was told of is taken to be behind a pooler', () => {
  expect(processIdOf(new Proxy(client, { get: () => undefined }))).toBeNull();
});
