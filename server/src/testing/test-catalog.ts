import type { Catalog, Operation, PriceList } from '../catalog/catalog.js';
import { edition } from '../catalog/editions/0001-first.js';

/** Test clocks go back to this instant, and so do the first prices. */
const FIRST_EFFECTIVE_AT = Date.UTC(2000, 0, 1);

/**
 * What a database holds that was seeded with the first edition, made without a database, for tests of pure rules.
 *
 * A test in `catalog/append-editions.test.ts` compares it with such a database.
 */
export function firstCatalog(): Catalog {
  const { plans = [], packs = [], operations = [] } = edition;
  const priced = operations.map(({ after: _after, ...operation }): [string, Operation] => [
    operation.code,
    { size: null, creditType: 'STANDARD', requires: null, courtesyPerDay: 0, ...operation },
  ]);
  const list: PriceList = {
    version: 1,
    effectiveAt: FIRST_EFFECTIVE_AT,
    sandbox: null,
    operations: new Map(priced),
    unreadable: new Map(),
  };
  return {
    plans: new Map(plans.map((plan) => [plan.code, plan])),
    packs: packs.map((pack, rank) => ({ ...pack, rank })),
    priceLists: [list],
    assortments: [],
  };
}
