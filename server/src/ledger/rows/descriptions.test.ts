import pg from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../db/data-source.js';
import { createTestDatabase, type TestDatabase } from '../../db/test-database.js';
import { ENTITIES } from '../../open-pools.js';
import { DESCRIPTIONS } from './descriptions.js';

/* The descriptions of rows and the migrated database say the same: a migration without its description fails here, and the other way round. */

/** Column types as `information_schema` names them. */
const NAMES: Readonly<Record<string, string>> = { timestamptz: 'timestamp with time zone' };

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

async function withClasses<T>(work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const dataSource = await createDataSource({ url: database.url, entities: ENTITIES, poolSize: 1 }).initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** The columns of a table, each as `name: type`, with a `?` if it may be null. */
async function columnsOf(table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string; type: string; nullable: string }>(
    `SELECT column_name AS name, data_type AS type, is_nullable AS nullable FROM information_schema.columns
      WHERE table_schema = current_schema() AND table_name = $1`,
    [table],
  );
  return rows.map(({ name, type, nullable }) => `${name}: ${type}${nullable === 'YES' ? '?' : ''}`).sort();
}

test.each(DESCRIPTIONS.map((kind) => [kind.table, kind] as const))(
  '%s is described as it is in the database',
  async (table, { columns }) => {
    const described = columns.map(
      ({ name, type, isNullable }) => `${name}: ${NAMES[type] ?? type}${isNullable ? '?' : ''}`,
    );
    expect(await columnsOf(table)).toEqual(described.sort());
  },
);

test.each(DESCRIPTIONS.map((kind) => [kind.table, kind] as const))(
  'what finds a row of %s is unique in the database',
  async (table, { columns }) => {
    const { rows } = await client.query<{ names: string[] }>(
      `SELECT array_agg(a.attname::text ORDER BY a.attname) AS names FROM pg_index i
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
        WHERE i.indrelid = $1::regclass AND i.indisunique AND i.indpred IS NULL GROUP BY i.indexrelid`,
      [table],
    );
    const keys = columns.filter(({ isKey }) => isKey).map(({ name }) => name);
    expect(rows.map(({ names }) => names)).toContainEqual(keys.sort());
  },
);

/** Tables of their own folders, which read and write them with their own statements. */
const OTHERS = [
  'event_read',
  'history',
  'mail',
  'mail_address',
  'mail_choice',
  'mail_cursor',
  'member_seen',
  'method_removal',
  'migration',
  'payment_watch',
  'readiness',
  'readiness_page',
  'sandbox_call',
  'sandbox_method',
  'sandbox_order',
  'sandbox_payment',
  'sandbox_refund',
  'sandbox_subscription',
  'server_secret',
];

test('every table is described here, or has a table class, or is known to have neither', async () => {
  const { rows } = await client.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()`,
  );
  const classes = await withClasses(async ({ entityMetadatas }) => entityMetadatas.map(({ tableName }) => tableName));
  const known = new Set([...DESCRIPTIONS.map(({ table }) => table), ...classes]);
  expect(
    rows
      .map(({ name }) => name)
      .filter((name) => !known.has(name))
      .sort(),
  ).toEqual(OTHERS);
});

test('every table class has the columns of its table, or some of them', async () => {
  await withClasses(async ({ entityMetadatas, driver }) => {
    for (const { tableName, columns } of entityMetadatas) {
      const ofClass = columns.map((column) => {
        const type = column.isArray ? 'ARRAY' : driver.normalizeType(column);
        return `${column.databaseName}: ${type}${column.isNullable ? '?' : ''}`;
      });
      const ofTable = await columnsOf(tableName);
      expect([tableName, ofTable.filter((column) => ofClass.includes(column))]).toEqual([tableName, ofClass.sort()]);
    }
  });
});
