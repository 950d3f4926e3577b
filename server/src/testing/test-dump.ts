import pg from 'pg';
import { ISO_IN_UTC } from '../db/ledger-types.js';

const DEADLOCK = '40P01';

/** Rows of every table and the places of the sequences, as of one snapshot, as `pg_dump` takes them. */
export interface Dump {
  readonly tables: readonly { readonly name: string; readonly rows: string }[];
  readonly sequences: readonly { readonly name: string; readonly last: string | null }[];
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, options: ISO_IN_UTC });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A logical backup of a database that may be in use. */
export function dump(url: string): Promise<Dump> {
  return connected(url, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    const { rows: names } = await client.query<{ name: string }>(
      `SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration' ORDER BY 1`,
    );
    const tables: { name: string; rows: string }[] = [];
    for (const { name } of names) {
      const { rows } = await client.query<{ rows: string }>(
        `SELECT coalesce(json_agg(t), '[]')::text AS rows FROM "${name}" t`,
      );
      tables.push({ name, rows: rows[0]?.rows ?? '[]' });
    }
    const { rows: sequences } = await client.query<{ name: string; last: string | null }>(
      `SELECT sequencename::text AS name, last_value::text AS last FROM pg_sequences WHERE schemaname = 'public'`,
    );
    await client.query('COMMIT');
    return { tables, sequences };
  });
}

/**
 * Puts a backup back into a migrated database, in one transaction, whoever is connected.
 *
 * Whoever reads several tables at that moment may hold one that this waits for, and wait for one that this holds. This is
 * the one that gives way, since it looks for that first, and begins again.
 */
export async function restore(url: string, backup: Dump): Promise<void> {
  for (;;) {
    try {
      return await restoreOnce(url, backup);
    } catch (error) {
      if ((error as { code?: string }).code !== DEADLOCK) throw error;
    }
  }
}

function restoreOnce(url: string, { tables, sequences }: Dump): Promise<void> {
  return connected(url, async (client) => {
    await client.query('BEGIN');
    await client.query(`SET LOCAL deadlock_timeout = '10ms'`);
    // As when a dump is restored: nothing of the tables' own rules runs.
    await client.query('SET LOCAL session_replication_role = replica');
    await client.query(`TRUNCATE ${tables.map(({ name }) => `"${name}"`).join(', ')}`);
    for (const { name, rows } of tables)
      await client.query(`INSERT INTO "${name}" SELECT * FROM json_populate_recordset(NULL::"${name}", $1)`, [rows]);
    for (const { name, last } of sequences)
      await client.query('SELECT setval($1::regclass, coalesce($2::bigint, 1), $2::bigint IS NOT NULL)', [name, last]);
    await client.query('COMMIT');
  });
}

/** A physical copy within the cluster; nobody may be connected to the original. */
export async function copyDatabase(url: string, name: string): Promise<{ url: string; drop(): Promise<void> }> {
  const from = new URL(url);
  const admin = new URL(url);
  admin.pathname = '/postgres';
  const copy = new URL(url);
  copy.pathname = `/${name}`;
  await connected(admin.href, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${from.pathname.slice(1)}`));
  return {
    url: copy.href,
    drop: async () => {
      await connected(admin.href, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}
