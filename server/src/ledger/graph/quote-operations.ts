import { type Catalog, cheapestCost, readPlan } from '../../catalog/catalog.js';
import { affordableQuantities, findAlternatives, offersCovering } from '../../catalog/price-operations.js';
import type { CoveringOffers, OperationLine, PricedLine } from '../../catalog/price-operations.js';
import type { QuotePayload } from '../../catalog/quote-payload.js';
import type { AccountSnapshot } from './account-snapshot.js';
import { balanceLevel, balanceOf } from '../core/balance.js';
import { assessWork } from '../core/assess-work.js';
import type { BudgetRefusal, Refusal, WorkAssessed } from '../core/outcome.js';
import { type DecisionRules, pricedAt } from '../core/rules.js';
import type { BalanceView, CreditState } from '../core/state.js';

const QUOTE_LIFE_MS = 10 * 60_000;

/** A quoted line: at 0 when a courtesy would pay for it, and how many of it the balance pays. */
export interface QuotedLine extends PricedLine {
  readonly affordableQuantity: number;
}

/** A binding price and how it stands to the balance. `payload` is what its token promises. */
export interface QuotedOperations extends CoveringOffers {
  readonly kind: 'Quoted';
  readonly payload: QuotePayload;
  readonly lines: readonly QuotedLine[];
  readonly balance: BalanceView;
  readonly sufficient: boolean;
  /** Whether a reserve would succeed now. */
  readonly allowed: boolean;
  readonly blockedBy: BudgetRefusal | null;
  /** What is set aside for other work, as far as the caller may know of it. */
  readonly setAside: number;
  readonly shortfall: number;
  readonly availableAfter: number;
  readonly lowAfter: boolean;
  readonly alternatives: ReturnType<typeof findAlternatives>;
}

/** What budgets and set-asides say to the work, in an account that has some. */
export type WorkLimits = Pick<WorkAssessed, 'setAside' | 'setAsideSeen' | 'blockedBy'>;

const NO_LIMITS: WorkLimits = { setAside: 0, setAsideSeen: 0, blockedBy: null };

/**
 * Prices operations on the list in force for the account and says how the balance stands to it. Pure: quoting writes nothing.
 *
 * A courtesy is said as the ledger would decide it now (total 0, sufficient); it decides again when the quote is reserved, since a courtesy
 * counts when reserved: a quoted 0 holds as long as the day has a courtesy left, else the unit price that the line says.
 *
 * @param lines  in range: 1 to 100, each 1 to 10,000
 * Source: docs/domain.md, Quote, reserve, commit; Catalogue
 */
export function quoteOperations(
  catalog: Catalog,
  { state, now, databaseNow }: AccountSnapshot,
  lines: readonly OperationLine[],
  crossLevels: DecisionRules['crossLevels'],
  limits: WorkLimits = NO_LIMITS,
): QuotedOperations | Refusal {
  const context = { now, ...pricedAt(catalog, state.sandbox, now, databaseNow) };
  const assessed = assessWork(state, { operations: lines, quote: null }, context, () => limits.setAside);
  if (assessed.kind !== 'assessed') return assessed;
  const { pricing, total, available } = assessed;
  const { catalog: offered, prices: list } = context;
  const plan = readPlan(offered, state.plan);
  const { creditType } = pricing;
  const balance = balanceOf(state, creditType);
  const shortfall = Math.max(0, total - available);
  const isCourtesy = assessed.courtesy !== null;
  const sufficient = shortfall === 0;
  const availableAfter = sufficient ? balance.available - total : 0;
  const affordable = isCourtesy
    ? pricing.lines.map(({ quantity }) => quantity)
    : affordableQuantities(pricing.lines, available);
  return {
    kind: 'Quoted',
    payload: {
      accountId: state.id,
      priceListVersion: list.version,
      creditType,
      lines: pricing.lines.map(({ operation, quantity, unitCredits }) => [operation.code, quantity, unitCredits]),
      total,
      expiresAt: now + QUOTE_LIFE_MS,
    },
    lines: pricing.lines.map((line, index) => ({
      ...line,
      credits: isCourtesy ? 0 : line.credits,
      affordableQuantity: affordable[index] ?? 0,
    })),
    balance,
    sufficient,
    allowed: sufficient && limits.blockedBy === null,
    blockedBy: limits.blockedBy,
    setAside: limits.setAsideSeen,
    shortfall,
    availableAfter,
    lowAfter: isLowAt(
      state.credits[creditType],
      balance.available,
      availableAfter,
      cheapestCost(list, creditType),
      crossLevels,
    ),
    alternatives: findAlternatives(list, plan, isCourtesy ? [] : pricing.lines, total, available),
    ...(sufficient
      ? { smallestPack: null, upgrade: null }
      : offersCovering(offered, plan, creditType, state.credits[creditType].allowance, shortfall)),
  };
}

/** Whether the level would be anything but OK once `availableAfter` is left. */
function isLowAt(
  credits: CreditState,
  available: number,
  availableAfter: number,
  cheapest: number,
  crossLevels: DecisionRules['crossLevels'],
): boolean {
  const after = { available: availableAfter, held: credits.held + available - availableAfter };
  const { rules } = crossLevels(credits.levels, { available }, after, cheapest, { start: false });
  return balanceLevel(rules, availableAfter) !== 'OK';
}
