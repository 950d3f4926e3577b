import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';

import { migrate } from './migrate.js';
import { migrations } from './migrations.js';
import { revertLastMigration } from './revert-migration.js';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from './test-database.js';

/** What is about the turn to migrate, or about undoing, is so with a few as with all. */
const first = migrations.slice(0, 3);

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
    for (const migration of migrations.toReversed())
      expect(await revertLastMigration(database.url, migrations, { force: true })).toBe(migration.name);
    expect(await revertLastMigration(database.url, migrations)).toBeNull();
    expect(await tables()).toEqual(['migration']);
    await migrate(database.url, migrations);
    expect(await tables()).toEqual(all);
  });

  test('are not undone when a table with rows would go, unless forced, and say which', async () => {
    await migrate(database.url, first);
    await query(`INSERT INTO external_account VALUES ('ours', false, gen_random_uuid(), '{}')`);
    await expect(revertLastMigration(database.url, migrations)).rejects.toThrow(
      'Ledger1700000002000 was not undone: it would drop the table external_account with its rows. To lose them, add --force.',
    );
    expect(await tables()).toContain('ledger_account');
    expect(await query('SELECT external_id FROM external_account')).toEqual([{ external_id: 'ours' }]);
    expect(await revertLastMigration(database.url, migrations, { force: true })).toBe('Ledger1700000002000');
    expect(await tables()).not.toContain('ledger_account');
  });

  test('are not undone when a column of a table with rows would go', async () => {
    class Marked1800000000000 implements MigrationInterface {
      up = (runner: QueryRunner): Promise<void> => runner.query('ALTER TABLE external_account ADD COLUMN mark text');
      down = (runner: QueryRunner): Promise<void> => runner.query('ALTER TABLE external_account DROP COLUMN mark');
    }
    const more = [...first, Marked1800000000000];
    await migrate(database.url, more);
    await query(`INSERT INTO external_account VALUES ('ours', false, gen_random_uuid(), '{}', 'marked')`);
    await expect(revertLastMigration(database.url, more)).rejects.toThrow('the column external_account.mark');
    expect(await query('SELECT mark FROM external_account')).toEqual([{ mark: 'marked' }]);
    // An older program, which does not know it, undoes nothing in its place.
    await expect(revertLastMigration(database.url, migrations)).rejects.toThrow(
      'Marked1800000000000 was not undone: this version of the program does not have it, a newer one ran it.',
    );
    expect(await revertLastMigration(database.url, more, { force: true })).toBe('Marked1800000000000');
  });
});

describe('the turn to migrate', () => {
  const LOCK = 7_301_001;
  class Failing1800000000000 implements MigrationInterface {
    name = 'Failing1800000000000';
    async up(): Promise<void> {
      throw new Error('this migration fails');
    }
    async down(): Promise<void> {}
  }
  const isLocked = async (): Promise<boolean> =>
    (
      await query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = ${LOCK}
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
    ).length > 0;

  beforeEach(async () => {
    database = await createEmptyDatabase();
  });
  afterEach(() => database.drop());

  test('is waited for aloud, and comes when the other has ended', async () => {
    const other = new pg.Client({ connectionString: database.url, application_name: 'the other' });
    await other.connect();
    const [held] = (await other.query<{ pid: number }>(`SELECT pg_backend_pid() AS pid FROM pg_advisory_lock(${LOCK})`))
      .rows;
    const said: string[] = [];
    const ran = await migrate(database.url, first, {
      say: (message) => {
        said.push(message);
        void other.end();
      },
    });
    expect(ran).toHaveLength(first.length);
    expect(said).toEqual([
      expect.stringMatching(
        new RegExp(
          `^Another process \\(the other, pid ${held?.pid}, from .*\\) is migrating the database: waiting for it, 298 seconds at most\\.$`,
        ),
      ),
    ]);
  });

  test('is given up after a limit, in a sentence that says whom to ask', async () => {
    const other = new pg.Client({ connectionString: database.url });
    await other.connect();
    await other.query(`SELECT pg_advisory_lock(${LOCK})`);
    await expect(migrate(database.url, first, { lockWaitMs: 500 })).rejects.toThrow(
      /^Another process \(unnamed, pid \d+.*\) has been migrating this database for over 1 seconds: .* pg_terminate_backend\(\d+\)\.$/,
    );
    await other.end();
    expect(await migrate(database.url, first)).toHaveLength(first.length);
  });

  test('is left by a start that fails, whether a migration or the connection ends it', async () => {
    await expect(migrate(database.url, [...first, Failing1800000000000])).rejects.toThrow('this migration fails');
    expect(await isLocked()).toBe(false);
    const blocker = new pg.Client({ connectionString: database.url });
    await blocker.connect();
    await blocker.query('BEGIN; LOCK TABLE migration');
    const cut = migrate(database.url, first);
    for (;;) {
      // Ends everything of the start that waits behind the lock of the table.
      const ended = await query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE 'credits migration%'
          AND EXISTS (SELECT FROM pg_stat_activity b WHERE b.application_name = 'credits migrations' AND b.wait_event_type = 'Lock')`);
      if (ended.length > 0) break;
    }
    await expect(cut).rejects.toThrow();
    await blocker.end();
    expect(await isLocked()).toBe(false);
    expect(await migrate(database.url, first)).toEqual([]);
  });
});

test('migrations leave no account data under a key without its account', async () => {
  database = await createTestDatabase();
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
  await database.drop();
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
