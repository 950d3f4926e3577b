import type { DataSource, EntityManager } from 'typeorm';
import { MIGRATION_LOCK } from '../db/migrate.js';
import { CatalogEditionEntity } from './catalog-edition.entity.js';
import { CreditPackEntity } from './credit-pack.entity.js';
import type { Edition } from './edition.js';
import { OperationEntity } from './operation.entity.js';
import { PlanEntity } from './plan.entity.js';
import { planPriceLists, type PriceChange } from './plan-price-lists.js';
import { PriceListEntity } from './price-list.entity.js';
import { appendPriceLists, readPriceLists } from './written-price-lists.js';

/** Test clocks go back to this instant, so the prices of a new database do too. */
const FIRST_EFFECTIVE_AT = Date.UTC(2000, 0, 1);

/**
 * How long an edition is known before it is in force. Longer than the transaction that appends it can last, so that it is committed by
 * then, and every batch that reads a later instant also reads that there is a newer list.
 */
export const EDITION_LEAD_MS = 60_000;

const TURN_WAIT_MS_MAX = 300_000;

/**
 * Appends the editions that a database lacks, oldest first. What is there never changes.
 *
 * Runs at every start, also of several processes and versions at once: they take turns by the lock of the migrations, and a database that
 * has all editions, or more, is only read. An empty database gets all of them as of 2000; one that has accounts may have sold at the
 * old prices until now, so a new edition is in force from a minute after it was appended, by the database's clock, the same for everybody.
 *
 * @param dataSource  of a migrated database, with `catalogEntities`
 * @param editions  from `readEditions`
 * @param leadMs  another than the usual time between the appending and the instant
 * @returns numbers of those that were appended now
 * Source: docs/decisions/editions.md
 */
export async function appendEditions(
  dataSource: DataSource,
  editions: readonly Edition[],
  leadMs = EDITION_LEAD_MS,
): Promise<readonly number[]> {
  if ((await missing(dataSource.manager, editions)).length === 0) return [];
  return dataSource.transaction(async (manager) => {
    await manager.query(`SELECT set_config('statement_timeout', $1, true)`, [String(TURN_WAIT_MS_MAX)]);
    await manager.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const isNew = !(await manager.exists(PriceListEntity));
    if (!isNew) await recordFirst(manager);
    const lacking = await missing(manager, editions);
    if (lacking.length === 0) return [];
    const effectiveAt = isNew ? FIRST_EFFECTIVE_AT : await nextEffectiveAt(manager, leadMs);
    for (const edition of lacking) await append(manager, edition, effectiveAt);
    return lacking.map(({ number }) => number);
  });
}

async function missing(manager: EntityManager, editions: readonly Edition[]): Promise<readonly Edition[]> {
  const known = new Set((await manager.find(CatalogEditionEntity)).map(({ number }) => number));
  return editions.filter(({ number }) => !known.has(number));
}

/** A database that was filled before editions were recorded has the first one. */
async function recordFirst(manager: EntityManager): Promise<void> {
  if (await manager.exists(CatalogEditionEntity)) return;
  const [first] = await manager.find(PriceListEntity, { order: { version: 'ASC' }, take: 1 });
  if (first) await manager.insert(CatalogEditionEntity, { number: 1, effectiveAt: first.effectiveAt });
}

/** The instant `leadMs` after the database's now, or that of the newest edition if it is later. */
async function nextEffectiveAt(manager: EntityManager, leadMs: number): Promise<number> {
  const [row] = await manager.query<{ now_ms: string }[]>(
    'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms',
  );
  const [last] = await manager.find(CatalogEditionEntity, { order: { effectiveAt: 'DESC' }, take: 1 });
  return Math.max(Number(row?.now_ms) + leadMs, last?.effectiveAt ?? 0);
}

async function append(manager: EntityManager, edition: Edition, effectiveAt: number): Promise<void> {
  const { number, operations = [], prices = {}, plans = [], packs = [] } = edition;
  await manager.insert(CatalogEditionEntity, { number, effectiveAt });
  if (plans.length > 0)
    await manager.insert(
      PlanEntity,
      plans.map(({ price, ...plan }) => ({
        ...plan,
        priceMinor: price?.amountMinor ?? null,
        priceCurrency: price?.currency ?? null,
        edition: number,
      })),
    );
  if (packs.length > 0)
    await manager.insert(
      CreditPackEntity,
      packs.map(({ price, ...pack }, rank) => ({
        ...pack,
        priceMinor: price.amountMinor,
        priceCurrency: price.currency,
        rank,
        edition: number,
      })),
    );
  await insertOperations(manager, edition);
  const change = new Map<string, number | null>([
    ...operations.map(({ code, credits }): [string, number] => [code, credits]),
    ...Object.entries(prices),
  ]);
  await changePrices(manager, change, effectiveAt);
}

async function insertOperations(manager: EntityManager, { number, operations = [] }: Edition): Promise<void> {
  if (operations.length === 0) return;
  const ranks = new Map((await manager.find(OperationEntity)).map(({ code, rank }) => [code, rank]));
  const rows = operations.map(({ credits: _credits, after, ...operation }) => {
    const behind = after === undefined ? Math.max(-1, ...ranks.values()) + 1 : ranks.get(after);
    if (behind === undefined)
      throw new Error(`Edition ${number}: ${operation.code} is to follow ${after}, which is not there.`);
    ranks.set(operation.code, behind);
    return {
      size: null,
      creditType: 'STANDARD' as const,
      requires: null,
      courtesyPerDay: 0,
      ...operation,
      rank: behind,
      edition: number,
    };
  });
  await manager.insert(OperationEntity, rows);
}

async function changePrices(manager: EntityManager, change: PriceChange, effectiveAt: number): Promise<void> {
  const written = await readPriceLists(manager);
  await appendPriceLists(manager, written, planPriceLists(written, change, effectiveAt));
}
