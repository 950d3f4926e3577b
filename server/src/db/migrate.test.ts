import pg from 'pg';

import { migrate, revertLastMigration } from './migrate.js';
import { migrations } from './migrations.js';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from './test-database.js';

let database: TestDatabase;

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const tables = (): Promise<unknown[]> =>
  query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1").then((rows) =>
    rows.map((row) => row['table_name']),
  );

describe('migrations', () => {
  beforeEach(async () => {
    database = await createEmptyDatabase();
  });
  afterEach(() => database.drop());

  test('run once, in order, however many processes start at the same time', async () => {
    const ran = await Promise.all([1, 2, 3].map(() => migrate(database.url, migrations)));
    expect(ran.flat()).toEqual(migrations.map((migration) => migration.name));
    expect(await migrate(database.url, migrations)).toEqual([]);
  });

  test('can each be undone, back to an empty schema, and run again', async () => {
    await migrate(database.url, migrations);
    const all = await tables();
    for (const _ of migrations) await revertLastMigration(database.url, migrations);
    expect(await tables()).toEqual(['migration']);
    await migrate(database.url, migrations);
    expect(await tables()).toEqual(all);
  });

  test('leave no account data under a key without its account', async () => {
    await migrate(database.url, migrations);
    const offenders = await query(`
      SELECT c.relname AS "table", i.relname AS "key"
      FROM pg_index x
      JOIN pg_class c ON c.oid = x.indrelid
      JOIN pg_class i ON i.oid = x.indexrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'account_id'
      WHERE x.indisunique AND NOT a.attnum = ANY (x.indkey)
        AND c.relname <> 'external_account'`);
    expect(offenders).toEqual([]);
  });
});

test('a test database has the whole schema and is its own', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  database = one;
  await query('CREATE TABLE mark (x integer)');
  expect(await tables()).toContain('mark');
  database = other;
  expect(await tables()).not.toContain('mark');
  expect(await migrate(other.url, migrations)).toEqual([]);
  await Promise.all([one.drop(), other.drop()]);
});
