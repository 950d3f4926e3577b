import { dayAt } from '../../accounts/periods.js';
import { findPriceList, readPlan } from '../../catalog/catalog.js';
import { priceOperations, priceQuotedLines, type PricedOperations } from '../../catalog/price-operations.js';
import type { OperationLine, PresentedQuote } from './command.js';
import { usableCredits } from './hold-credits.js';
import type { Refusal } from './outcome.js';
import type { DecisionContext } from './rules.js';
import type { KeptFor } from './set-asides.js';
import type { AccountState } from './state.js';

/** What changes on an account's head when a courtesy passes. */
interface Courtesy {
  readonly courtesyDay: string;
  readonly courtesyUsed: number;
}

/** What reserving some work would come to now. */
export interface AssessedWork {
  readonly kind: 'assessed';
  readonly pricing: PricedOperations;
  readonly priceListVersion: number;
  /** Null: it is paid with credits. */
  readonly courtesy: Courtesy | null;
  /** Credits to hold: 0 where a courtesy passes. */
  readonly total: number;
  /** What this work can use of that credit type: all that is available, less what is set aside for other work. */
  readonly available: number;
  /** What is set aside for other work. */
  readonly setAside: number;
}

interface Priced {
  readonly kind: 'priced';
  readonly pricing: PricedOperations;
  readonly priceListVersion: number;
}

/**
 * Prices work for an account and says what it would take: the one answer from which a quote and a reservation are made, so that a quote
 * is the dry run of the reserve. Whether the credits suffice is for the caller to compare: `total` against `available`.
 *
 * @param work  operations, or the quote that was made of them
 * @param kept  what set-asides keep for other work, once it is priced; null: nothing
 * @param mayPass  whether a courtesy may pass
 * @returns QuoteNotValid, OperationUnknown, MixedCreditTypes or OperationNotInPlan where it cannot be reserved at all
 * Source: docs/domain.md, Quote, reserve, commit; Catalogue
 */
export function assessWork(
  head: AccountState,
  work: { readonly operations: readonly OperationLine[]; readonly quote: PresentedQuote | null },
  context: Pick<DecisionContext, 'now' | 'catalog' | 'prices'>,
  kept: KeptFor | null,
  mayPass = true,
): AssessedWork | Refusal {
  const priced = price(head, work, context);
  if (priced.kind !== 'priced') return priced;
  const { pricing, priceListVersion } = priced;
  const setAside = kept === null ? 0 : kept(pricing);
  const available = usableCredits(head, pricing.creditType) - setAside;
  const quotedTotal = work.quote?.payload?.total ?? pricing.total;
  const courtesy = mayPass ? takeCourtesy(head, pricing, quotedTotal, available, context.now) : null;
  const total = courtesy ? 0 : pricing.total;
  // A quote never charges more than it said: the courtesy that it promised is used up.
  if (total > quotedTotal) return { kind: 'QuoteNotValid', reason: 'COURTESY_USED' };
  return { kind: 'assessed', pricing, priceListVersion, courtesy, total, available, setAside };
}

function price(
  head: AccountState,
  { operations, quote }: { readonly operations: readonly OperationLine[]; readonly quote: PresentedQuote | null },
  { catalog, prices, now }: Pick<DecisionContext, 'now' | 'catalog' | 'prices'>,
): Priced | Refusal {
  const plan = readPlan(catalog, head.plan);
  if (!quote) {
    const pricing = priceOperations(catalog, prices, plan, operations);
    return pricing.kind === 'Priced' ? { kind: 'priced', pricing, priceListVersion: prices.version } : pricing;
  }
  const { payload } = quote;
  if (!payload) return { kind: 'QuoteNotValid', reason: 'FORGED' };
  if (payload.accountId !== head.id) return { kind: 'QuoteNotValid', reason: 'OTHER_ACCOUNT' };
  if (now >= payload.expiresAt) return { kind: 'QuoteNotValid', reason: 'EXPIRED' };
  // This process may not have read the list that the quote was priced on: then prices come from the token, names from today's list.
  const { priceListVersion, lines } = payload;
  const pricing = priceQuotedLines(catalog, findPriceList(catalog, priceListVersion) ?? prices, plan, lines);
  return pricing.kind === 'Priced' ? { kind: 'priced', pricing, priceListVersion } : pricing;
}

/**
 * The courtesy: alone in its request, quantity 1, with too few credits, such an operation passes at 0 so many times an
 * account-day. It counts when it is reserved, once.
 *
 * @returns null when there is no courtesy
 * Source: docs/domain.md, Catalogue
 */
function takeCourtesy(
  head: AccountState,
  { lines, total }: PricedOperations,
  quotedTotal: number,
  available: number,
  now: number,
): Courtesy | null {
  const [line] = lines;
  if (lines.length !== 1 || line?.quantity !== 1 || line.operation.courtesyPerDay === 0) return null;
  // A quote that said 0 stays 0, also when the account has enough credits by now.
  const isQuoted = total > 0 && quotedTotal === 0;
  if (total <= available && !isQuoted) return null;
  const day = dayAt(now, head.timeZone);
  const used = head.courtesyDay === day ? head.courtesyUsed : 0;
  return used < line.operation.courtesyPerDay ? { courtesyDay: day, courtesyUsed: used + 1 } : null;
}
