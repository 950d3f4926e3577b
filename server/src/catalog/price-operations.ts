import { LINES_MAX, LINE_QUANTITY_MAX } from '@aibc/shared/amounts';
import type { Catalog, CreditPack, CreditType, Operation, Plan, PlanCode, PriceList } from './catalog.js';
import { isInPlan } from './catalog.js';

/** What a caller asks for: so many of one operation, by its code. */
export interface OperationLine {
  readonly operation: string;
  readonly quantity: number;
}

/** A line with its price. `credits` is `quantity * unitCredits`, or 0 when a courtesy pays for it. */
export interface PricedLine {
  readonly operation: Operation;
  readonly quantity: number;
  readonly unitCredits: number;
  readonly credits: number;
}

export interface PricedOperations {
  readonly kind: 'Priced';
  readonly creditType: CreditType;
  readonly lines: readonly PricedLine[];
  readonly total: number;
}

export interface OperationUnknown {
  readonly kind: 'OperationUnknown';
  readonly operation: string;
}

export interface OperationNotInPlan {
  readonly kind: 'OperationNotInPlan';
  readonly operation: string;
  readonly plan: PlanCode;
  /** The cheapest higher plan that includes it. */
  readonly upgrade: PlanCode | null;
}

export interface MixedCreditTypes {
  readonly kind: 'MixedCreditTypes';
}

export type PricingRefusal = OperationUnknown | OperationNotInPlan | MixedCreditTypes;
export type PricingResult = PricedOperations | PricingRefusal;

/**
 * What is wrong with the size of a list: the field to name in `InvalidAmount`, or null when it is in range.
 *
 * A list has 1 to 100 lines, a line 1 to 10,000 of an operation. Source: docs/domain.md, Amounts
 */
export function findInvalidLines(lines: readonly OperationLine[]): 'operations' | 'operations.quantity' | null {
  if (lines.length < 1 || lines.length > LINES_MAX) return 'operations';
  for (const { quantity } of lines) {
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > LINE_QUANTITY_MAX) return 'operations.quantity';
  }
  return null;
}

/**
 * Prices operations on one price list for one plan.
 *
 * Checked in this order, each over all lines: every code is known, all are of one credit type, the plan includes each.
 *
 * @param lines  in range, see `findInvalidLines`
 * @throws RangeError for an empty list, a quantity that is not a positive whole number, or a total above 2^53-1
 * Source: docs/domain.md, Quote, reserve, commit
 */
export function priceOperations(
  catalog: Catalog,
  list: PriceList,
  plan: Plan,
  lines: readonly OperationLine[],
): PricingResult {
  return priceLines(catalog, list, plan, lines, (operation) => operation.credits);
}

/**
 * Prices a quote's lines again: the units as the quote says, the plan as it is now.
 *
 * @param list  the list of the quote's version
 * @param lines  code, quantity and unit price, as in `QuotePayload`
 * @throws RangeError as `priceOperations`
 * Source: docs/domain.md, Quote, reserve, commit
 */
export function priceQuotedLines(
  catalog: Catalog,
  list: PriceList,
  plan: Plan,
  lines: readonly (readonly [operation: string, quantity: number, unitCredits: number])[],
): PricingResult {
  const asked = lines.map(([operation, quantity]) => ({ operation, quantity }));
  return priceLines(catalog, list, plan, asked, (operation, index) => lines[index]?.[2] ?? operation.credits);
}

function priceLines(
  catalog: Catalog,
  list: PriceList,
  plan: Plan,
  lines: readonly OperationLine[],
  unitOf: (operation: Operation, index: number) => number,
): PricingResult {
  const operations: Operation[] = [];
  for (const line of lines) {
    const operation = list.operations.get(line.operation);
    if (operation === undefined) return { kind: 'OperationUnknown', operation: line.operation };
    operations.push(operation);
  }
  const creditType = operations[0]?.creditType;
  if (creditType === undefined) throw new RangeError('a list of operations has at least one line');
  if (operations.some((operation) => operation.creditType !== creditType)) return { kind: 'MixedCreditTypes' };
  const refused = operations.find((operation) => !isInPlan(plan, operation));
  if (refused !== undefined) {
    const upgrade = cheapestPlanAbove(catalog, plan, (higher) => isInPlan(higher, refused));
    return { kind: 'OperationNotInPlan', operation: refused.code, plan: plan.code, upgrade: upgrade?.code ?? null };
  }

  let total = 0;
  const priced = operations.map((operation, index): PricedLine => {
    const quantity = lines[index]?.quantity ?? 0;
    if (!Number.isSafeInteger(quantity) || quantity < 1) throw new RangeError(`${quantity} is not a quantity`);
    const unitCredits = unitOf(operation, index);
    const credits = quantity * unitCredits;
    total += credits;
    if (!Number.isSafeInteger(credits) || !Number.isSafeInteger(total))
      throw new RangeError('the total is above 2^53-1');
    return { operation, quantity, unitCredits, credits };
  });
  return { kind: 'Priced', creditType, lines: priced, total };
}

/**
 * Per line how many a balance pays, at most the quantity asked, after the lines before it took what they could.
 *
 * A line that costs nothing is always paid in full. Source: docs/domain.md, Quote, reserve, commit
 */
export function affordableQuantities(lines: readonly PricedLine[], available: number): number[] {
  let left = available;
  return lines.map(({ quantity, unitCredits }) => {
    if (unitCredits === 0) return quantity;
    const affordable = Math.min(quantity, Math.floor(left / unitCredits));
    left -= affordable * unitCredits;
    return affordable;
  });
}

/**
 * Cheaper ways to do the same kind of work that the balance can pay for, dearest first, each once.
 *
 * An alternative shares feature, type and credit type with a line, costs less a unit, is in the plan, and makes the whole list fit
 * `available` when it stands in for that line at the same quantity.
 * Source: docs/domain.md, Quote, reserve, commit
 */
export function findAlternatives(
  list: PriceList,
  plan: Plan,
  lines: readonly PricedLine[],
  total: number,
  available: number,
): Operation[] {
  const found = new Set<Operation>();
  for (const candidate of list.operations.values()) {
    if (!isInPlan(plan, candidate)) continue;
    const fits = lines.some(
      ({ operation, quantity, unitCredits, credits }) =>
        operation.feature === candidate.feature &&
        operation.type === candidate.type &&
        operation.creditType === candidate.creditType &&
        candidate.credits < unitCredits &&
        total - credits + quantity * candidate.credits <= available,
    );
    if (fits) found.add(candidate);
  }
  return [...found].sort((a, b) => b.credits - a.credits);
}

/** The smallest pack of a credit type whose credits and bonus cover a shortfall, or null. Source: docs/domain.md, Saying no. */
export function smallestPackFor(catalog: Catalog, creditType: CreditType, shortfall: number): CreditPack | null {
  let smallest: CreditPack | null = null;
  for (const pack of catalog.packs) {
    if (pack.creditType !== creditType || creditsOf(pack) < shortfall) continue;
    if (smallest === null || creditsOf(pack) < creditsOf(smallest)) smallest = pack;
  }
  return smallest;
}

function creditsOf(pack: CreditPack): number {
  return pack.credits + pack.bonusCredits;
}

/**
 * The cheapest higher plan whose upgrade grant covers a shortfall of STANDARD credits, or null.
 *
 * @param highestAllowanceGranted  the highest allowance already granted in this period, which an upgrade grant is reduced by
 * Source: docs/domain.md, Saying no
 */
export function upgradeFor(
  catalog: Catalog,
  plan: Plan,
  highestAllowanceGranted: number,
  shortfall: number,
): Plan | null {
  return cheapestPlanAbove(
    catalog,
    plan,
    (higher) => Math.max(0, higher.monthlyCredits - highestAllowanceGranted) >= shortfall,
  );
}

/** What would pay for work that the balance does not: each null where nothing does. */
export interface CoveringOffers {
  /** The smallest pack that covers the shortfall, where the plan may buy. */
  readonly smallestPack: CreditPack | null;
  /** The plan whose upgrade would cover it. */
  readonly upgrade: Plan | null;
}

/**
 * What covers a shortfall: the same for a quote and for a refusal.
 *
 * @param highestAllowanceGranted  as of `upgradeFor`
 * @param shortfall  above 0
 * Source: docs/domain.md, Saying no
 */
export function offersCovering(
  catalog: Catalog,
  plan: Plan,
  creditType: CreditType,
  highestAllowanceGranted: number,
  shortfall: number,
): CoveringOffers {
  return {
    smallestPack: plan.canPurchase ? smallestPackFor(catalog, creditType, shortfall) : null,
    upgrade: creditType === 'STANDARD' ? upgradeFor(catalog, plan, highestAllowanceGranted, shortfall) : null,
  };
}

function cheapestPlanAbove(catalog: Catalog, plan: Plan, suits: (higher: Plan) => boolean): Plan | null {
  const higher = [...catalog.plans.values()].filter((other) => other.rank > plan.rank && suits(other));
  const priceOf = (other: Plan): number => other.price?.amountMinor ?? Number.MAX_SAFE_INTEGER;
  return higher.sort((a, b) => priceOf(a) - priceOf(b) || a.rank - b.rank)[0] ?? null;
}
