import type pg from 'pg';
import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';
import { AccountEntity, ExternalAccountEntity } from './accounts/account.entity.js';
import { AuditEntryEntity } from './audit/audit-entry.entity.js';
import { ApiKeyEntity } from './auth/api-key.entity.js';
import { catalogEntities } from './catalog/catalog-entities.js';
import { openPool } from './db/connect.js';
import { createDataSource, poolOf } from './db/data-source.js';
import { ledgerTypes } from './db/ledger-types.js';
import { sharePool } from './db/pool-shares.js';
import type { ServerTurns } from './db/server-turns.js';
import { dropOnTurn } from './db/server-turns.js';
import { READER_SETTINGS } from './db/session-settings.js';
import type { Unwinding } from './kit/unwinding.js';
import { PricePublicationEntity } from './prices/price-publication.entity.js';
import { EntryEntity, GrantEntity, ReservationEntity, UsageEntity } from './ledger/rows/entities.js';

/** Every table class. */
export const ENTITIES = [
  ...catalogEntities,
  AccountEntity,
  ExternalAccountEntity,
  ApiKeyEntity,
  AuditEntryEntity,
  PricePublicationEntity,
  GrantEntity,
  EntryEntity,
  ReservationEntity,
  UsageEntity,
];

/**
 * The pools of connections, one for each kind of work that must not wait for the others: signing in does not wait for lists, lists do not wait
 * for reports.
 */
export interface Pools {
  readonly entities: DataSource;
  readonly reads: pg.Pool;
  readonly signIn: DataSource;
  readonly reports: DataSource;
}

interface PoolOptions {
  readonly entities: EntityTarget<ObjectLiteral>[];
  readonly poolSize: number;
  /** Shown by the database beside each connection. */
  readonly name: string;
}

export interface PoolsOptions {
  /** Migrated. */
  readonly databaseUrl: string;
  /** Connections in all. */
  readonly poolSize: number;
  readonly turns: ServerTurns;
  readonly unwinding: Unwinding;
  readonly onError: (error: unknown, what: string) => void;
}

/** Opens the pools, and has them closed again by `unwinding`. */
export async function openPools({ databaseUrl, poolSize, turns, unwinding, onError }: PoolsOptions): Promise<Pools> {
  const shares = sharePool(poolSize);
  const openEntities = async ({ name, ...settings }: PoolOptions): Promise<DataSource> => {
    const pool = await createDataSource({ url: databaseUrl, applicationName: name, turns, ...settings }).initialize();
    unwinding.push(() => pool.destroy());
    dropOnTurn(poolOf(pool), turns);
    return pool;
  };
  const entities = await openEntities({ entities: ENTITIES, poolSize: shares.entities, name: 'credits' });
  const reads = openPool({
    databaseUrl,
    applicationName: 'credits reads',
    settings: READER_SETTINGS,
    turns,
    types: ledgerTypes,
    max: shares.reads,
    answerMs: 8_000,
  });
  reads.on('error', (error) => onError(error, 'read pool'));
  unwinding.push(() => reads.end());
  const signIn = await openEntities({ entities: [ApiKeyEntity], poolSize: shares.signIn, name: 'credits sign-in' });
  const reports = await openEntities({ entities: [UsageEntity], poolSize: shares.reports, name: 'credits reports' });
  return { entities, reads, signIn, reports };
}
