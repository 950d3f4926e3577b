import type { DataSource } from 'typeorm';
import { CatalogEditionEntity } from './catalog-edition.entity.js';
import type { Catalog, CreditPack, Assortment, Operation, Plan, PriceList } from './catalog.js';
import { CreditTypeEnum, FeatureEnum, OperationTypeEnum, SizeEnum } from './catalog.types.js';
import { CreditPackEntity } from './credit-pack.entity.js';
import { OperationEntity } from './operation.entity.js';
import { PlanEntity } from './plan.entity.js';
import { PriceEntity, PriceListEntity } from './price-list.entity.js';
import { pricesByVersion } from './written-price-lists.js';

/** What `requires` of an operation may say; null: nothing. */
const ACCESSES: ReadonlySet<string | null> = new Set([null, 'PRODUCTION_ROOM', 'DEEP_SCANS']);

/** Reads the whole catalogue as it is at one moment. Source: docs/domain.md, Catalogue. */
export async function loadCatalog(dataSource: DataSource): Promise<Catalog> {
  return dataSource.transaction('REPEATABLE READ', async (manager) => {
    const editions = await manager.find(CatalogEditionEntity, { order: { effectiveAt: 'ASC', number: 'ASC' } });
    const plans = await manager.find(PlanEntity, { order: { rank: 'ASC', code: 'ASC' } });
    const operations = await manager.find(OperationEntity, { order: { rank: 'ASC', edition: 'ASC', code: 'ASC' } });
    const lists = await manager.find(PriceListEntity, { order: { effectiveAt: 'ASC', version: 'ASC' } });
    const prices = pricesByVersion(await manager.find(PriceEntity));
    const packs = await manager.find(CreditPackEntity, { order: { rank: 'ASC', id: 'ASC' } });
    const first = assortmentOf(-Infinity, new Set([1]), plans, packs);
    return {
      plans: first.plans,
      packs: first.packs,
      priceLists: lists.map((list) => priceListOf(list, operations, prices.get(list.version))),
      assortments: assortmentsOf(editions, plans, packs),
    };
  });
}

/** What is sold from each edition on that changes a plan or a pack. The first edition is left out: what it sells is sold from the beginning. */
function assortmentsOf(editions: CatalogEditionEntity[], plans: PlanEntity[], packs: CreditPackEntity[]): Assortment[] {
  const appended = new Set([1]);
  const assortments: Assortment[] = [];
  for (const { number, effectiveAt } of editions) {
    if (number === 1) continue;
    appended.add(number);
    if ([...plans, ...packs].some(({ edition }) => edition === number))
      assortments.push(assortmentOf(effectiveAt, new Set(appended), plans, packs));
  }
  return assortments;
}

/** Of each plan and pack the newest row among some editions. */
function assortmentOf(
  effectiveAt: number,
  editions: ReadonlySet<number>,
  planRows: PlanEntity[],
  packRows: CreditPackEntity[],
): Assortment {
  const newest = <T extends { edition: number }>(rows: T[], keyOf: (row: T) => string): T[] => {
    const found = new Map<string, T>();
    for (const row of rows)
      if (editions.has(row.edition) && row.edition >= (found.get(keyOf(row))?.edition ?? 0)) found.set(keyOf(row), row);
    return [...found.values()];
  };
  const plans = newest(planRows, ({ code }) => code).sort((a, b) => a.rank - b.rank);
  const packs = newest(packRows, ({ id }) => id).map(packOf);
  return {
    effectiveAt,
    plans: new Map(plans.map((plan) => [plan.code, planOf(plan)])),
    packs: packs.sort((a, b) => isOf(a, 'SCAN') - isOf(b, 'SCAN') || a.credits - b.credits),
  };
}

function isOf(pack: CreditPack, creditType: CreditPack['creditType']): number {
  return pack.creditType === creditType ? 1 : 0;
}

function planOf({ priceMinor, priceCurrency, edition: _edition, ...plan }: PlanEntity): Plan {
  const price =
    priceMinor === null || priceCurrency === null ? null : { amountMinor: priceMinor, currency: priceCurrency };
  return { ...plan, price };
}

function priceListOf(
  list: PriceListEntity,
  operations: OperationEntity[],
  credits: ReadonlyMap<string, number> = new Map(),
): PriceList {
  const priced = new Map<string, Operation>();
  const unreadable = new Map<string, Pick<Operation, 'credits' | 'creditType'>>();
  for (const { rank: _rank, edition: _edition, ...operation } of operations) {
    const cost = credits.get(operation.code);
    if (cost === undefined) continue;
    if (isReadable(operation)) priced.set(operation.code, { ...operation, credits: cost });
    else unreadable.set(operation.code, { creditType: operation.creditType, credits: cost });
  }
  return {
    version: list.version,
    effectiveAt: list.effectiveAt,
    sandbox: list.sandbox,
    operations: priced,
    unreadable,
  };
}

/** Whether this version of the program knows all that an operation says; a newer one may have brought it. */
function isReadable({ feature, type, size, creditType, requires }: Omit<OperationEntity, 'rank' | 'edition'>): boolean {
  return (
    feature in FeatureEnum &&
    type in OperationTypeEnum &&
    (size === null || size in SizeEnum) &&
    creditType in CreditTypeEnum &&
    ACCESSES.has(requires)
  );
}

function packOf({ priceMinor, priceCurrency, edition: _edition, ...pack }: CreditPackEntity): CreditPack {
  return { ...pack, price: { amountMinor: priceMinor, currency: priceCurrency } };
}
