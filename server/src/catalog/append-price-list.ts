import type { EntityManager } from 'typeorm';
import { PriceEntity, PriceListEntity } from './price-list.entity.js';

/**
 * Writes a price list with all its prices, unless its version exists already.
 *
 * Lists never change once written. Two callers with one version: one writes, the other is told false.
 *
 * @param manager  of a transaction: list and prices are accepted only together
 * @param list  `effectiveAt` in epoch milliseconds; `sandbox` the side, left out or null: both; `prices` by operation code, in credits a unit
 * @returns whether it was written
 * @throws QueryFailedError for an operation that the catalogue does not have or a price out of range
 * Source: docs/domain.md, Catalogue
 */
export async function appendPriceList(
  manager: EntityManager,
  list: {
    readonly version: number;
    readonly effectiveAt: number;
    readonly sandbox?: boolean | null;
    readonly prices: ReadonlyMap<string, number>;
  },
): Promise<boolean> {
  const written = await manager
    .createQueryBuilder()
    .insert()
    .into(PriceListEntity)
    .values({ version: list.version, effectiveAt: list.effectiveAt, sandbox: list.sandbox ?? null })
    .orIgnore()
    .returning('version')
    .execute();
  if ((written.raw as unknown[]).length === 0) return false;
  await manager.insert(
    PriceEntity,
    [...list.prices].map(([operationCode, credits]) => ({ priceListVersion: list.version, operationCode, credits })),
  );
  return true;
}
