import type { DataSource } from 'typeorm';
import type { Catalog, CreditPack, Operation, Plan, PriceList } from './catalog.js';
import { CreditPackEntity } from './credit-pack.entity.js';
import { OperationEntity } from './operation.entity.js';
import { PlanEntity } from './plan.entity.js';
import { PriceEntity, PriceListEntity } from './price-list.entity.js';

/** Reads the whole catalogue as it is at one moment. Source: docs/domain.md, Catalogue. */
export async function loadCatalog(dataSource: DataSource): Promise<Catalog> {
  return dataSource.transaction('REPEATABLE READ', async (manager) => {
    const plans = await manager.find(PlanEntity, { order: { rank: 'ASC', code: 'ASC' } });
    const operations = await manager.find(OperationEntity, { order: { rank: 'ASC', code: 'ASC' } });
    const lists = await manager.find(PriceListEntity, { order: { effectiveAt: 'ASC', version: 'ASC' } });
    const prices = await manager.find(PriceEntity);
    const packs = await manager.find(CreditPackEntity, { order: { rank: 'ASC', id: 'ASC' } });
    return {
      plans: new Map(plans.map((plan) => [plan.code, planOf(plan)])),
      priceLists: lists.map((list) => priceListOf(list, operations, prices)),
      packs: packs.map(packOf),
    };
  });
}

function planOf({ priceMinor, priceCurrency, ...plan }: PlanEntity): Plan {
  const price =
    priceMinor === null || priceCurrency === null ? null : { amountMinor: priceMinor, currency: priceCurrency };
  return { ...plan, price };
}

function priceListOf(list: PriceListEntity, operations: OperationEntity[], prices: PriceEntity[]): PriceList {
  const credits = new Map<string, number>();
  for (const price of prices) {
    if (price.priceListVersion === list.version) credits.set(price.operationCode, price.credits);
  }
  const priced = new Map<string, Operation>();
  for (const { rank: _rank, ...operation } of operations) {
    const cost = credits.get(operation.code);
    if (cost !== undefined) priced.set(operation.code, { ...operation, credits: cost });
  }
  return { version: list.version, effectiveAt: list.effectiveAt, operations: priced };
}

function packOf({ priceMinor, priceCurrency, ...pack }: CreditPackEntity): CreditPack {
  return { ...pack, price: { amountMinor: priceMinor, currency: priceCurrency } };
}
