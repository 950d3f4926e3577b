import type { PurchaseState } from './purchase.js';
import type { GrantState } from './state.js';

const DAY_MS = 86_400_000;

/** Why nothing of a purchase can be refunded. */
export type RefundProblem = 'NOT_PAID' | 'WINDOW_PASSED' | 'NOTHING_UNUSED' | 'DISPUTED' | 'WORK_MAY_STILL_LAND';

/** What late commits may still claim of a credit type. */
export interface LateClaims {
  readonly credits: number;
  /** The instant until which a refund window is prolonged, since such holds expired before it ended; null: it is not. */
  readonly prolongsTo: number | null;
}
export const NO_CLAIMS: LateClaims = { credits: 0, prolongsTo: null };

/** What a refund of all that is unused would do now. */
export interface Refundable {
  /** Null: it may be done. */
  readonly problem: RefundProblem | null;
  /** Credits that money is given back for: of bought ones first, then of the bonus. */
  readonly credits: number;
  readonly ofBought: number;
  readonly ofBonus: number;
  /** Free credits that are revoked with them. */
  readonly revokedBought: number;
  readonly revokedBonus: number;
  /** Money, minor units. */
  readonly amountMinor: number;
}

/** The instant from which on a purchase cannot be refunded any more; null: it is not paid. Late claims may prolong it. */
export function refundableUntil({ paidAt, refundWindowDays }: PurchaseState): number | null {
  return paidAt === null ? null : paidAt + refundWindowDays * DAY_MS;
}

function sumOf(grants: readonly GrantState[], of: (grant: GrantState) => number): number {
  return grants.reduce((sum, grant) => sum + of(grant), 0);
}

/** Money back so far for so many refunded credits, by the purchase's own price and credits: rounded down, so that parts never add up to more. */
export function moneyBackFor({ priceMinor, credits }: PurchaseState, refundedCredits: number): number {
  return Number((BigInt(refundedCredits) * BigInt(priceMinor)) / BigInt(credits));
}

/**
 * What can be refunded of a purchase now: the one rule for what is shown, previewed and done.
 *
 * `max(0, min(available of its grants, bought - paid credits spent - held - expired - revoked by a dispute and not given back - bonus spent or
 * held - refunded so far))`, and at most what the account has available less what late commits may still claim.
 *
 * @param grants  all that the purchase brought: bought credits, the bonus, and what a won dispute gave back
 * @param available  what the account owns and has free of that credit type, with what waits
 * Source: docs/domain.md, Plans, packs, payments, refunds
 */
export function refundable(
  purchase: PurchaseState,
  grants: readonly GrantState[],
  { available, claims, now }: { readonly available: number; readonly claims: LateClaims; readonly now: number },
): Refundable {
  const bought = grants.filter(({ source }) => source === 'PURCHASE');
  const bonus = grants.filter(({ source }) => source === 'BONUS');
  // What is granted beyond what was bought, won disputes gave back.
  const restored = sumOf(bought, ({ granted }) => granted) - purchase.credits;
  const disputed = sumOf(bought, ({ revoked }) => revoked) - purchase.refundRevoked - restored;
  const used = sumOf(bought, ({ spent, held, expired }) => spent + held + expired);
  const bonusUsed = sumOf(bonus, ({ spent, held }) => spent + held);
  const freeBought = sumOf(bought, (grant) => grant.available);
  const freeBonus = sumOf(bonus, (grant) => grant.available);
  const free = freeBought + freeBonus;
  const unused = purchase.credits - used - disputed - bonusUsed - purchase.refundedCredits;
  const uncovered = Math.max(0, Math.min(free, unused));
  const most = Math.max(0, available - claims.credits);
  const problem = problemOf(purchase, uncovered, most, claims, now);
  const credits = problem === null ? Math.min(uncovered, most) : 0;
  const ofBought = Math.min(credits, freeBought);
  const revoked = credits === 0 ? 0 : Math.min(free - credits, most - credits);
  const revokedBought = Math.min(revoked, freeBought - ofBought);
  return {
    problem,
    credits,
    ofBought,
    ofBonus: credits - ofBought,
    revokedBought,
    revokedBonus: revoked - revokedBought,
    amountMinor:
      credits === 0 ? 0 : moneyBackFor(purchase, purchase.refundedCredits + credits) - purchase.refundedMinor,
  };
}

function problemOf(
  purchase: PurchaseState,
  uncovered: number,
  most: number,
  claims: LateClaims,
  now: number,
): RefundProblem | null {
  const until = refundableUntil(purchase);
  if (until === null) return 'NOT_PAID';
  if (purchase.status === 'DISPUTED' || purchase.status === 'CHARGED_BACK') return 'DISPUTED';
  if (now >= Math.max(until, claims.prolongsTo ?? 0)) return 'WINDOW_PASSED';
  if (uncovered === 0) return 'NOTHING_UNUSED';
  return most === 0 ? 'WORK_MAY_STILL_LAND' : null;
}
