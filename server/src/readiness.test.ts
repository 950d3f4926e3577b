import pg from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource } from './db/data-source.js';
import { ServerTurns } from './db/server-turns.js';
import { createTestDatabase, type TestDatabase } from './db/test-database.js';
import { Unwinding } from './kit/unwinding.js';
import { ENTITIES } from './open-pools.js';
import { openReadiness } from './open-readiness.js';

let database: TestDatabase;
let dataSource: DataSource;
let owner: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await createDataSource({ url: database.url, entities: ENTITIES, poolSize: 1 }).initialize();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await dataSource.destroy();
  await database.drop();
});

/** What a process that asks now is told, and what it logs. */
async function look(databaseUrl = database.url): Promise<{ obstacle: string | null; logged: string[] }> {
  const unwinding = new Unwinding(() => {});
  const logged: string[] = [];
  const report = (error: unknown, what = ''): void => void logged.push(`${what}: ${(error as Error).message}`);
  const readiness = openReadiness({ databaseUrl, dataSource, turns: new ServerTurns(), unwinding, report });
  try {
    const [obstacle] = await Promise.all([readiness.find(), readiness.find(), readiness.find()]);
    return { obstacle, logged };
  } finally {
    await unwinding.close();
  }
}

async function listTables(): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

test('a migrated database that can be written to is ready, and nothing of the looking stays', async () => {
  expect(await look()).toEqual({ obstacle: null, logged: [] });
  for (const table of ['readiness', 'readiness_page', 'journal', 'event'])
    expect((await owner.query(`SELECT FROM ${table}`)).rowCount).toBe(0);
});

test('a renamed table, whichever, is not ready, and it is logged once which', async () => {
  const unnoticed: string[] = [];
  for (const table of await listTables()) {
    await owner.query(`ALTER TABLE ${table} RENAME TO elsewhere`);
    const { obstacle, logged } = await look();
    await owner.query(`ALTER TABLE elsewhere RENAME TO ${table}`);
    if (obstacle === null) unnoticed.push(table);
    else expect(logged).toEqual([expect.stringContaining(`not ready: ${obstacle}`)]);
  }
  expect(unnoticed).toEqual([]);
  expect((await look()).obstacle).toBeNull();
}, 60_000);

test('a migration that has not run is not ready; one that a newer release ran is', async () => {
  await owner.query(`UPDATE migration SET name = 'x' || name WHERE name LIKE 'RoomForUpdates%'`);
  expect(await look()).toEqual({
    obstacle: 'database not migrated',
    logged: [expect.stringContaining('These migrations have not run: RoomForUpdates1700000003000')],
  });
  await owner.query(`UPDATE migration SET name = substr(name, 2) WHERE name LIKE 'xRoomForUpdates%'`);
  await owner.query(`INSERT INTO migration (timestamp, name) VALUES (1, 'Newer1900000000000')`);
  expect((await look()).obstacle).toBeNull();
  await owner.query(`DELETE FROM migration WHERE name = 'Newer1900000000000'`);
});

describe('a role with the rights of a server and no more', () => {
  const WRITTEN: Readonly<Record<string, readonly string[]>> = {
    INSERT: [
      'account',
      'account_due',
      'api_key',
      'audit_entry',
      'budget',
      'budget_tally',
      'closed_period',
      'credit_grant',
      'event',
      'event_read',
      'external_account',
      'history',
      'journal',
      'ledger_account',
      'mail',
      'mail_address',
      'mail_choice',
      'member_seen',
      'method_removal',
      'payment_watch',
      'plan_payment',
      'price',
      'price_list',
      'price_publication',
      'purchase',
      'readiness',
      'readiness_page',
      'refund',
      'reservation',
      'sandbox_call',
      'sandbox_method',
      'sandbox_order',
      'sandbox_payment',
      'sandbox_refund',
      'sandbox_subscription',
      'server_secret',
      'spending',
      'usage_day',
      'waiting_credits',
    ],
    UPDATE: [
      'account_due',
      'api_key',
      'budget',
      'budget_tally',
      'credit_grant',
      'event_read',
      'ledger_account',
      'mail',
      'mail_address',
      'mail_choice',
      'mail_cursor',
      'member_seen',
      'payment_watch',
      'plan_payment',
      'purchase',
      'refund',
      'reservation',
      'sandbox_call',
      'sandbox_method',
      'sandbox_order',
      'sandbox_payment',
      'sandbox_subscription',
      'spending',
      'usage_day',
    ],
    DELETE: ['mail', 'mail_address', 'mail_choice', 'method_removal', 'payment_watch', 'readiness', 'readiness_page'],
  };
  const role = `serving_${process.pid}`;
  let url: string;
  beforeAll(async () => {
    await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD 'serving'`);
    await owner.query(
      `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}; REVOKE SELECT ON readiness, readiness_page FROM ${role}`,
    );
    for (const [privilege, tables] of Object.entries(WRITTEN))
      await owner.query(`GRANT ${privilege} ON ${tables.join(', ')} TO ${role}`);
    await owner.query(`GRANT USAGE ON SEQUENCE event_feed_seq TO ${role}`);
    const ofRole = new URL(database.url);
    [ofRole.username, ofRole.password] = [role, 'serving'];
    url = ofRole.href;
  });
  afterAll(async () => {
    await owner.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  test('is ready, and without any one of them is not', async () => {
    expect(await look(url)).toEqual({ obstacle: null, logged: [] });
    const { rows: granted } = await owner.query<{ privilege: string; name: string }>(
      `SELECT a.privilege_type AS privilege, c.relname AS name
       FROM pg_class c, aclexplode(c.relacl) AS a JOIN pg_roles r ON r.oid = a.grantee WHERE r.rolname = $1 ORDER BY 2, 1`,
      [role],
    );
    expect(granted.length).toBeGreaterThan(30);
    const unnoticed: string[] = [];
    for (const { privilege, name } of granted) {
      await owner.query(`REVOKE ${privilege} ON ${name} FROM ${role}`);
      const { obstacle } = await look(url);
      await owner.query(`GRANT ${privilege} ON ${name} TO ${role}`);
      if (obstacle !== 'database right missing') unnoticed.push(`${privilege} on ${name}: ${obstacle}`);
    }
    expect(unnoticed).toEqual([]);
  }, 60_000);
});

test('a disk that is full says so', async () => {
  await owner.query(`
    CREATE FUNCTION refuse_page() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON readiness_page FOR EACH ROW EXECUTE FUNCTION refuse_page()`);
  expect((await look()).obstacle).toBe('database full');
  await owner.query('DROP FUNCTION refuse_page CASCADE');
  expect((await look()).obstacle).toBeNull();
});

test('a write that waits for ever is given up after two seconds', async () => {
  await owner.query('BEGIN; LOCK TABLE readiness IN EXCLUSIVE MODE');
  const { obstacle, logged } = await look();
  await owner.query('ROLLBACK');
  expect({ obstacle, logged }).toEqual({ obstacle: 'database', logged: ['not ready: database: Query read timeout'] });
  expect((await look()).obstacle).toBeNull();
});

test('a database out of connections is as ready as it was: those that are there serve', async () => {
  const role = `crowded_${process.pid}`;
  await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD 'crowded' CONNECTION LIMIT 0`);
  const url = new URL(database.url);
  [url.username, url.password] = [role, 'crowded'];
  expect(await look(url.href)).toEqual({ obstacle: null, logged: [] });
  await owner.query(`DROP ROLE ${role}`);
});
