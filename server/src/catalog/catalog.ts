export type CreditType = 'STANDARD' | 'SCAN';
export type PlanCode = 'FREE' | 'PRO' | 'ENTERPRISE';
export type Feature = 'PRODUCTION_ROOM' | 'CONTENT' | 'BRAND_SCAN' | 'MEDIA_LIBRARY';
export type OperationType = 'IMAGE' | 'AUDIO' | 'VIDEO' | 'REGENERATION' | 'DEEP_SCAN' | 'TEXT' | 'SCAN' | 'UPLOAD';
export type Size = 'SHORT' | 'MID' | 'LONG';

/** What a plan must include before an operation may be used. */
export type PlanAccess = 'PRODUCTION_ROOM' | 'DEEP_SCANS';

/** An amount of money in minor units (700 is 7.00) of an ISO 4217 currency. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

export interface Plan {
  readonly code: PlanCode;
  readonly name: string;
  /** Allowance a period, STANDARD credits. */
  readonly monthlyCredits: number;
  readonly productionRoom: boolean;
  readonly deepScans: boolean;
  readonly canPurchase: boolean;
  /** The most unspent credits of an allowance that live on for one more period. */
  readonly rolloverCap: number;
  /** A month; null: by agreement. */
  readonly price: Money | null;
  /** Higher is more; an upgrade goes to a higher rank. */
  readonly rank: number;
}

export interface Operation {
  readonly code: string;
  readonly name: string;
  readonly feature: Feature;
  readonly type: OperationType;
  readonly size: Size | null;
  readonly creditType: CreditType;
  /** Price of one unit on its price list. */
  readonly credits: number;
  readonly description: string;
  /** Null: every plan includes it. */
  readonly requires: PlanAccess | null;
  /** How many an account-day may pass at 0 when the balance is too low. */
  readonly courtesyPerDay: number;
}

export interface PriceList {
  readonly version: number;
  /** Epoch milliseconds. */
  readonly effectiveAt: number;
  readonly operations: ReadonlyMap<string, Operation>;
}

export interface CreditPack {
  readonly id: string;
  readonly name: string;
  readonly creditType: CreditType;
  readonly credits: number;
  readonly bonusCredits: number;
  readonly price: Money;
  /** Null: never. */
  readonly expiresAfterMonths: number | null;
  readonly refundWindowDays: number;
  readonly rank: number;
}

/** All that is sold and what it costs, as it was read at one moment. Never changes; a later state is another object. */
export interface Catalog {
  /** In order of rank. */
  readonly plans: ReadonlyMap<PlanCode, Plan>;
  /** By `effectiveAt`, then version, ascending; never empty. */
  readonly priceLists: readonly PriceList[];
  /** In order of rank. */
  readonly packs: readonly CreditPack[];
}

/**
 * The price list in force at an instant: the last one effective at or before it.
 *
 * Before the first list takes effect the first one answers, so that every instant has prices.
 *
 * @param at  epoch milliseconds
 * @throws RangeError when the catalogue has no price list
 * Source: docs/domain.md, Catalogue
 */
export function priceListAt(catalog: Catalog, at: number): PriceList {
  const lists = catalog.priceLists;
  for (let index = lists.length - 1; index >= 0; index -= 1) {
    const list = lists[index];
    if (list !== undefined && list.effectiveAt <= at) return list;
  }
  const first = lists[0];
  if (first === undefined) throw new RangeError('the catalogue has no price list');
  return first;
}

/** The price list of a version, or null when there is none. A version never changes its prices. */
export function findPriceList(catalog: Catalog, version: number): PriceList | null {
  return catalog.priceLists.find((list) => list.version === version) ?? null;
}

/**
 * The plan of a code.
 *
 * @throws RangeError when the catalogue does not have it
 */
export function readPlan(catalog: Catalog, code: PlanCode): Plan {
  const plan = catalog.plans.get(code);
  if (plan === undefined) throw new RangeError(`the catalogue has no plan ${code}`);
  return plan;
}

/** Whether a plan lets an operation be used. Source: docs/domain.md, Catalogue. */
export function isInPlan(plan: Plan, operation: Operation): boolean {
  switch (operation.requires) {
    case null:
      return true;
    case 'PRODUCTION_ROOM':
      return plan.productionRoom;
    case 'DEEP_SCANS':
      return plan.deepScans;
  }
}

const cheapestOf = new WeakMap<PriceList, Record<CreditType, number>>();

/**
 * The cheapest operation of a credit type that costs something, in credits; 1 when none does.
 *
 * It is the least distance by which a low-balance warning must be cleared. Computed once per list.
 * Source: docs/domain.md, Thresholds
 */
export function cheapestCost(list: PriceList, creditType: CreditType): number {
  let costs = cheapestOf.get(list);
  if (costs === undefined) {
    costs = { STANDARD: cheapestIn(list, 'STANDARD'), SCAN: cheapestIn(list, 'SCAN') };
    cheapestOf.set(list, costs);
  }
  return costs[creditType];
}

function cheapestIn(list: PriceList, creditType: CreditType): number {
  let cheapest = Infinity;
  for (const operation of list.operations.values()) {
    if (operation.creditType === creditType && operation.credits > 0) cheapest = Math.min(cheapest, operation.credits);
  }
  return cheapest === Infinity ? 1 : cheapest;
}
