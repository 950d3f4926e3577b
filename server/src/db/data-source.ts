import pg from 'pg';
import { DataSource, type EntityTarget, type MigrationInterface, type ObjectLiteral } from 'typeorm';
import { poolConfig } from './connect.js';
import type { ServerTurns } from './server-turns.js';
import type { SessionSettings } from './session-settings.js';
import { READER_SETTINGS } from './session-settings.js';

export interface DataSourceOptions {
  /** Connection string of a PostgreSQL 15 or later. */
  url: string;
  /** The table classes of every folder, listed where the application is put together. */
  entities?: EntityTarget<ObjectLiteral>[];
  migrations?: (new () => MigrationInterface)[];
  /** Connections in the pool; 10 by default. The ledger's lanes have connections of their own. */
  poolSize?: number;
  /** Shown by the database beside each connection. */
  applicationName?: string;
  /** How long the database may be silent over a statement; 8 seconds by default, 0: for ever. */
  answerMs?: number;
  /** What its sessions run with; those of reads by default. */
  settings?: SessionSettings;
  /** Whether a server that only reads (a standby) is accepted. */
  mayBeReadOnly?: boolean;
  /** Called for each new connection with the server that it leads to; after `initialize`, `dropOnTurn(poolOf(…))` gives old ones up. */
  turns?: ServerTurns;
}

/**
 * The pool for plain reads, entities and migrations, not yet connected.
 *
 * Sessions run in UTC, give up a statement after 5 seconds and do not wait for a connection longer than that either:
 * whoever waits longer has been answered UNAVAILABLE.
 */
export function createDataSource(options: DataSourceOptions): DataSource {
  const { url, poolSize = 10, applicationName = 'credits', answerMs = 8000, settings = READER_SETTINGS } = options;
  return new DataSource({
    type: 'postgres',
    entities: (options.entities ?? []) as (new () => ObjectLiteral)[],
    migrations: options.migrations ?? [],
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    synchronize: false,
    // No extension is needed; to install one would need the right to.
    installExtensions: false,
    extra: {
      ...poolConfig({
        databaseUrl: url,
        applicationName,
        max: poolSize,
        settings,
        // A half-open connection never answers: statements are given up after this time.
        ...(answerMs === 0 ? {} : { answerMs }),
        mayBeReadOnly: options.mayBeReadOnly ?? false,
        turns: options.turns,
      }),
      // In pipeline mode the driver ends a connection whose answer does not come. Without it the dead connection would go back into the pool.
      pipeline: true,
    },
  });
}

/** The connections that a data source has opened, for whoever watches them. */
export function poolOf({ driver }: DataSource): pg.Pool {
  if (!('master' in driver) || !(driver.master instanceof pg.Pool)) throw new Error('The data source has no pool yet');
  return driver.master;
}
