import type { EntityManager } from 'typeorm';
import { appendPriceList } from './append-price-list.js';
import type { PlannedList, WrittenList } from './plan-price-lists.js';
import { PriceEntity, PriceListEntity } from './price-list.entity.js';

/** Prices of lists by the lists' versions, in credits a unit by operation code. */
export function pricesByVersion(prices: readonly PriceEntity[]): ReadonlyMap<number, ReadonlyMap<string, number>> {
  const found = new Map<number, Map<string, number>>();
  for (const { priceListVersion, operationCode, credits } of prices) {
    let list = found.get(priceListVersion);
    if (list === undefined) found.set(priceListVersion, (list = new Map()));
    list.set(operationCode, credits);
  }
  return found;
}

/** Every price list that is there, whole. */
export async function readPriceLists(manager: EntityManager): Promise<WrittenList[]> {
  const lists = await manager.find(PriceListEntity);
  const prices = pricesByVersion(await manager.find(PriceEntity));
  return lists.map((list) => ({ ...list, prices: prices.get(list.version) ?? new Map<string, number>() }));
}

/**
 * Writes planned lists behind those that are there, in their order. Whoever calls it has the lock of the migrations, so that nobody else
 * appends meanwhile.
 *
 * @returns the version of the first
 */
export async function appendPriceLists(
  manager: EntityManager,
  written: readonly WrittenList[],
  planned: readonly PlannedList[],
): Promise<number> {
  const newest = written.reduce((highest, { version }) => Math.max(highest, version), 0);
  for (const [index, list] of planned.entries()) {
    const version = newest + 1 + index;
    if (!(await appendPriceList(manager, { version, ...list })))
      throw new Error(`Price list ${version} was written by somebody else.`);
  }
  return newest + 1;
}
