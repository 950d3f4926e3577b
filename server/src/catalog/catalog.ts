export type CreditType = 'STANDARD' | 'SCAN';
export const CREDIT_TYPES: readonly CreditType[] = ['STANDARD', 'SCAN'];
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
  /** True: prices of sandbox accounts; false: of live ones; null: of both. */
  readonly sandbox: boolean | null;
  readonly operations: ReadonlyMap<string, Operation>;
  /** What a newer version of the program sells and this one cannot, since it does not know the feature, type or access: by code. */
  readonly unreadable: ReadonlyMap<string, Pick<Operation, 'credits' | 'creditType'>>;
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

/** Plans and packs from an instant on. */
export interface Assortment {
  /** Epoch milliseconds. */
  readonly effectiveAt: number;
  /** In order of rank. */
  readonly plans: ReadonlyMap<PlanCode, Plan>;
  /** Smallest first within a credit type. */
  readonly packs: readonly CreditPack[];
}

/** All that is sold and what it costs, as it was read at one moment. Never changes; a later state is another object. */
export interface Catalog extends Pick<Assortment, 'plans' | 'packs'> {
  /** By `effectiveAt`, then version, ascending; never empty. */
  readonly priceLists: readonly PriceList[];
  /** Plans and packs by the instants at which they change, ascending; empty while they never did. `catalogAt` chooses. */
  readonly assortments: readonly Assortment[];
}

/**
 * The price list in force at an instant on one side: the last one effective at or before it, of two for one instant the higher version.
 *
 * Before the first list takes effect the first one answers, so that every instant has prices.
 *
 * @param at  epoch milliseconds
 * @param sandbox  the side: of sandbox accounts, or of live ones
 * @throws RangeError when the catalogue has no price list
 * Source: docs/domain.md, Catalogue
 */
export function priceListAt(catalog: Catalog, at: number, sandbox: boolean): PriceList {
  const lists = catalog.priceLists;
  let first: PriceList | undefined;
  for (let index = lists.length - 1; index >= 0; index -= 1) {
    const list = lists[index];
    if (list === undefined || list.sandbox === !sandbox) continue;
    if (list.effectiveAt <= at) return list;
    first = list;
  }
  if (first === undefined) throw new RangeError('the catalogue has no price list');
  return first;
}

const viewed = new WeakMap<Assortment, Catalog>();

/**
 * The catalogue with its plans and packs as they are at an instant; the very same object while they never changed.
 *
 * @param at  epoch milliseconds
 */
export function catalogAt(catalog: Catalog, at: number): Catalog {
  if (catalog.assortments.length === 0) return catalog;
  const assortment = catalog.assortments.findLast(({ effectiveAt }) => effectiveAt <= at);
  if (assortment === undefined) return catalog;
  let found = viewed.get(assortment);
  if (found === undefined) {
    found = { ...catalog, plans: assortment.plans, packs: assortment.packs };
    viewed.set(assortment, found);
  }
  return found;
}

/** The first instant after another at which prices, plans or packs change, epoch ms; Infinity: at none that is known. */
export function nextChange({ priceLists, assortments }: Catalog, after: number): number {
  let next = Infinity;
  for (const { effectiveAt } of [...priceLists, ...assortments])
    if (effectiveAt > after) next = Math.min(next, effectiveAt);
  return next;
}

/** The highest version of a price list in a catalogue. Every change of the catalogue by an edition or an operator has a higher one. */
export function newestVersion(catalog: Catalog): number {
  return catalog.priceLists.reduce((newest, { version }) => Math.max(newest, version), 0);
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
 * Source: docs/domain.md, Thresholds, events, notifications
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
  for (const operations of [list.operations, list.unreadable])
    for (const operation of operations.values())
      if (operation.creditType === creditType && operation.credits > 0)
        cheapest = Math.min(cheapest, operation.credits);
  return cheapest === Infinity ? 1 : cheapest;
}
