import { DataSource, type EntityTarget, type MigrationInterface, type ObjectLiteral } from 'typeorm';
import { ISO_IN_UTC } from './ledger-types.js';

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
  /** How long the database may be silent over a statement; 8 seconds by default. */
  answerMs?: number;
}

/**
 * The pool for plain reads, entities and migrations, not yet connected.
 *
 * Sessions run in UTC, give up a statement after 5 seconds and do not wait for a connection longer than that either:
 * whoever waits longer has been answered UNAVAILABLE.
 */
export function createDataSource(options: DataSourceOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url: options.url,
    entities: (options.entities ?? []) as (new () => ObjectLiteral)[],
    migrations: options.migrations ?? [],
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    synchronize: false,
    poolSize: options.poolSize ?? 10,
    applicationName: options.applicationName ?? 'credits',
    connectTimeoutMS: 5000,
    extra: {
      options: `${ISO_IN_UTC} -c statement_timeout=5000`,
      // A link that swallows everything is no answer either.
      query_timeout: options.answerMs ?? 8000,
      // A connection in pipeline mode is ended when that happens; without, it would return to the pool as silent as it was.
      pipeline: true,
    },
  });
}
