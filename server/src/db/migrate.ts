import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { MigrationInterface } from 'typeorm';

import { openConnection, type OpenOptions } from './connect.js';
import { createDataSource } from './data-source.js';
import { codeOf, SQLSTATE, UnsuitableDatabase } from './database-errors.js';
import { refuseSharedSessions } from './pooler.js';
import { MIGRATION_SETTINGS } from './session-settings.js';

/** Any number that nothing else in this database locks; held for as long as migrations run, or the catalogue is added to. */
export const MIGRATION_LOCK = 7_301_001;

const POSTGRES_VERSION_MIN = 15;
const LOCK_RETRY_MS = 200;
const LOCK_SAY_AFTER_MS = 2_000;
const LOCK_SAY_EVERY_MS = 30_000;
/** Far longer than any migration so far takes. */
const LOCK_WAIT_MS_MAX = 300_000;

export interface MigrateOptions {
  /** Called with a sentence when another process is migrating. */
  readonly say?: ((message: string) => void) | undefined;
  /** How long another process may hold the lock; 5 minutes by default. */
  readonly lockWaitMs?: number;
}

/**
 * Brings the schema up to date: runs the migrations that have not run, in order, each in its own transaction.
 *
 * Processes that start at the same time take turns; the later ones find nothing to do. One that has waited for its turn for 2 seconds
 * says for whom, and after 5 minutes gives up.
 *
 * @returns names of the migrations that ran now
 * @throws UnsuitableDatabase for a PostgreSQL older than 15, for one that is not UTF-8, and behind a pooler in transaction mode;
 * Error in one sentence when the turn did not come
 */
export function migrate(
  url: string,
  migrations: (new () => MigrationInterface)[],
  options: MigrateOptions = {},
): Promise<string[]> {
  return inTurn(url, options, async () => {
    const dataSource = await connect(url, migrations);
    try {
      const ran = await dataSource.runMigrations();
      return ran.map(({ name }) => name);
    } catch (error) {
      throw codeOf(error) === SQLSTATE.rightMissing ? notPermitted(error) : error;
    } finally {
      await dataSource.destroy();
    }
  });
}

function notPermitted(error: unknown): UnsuitableDatabase {
  return new UnsuitableDatabase(
    "The database is not of this version, and this role may not change the schema: run `npm run migrate` with the owner's DATABASE_URL, then the grants of docs/operations.md.",
    { cause: error },
  );
}

/** A data source that knows the migrations, in a session of its own. */
export function connect(
  url: string,
  migrations: (new () => MigrationInterface)[],
): Promise<ReturnType<typeof createDataSource>> {
  return createDataSource({
    url,
    migrations,
    poolSize: 1,
    applicationName: 'credits migrations',
    settings: MIGRATION_SETTINGS,
    answerMs: 0,
  }).initialize();
}

/**
 * Runs `work` while no other process does.
 *
 * The lock belongs to a transaction that stays open for as long: whatever ends the process or its connection ends the lock too, and a
 * pooler cannot keep it for the next who comes.
 */
export async function inTurn<T>(url: string, options: MigrateOptions, work: () => Promise<T>): Promise<T> {
  const open: OpenOptions = {
    databaseUrl: url,
    applicationName: 'credits migration lock',
    settings: MIGRATION_SETTINGS,
  };
  const opened = await openConnection(open);
  const { client } = opened;
  try {
    await refuseOldPostgres(client);
    await refuseSharedSessions(opened, () => openConnection(open));
    await client.query('BEGIN');
    await takeLock(client, options);
    return await work();
  } finally {
    await client.end().catch(() => {});
  }
}

async function refuseOldPostgres(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version_num') AS version");
  const major = Math.floor(Number(rows[0]?.version) / 10_000);
  if (major < POSTGRES_VERSION_MIN) {
    throw new UnsuitableDatabase(
      `PostgreSQL ${POSTGRES_VERSION_MIN} or later is needed; DATABASE_URL leads to PostgreSQL ${major}.`,
    );
  }
}

const HOLDER = `SELECT a.pid, a.application_name AS name, a.client_addr::text AS address
  FROM pg_locks l JOIN pg_stat_activity a USING (pid)
  WHERE l.locktype = 'advisory' AND l.granted AND l.objid = $1 AND l.classid = 0
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

async function takeLock(client: pg.Client, { say, lockWaitMs = LOCK_WAIT_MS_MAX }: MigrateOptions): Promise<void> {
  const startedAt = performance.now();
  let sayAt = LOCK_SAY_AFTER_MS;
  for (;;) {
    const { rows } = await client.query<{ had: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS had', [
      MIGRATION_LOCK,
    ]);
    if (rows[0]?.had === true) return;
    const waitedMs = performance.now() - startedAt;
    if (waitedMs >= lockWaitMs) {
      const { who, pid } = await findHolder(client);
      throw new Error(
        `Another process (${who}) has been migrating this database for over ${Math.round(lockWaitMs / 1000)} seconds: start again when it has ended, or end it by SELECT pg_terminate_backend(${pid}).`,
      );
    }
    if (waitedMs >= sayAt) {
      sayAt += LOCK_SAY_EVERY_MS;
      const { who } = await findHolder(client);
      say?.(
        `Another process (${who}) is migrating the database: waiting for it, ${Math.round((lockWaitMs - waitedMs) / 1000)} seconds at most.`,
      );
    }
    await sleep(LOCK_RETRY_MS);
  }
}

async function findHolder(client: pg.Client): Promise<{ readonly who: string; readonly pid: number }> {
  const { rows } = await client.query<{ pid: number; name: string | null; address: string | null }>(HOLDER, [
    MIGRATION_LOCK,
  ]);
  const { pid = 0, name, address } = rows[0] ?? {};
  return { who: `${name || 'unnamed'}, pid ${pid}${address ? `, from ${address.replace(/\/.*/, '')}` : ''}`, pid };
}
