import type { DataSource } from 'typeorm';
import { openPool } from '../db/connect.js';
import { codeOf, SQLSTATE, UnsuitableDatabase } from '../db/database-errors.js';
import { inTurn, type MigrateOptions } from '../db/migrate.js';
import { MIGRATION_SETTINGS } from '../db/session-settings.js';

/** The newest migration of graphile-worker's schema that this program's version of it needs; a test compares them. */
export const JOBS_SCHEMA_VERSION = 19;

/**
 * Brings the schema of the job library (`graphile_worker`) up to date, by its own migrations, one process after the other.
 *
 * @returns whether anything was to do
 * @throws UnsuitableDatabase when this role may not
 */
export async function migrateJobs(
  databaseUrl: string,
  reader: Pick<DataSource, 'query'> | null,
  options: MigrateOptions = {},
): Promise<boolean> {
  if (reader !== null && (await versionOf(reader)) >= JOBS_SCHEMA_VERSION) return false;
  return inTurn(databaseUrl, options, async () => {
    const pool = openPool({
      databaseUrl,
      applicationName: 'credits migrations',
      settings: MIGRATION_SETTINGS,
      max: 1,
    });
    // Whoever waits for an answer is told as well.
    pool.on('error', () => {}).on('connect', (client) => client.on('error', () => {}));
    try {
      if ((await versionIn((text) => pool.query<VersionRow>(text).then(({ rows }) => rows))) >= JOBS_SCHEMA_VERSION)
        return false;
      const { runMigrations } = await import('graphile-worker');
      await runMigrations({ pgPool: pool });
      return true;
    } catch (error) {
      throw codeOf(error) === SQLSTATE.rightMissing ? notPermitted(error) : error;
    } finally {
      await pool.end();
    }
  });
}

interface VersionRow {
  readonly version: number | null;
}

function versionOf(reader: Pick<DataSource, 'query'>): Promise<number> {
  return versionIn((text) => reader.query<VersionRow[]>(text));
}

/** 0: there is no such schema. */
async function versionIn(query: (text: string) => Promise<readonly VersionRow[]>): Promise<number> {
  const [found] = await query(
    `/* jobs.schema */ SELECT (to_regclass('graphile_worker.migrations') IS NOT NULL)::integer AS version`,
  );
  if (found?.version !== 1) return 0;
  const [row] = await query('/* jobs.version */ SELECT max(id) AS version FROM graphile_worker.migrations');
  return row?.version ?? 0;
}

function notPermitted(error: unknown): UnsuitableDatabase {
  return new UnsuitableDatabase(
    "The database has no schema for jobs of this version, and this role may not make it: run `npm run migrate` with the owner's DATABASE_URL, then the grants of docs/operations.md.",
    { cause: error },
  );
}
