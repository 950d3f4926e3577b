import pg from 'pg';
import type { MigrationInterface } from 'typeorm';

import { createDataSource } from './data-source.js';
import { ISO_IN_UTC } from './ledger-types.js';

/** Any number that nothing else in this database locks; held for as long as migrations run. */
const MIGRATION_LOCK = 7_301_001;

const POSTGRES_VERSION_MIN = 15;

/**
 * Brings the schema up to date: runs the migrations that have not run, in order, each in its own transaction.
 *
 * Processes that start at the same time take turns; the later ones find nothing to do.
 *
 * @returns names of the migrations that ran now
 * @throws Error for a PostgreSQL older than 15
 */
export function migrate(url: string, migrations: (new () => MigrationInterface)[]): Promise<string[]> {
  return inTurn(url, async () => {
    const dataSource = await connect(url, migrations);
    try {
      const ran = await dataSource.runMigrations();
      return ran.map(({ name }) => name);
    } finally {
      await dataSource.destroy();
    }
  });
}

/** Undoes the last migration that ran, if any. */
export function revertLastMigration(url: string, migrations: (new () => MigrationInterface)[]): Promise<void> {
  return inTurn(url, async () => {
    const dataSource = await connect(url, migrations);
    try {
      await dataSource.undoLastMigration();
    } finally {
      await dataSource.destroy();
    }
  });
}

function connect(
  url: string,
  migrations: (new () => MigrationInterface)[],
): Promise<ReturnType<typeof createDataSource>> {
  // A migration of a large table may take its time.
  return createDataSource({ url, migrations, poolSize: 1, applicationName: 'credits migrations' })
    .setOptions({ extra: { options: ISO_IN_UTC } })
    .initialize();
}

async function inTurn<T>(url: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'credits migration lock' });
  await client.connect();
  try {
    const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version_num') AS version");
    const major = Math.floor(Number(rows[0]?.version) / 10_000);
    if (major < POSTGRES_VERSION_MIN) {
      throw new Error(
        `PostgreSQL ${POSTGRES_VERSION_MIN} or later is needed; DATABASE_URL leads to PostgreSQL ${major}.`,
      );
    }
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await work();
  } finally {
    await client.end();
  }
}
