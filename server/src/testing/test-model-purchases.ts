import type { CreditType, PlanCode } from '../catalog/catalog.js';
import { type ModelGrant, type ModelHold, type ModelMove, type ModelPurchase } from './test-model-credits.js';

/*
 * Packs, payments, refunds and disputes of the model, written from docs/domain.md, section 9, alone. What moved of a purchase is a list of
 * movements, and every figure of it is added up from that list whenever it is asked for.
 */

/** Money on its way back to the buyer. */
export interface ModelRefund {
  readonly purchase: string;
  readonly payment: string;
  readonly amount: number;
  readonly reason: 'REFUND' | 'UNWANTED';
  isSent: boolean;
}

/** The model, as far as money moves in it. */
export interface BilledBooks {
  readonly plan: PlanCode;
  /** Of the group that is being decided. */
  readonly nextVersion: number;
  readonly grants: ReadonlyMap<string, ModelGrant>;
  readonly holds: ReadonlyMap<string, ModelHold>;
  readonly purchases: Map<string, ModelPurchase>;
  readonly refunds: Map<string, ModelRefund>;
  /** Events of purchases that this version tells. */
  tells: string[];
  give(grant: {
    readonly id: string;
    readonly type: CreditType;
    readonly source: 'PURCHASE' | 'BONUS';
    readonly from: number;
    readonly until: number;
    readonly available: number;
    readonly purchase: string;
  }): void;
}

const DAY = 86_400_000;
export const PARTS = ['PURCHASE', 'BONUS'] as const;

/** Anchor + n months in UTC, the day clamped. */
export function monthsAfter(anchor: number, months: number): number {
  const date = new Date(anchor);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), last)) + (anchor % DAY);
}

/** The grants of a purchase, those too that a won dispute gave back; `of`: bought ones, or the bonus. */
export function grantsOf(books: Pick<BilledBooks, 'grants'>, purchase: ModelPurchase, of?: ModelMove['of']) {
  return [...books.grants.values()].filter(
    (grant) => grant.purchase === purchase.id && (of === undefined || grant.source === of),
  );
}

/** Credits of a purchase that moved so, of all that it brought or of one part. */
export function moved(purchase: ModelPurchase, is: ModelMove['is'], of?: ModelMove['of']): number {
  return purchase.moves.reduce(
    (sum, move) => sum + (move.is === is && (of === undefined || move.of === of) ? move.credits : 0),
    0,
  );
}

/** Money back for so many credits, as it is said: floor(refunded credits so far x price paid / credits bought). */
export function moneyFor(purchase: ModelPurchase, refunded: number): number {
  return Math.floor((refunded * purchase.price) / purchase.credits);
}

export const total = <T>(of: readonly T[], figure: (one: T) => number): number =>
  of.reduce((sum, one) => sum + figure(one), 0);

/** Paid credits and bonus that are used up or bound, and what a dispute took and did not give back. */
export function usedOf(books: Pick<BilledBooks, 'grants'>, purchase: ModelPurchase): number {
  const paid = grantsOf(books, purchase, 'PURCHASE');
  const bonus = grantsOf(books, purchase, 'BONUS');
  const disputed = moved(purchase, 'revoked by dispute', 'PURCHASE') - moved(purchase, 'given back', 'PURCHASE');
  return (
    total(paid, ({ spent }) => spent) +
    total(paid, ({ held }) => held) +
    total(paid, ({ expired }) => expired) +
    disputed +
    total(bonus, ({ spent, held }) => spent + held)
  );
}

export interface ModelRefundable {
  /** Why not; null: it may be refunded. */
  readonly why: string | null;
  readonly credits: number;
  readonly revoked: number;
  readonly money: number;
}

/** What a refund would do: the one formula of the law. */
export function refundableOf(books: BilledBooks, purchase: ModelPurchase, now: number): ModelRefundable {
  const nothing = (why: string): ModelRefundable => ({ why, credits: 0, revoked: 0, money: 0 });
  if (purchase.paidAt === null) return nothing('NOT_PAID');
  if (purchase.status === 'DISPUTED' || purchase.status === 'CHARGED_BACK') return nothing('DISPUTED');
  const late = [...books.holds.values()].filter(
    ({ type, status, heldAtExpiry, until }) =>
      type === purchase.type && status === 'EXPIRED' && heldAtExpiry > 0 && now <= until + DAY,
  );
  const windowEnds = purchase.paidAt + purchase.windowDays * DAY;
  const mayLand = late.some(({ until }) => until < windowEnds && now < until + DAY);
  if (now >= windowEnds && !mayLand) return nothing('WINDOW_PASSED');
  const refunded = moved(purchase, 'refunded');
  const free = total(grantsOf(books, purchase), ({ available }) => available);
  const unused = Math.max(0, Math.min(free, purchase.credits - usedOf(books, purchase) - refunded));
  if (unused === 0) return nothing('NOTHING_UNUSED');
  const owned = total(
    [...books.grants.values()].filter(({ type }) => type === purchase.type),
    ({ available }) => available,
  );
  const uncovered = Math.max(0, owned - total(late, ({ heldAtExpiry }) => heldAtExpiry));
  if (uncovered === 0) return nothing('WORK_MAY_STILL_LAND');
  const credits = Math.min(unused, uncovered);
  return {
    why: null,
    credits,
    revoked: Math.min(free - credits, uncovered - credits),
    money: moneyFor(purchase, refunded + credits) - moneyFor(purchase, refunded),
  };
}
