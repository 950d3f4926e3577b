import type { Catalog, CreditType, PlanCode } from '../catalog/catalog.js';
import type { Command } from '../ledger/core/commands.js';
import type { PurchaseStatus } from '../ledger/core/purchase.js';
import {
  type ModelGrant,
  type ModelHold,
  type ModelMove,
  type ModelPurchase,
  noteRecalled,
} from './test-model-credits.js';

/*
 * Packs, payments, refunds and disputes of the model, written from docs/domain.md, section 9, alone. What moved of a purchase is a list of
 * movements, and every figure of it is added up from that list whenever it is asked for.
 */

/** A command about money that the model decides. */
export type Billed = Extract<
  Command,
  {
    type:
      | 'purchase'
      | 'open-checkout'
      | 'settle-purchase'
      | 'send-refund'
      | 'refund-purchase'
      | 'preview-refund'
      | 'dispute-purchase';
  }
>;

/** Money on its way back to the buyer. */
export interface ModelRefund {
  readonly purchase: string;
  readonly payment: string;
  readonly amount: number;
  readonly reason: 'REFUND' | 'UNWANTED';
  isSent: boolean;
}

export type BilledAnswer =
  | { readonly kind: 'purchase'; readonly id: string }
  | { readonly kind: 'same' }
  | { readonly kind: 'no'; readonly why: string; readonly figures: readonly number[] };

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
const PARTS = ['PURCHASE', 'BONUS'] as const;
const SAME: BilledAnswer = { kind: 'same' };
const no = (why: string): BilledAnswer => ({ kind: 'no', why, figures: [] });

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

const total = <T>(of: readonly T[], figure: (one: T) => number): number =>
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

/** Decides a command about money at an instant at which nothing is due. */
export function decideBilled(books: BilledBooks, catalog: Catalog, command: Billed, now: number): BilledAnswer {
  if (command.type === 'purchase') return begin(books, catalog, command, now);
  if (command.type === 'send-refund') {
    const back = books.refunds.get(command.refundId);
    if (!back) return no('notFound');
    if (back.isSent) return SAME;
    back.isSent = true;
    return { kind: 'purchase', id: back.purchase };
  }
  const purchase = books.purchases.get(command.purchaseId);
  if (!purchase) return no('notFound');
  switch (command.type) {
    case 'open-checkout':
      if (purchase.hasCheckout) return SAME;
      purchase.hasCheckout = true;
      return changed(books, purchase);
    case 'settle-purchase':
      return settle(books, purchase, command, now);
    case 'refund-purchase':
      return refund(books, purchase, command.refundId, now);
    case 'preview-refund':
      return SAME;
    case 'dispute-purchase':
      return dispute(books, purchase, command, now);
  }
}

function changed(books: BilledBooks, purchase: ModelPurchase): BilledAnswer {
  purchase.version = books.nextVersion;
  return { kind: 'purchase', id: purchase.id };
}

function begin(
  books: BilledBooks,
  catalog: Catalog,
  { packId, provider, purchaseId }: Extract<Billed, { type: 'purchase' }>,
  now: number,
): BilledAnswer {
  const pack = catalog.packs.find(({ id }) => id === packId);
  if (!pack) return no('PackUnknown');
  if (books.plan === 'FREE') return no('PurchaseNotAllowed');
  if (provider === null) return no('PaymentsUnavailable');
  const purchase: ModelPurchase = {
    id: purchaseId,
    type: pack.creditType,
    credits: pack.credits,
    bonus: pack.bonusCredits,
    price: pack.price.amountMinor,
    currency: pack.price.currency,
    lasts: pack.expiresAfterMonths,
    windowDays: pack.refundWindowDays,
    from: now,
    until: now + DAY,
    status: 'PENDING',
    hasCheckout: false,
    needsBuyer: false,
    isSettled: false,
    payment: null,
    paidAt: null,
    expiresAt: null,
    dispute: null,
    takenByBank: 0,
    unrecovered: 0,
    sharedWithLateWork: false,
    moves: [],
    version: books.nextVersion,
  };
  books.purchases.set(purchaseId, purchase);
  return { kind: 'purchase', id: purchaseId };
}

function settle(
  books: BilledBooks,
  purchase: ModelPurchase,
  { fact, grantId, bonusGrantId, refundId }: Extract<Billed, { type: 'settle-purchase' }>,
  now: number,
): BilledAnswer {
  const isPending = purchase.status === 'PENDING';
  const end = (status: PurchaseStatus): BilledAnswer => {
    Object.assign(purchase, { status, isSettled: true, needsBuyer: false });
    return changed(books, purchase);
  };
  if (fact.is === 'needsBuyer') {
    if (!isPending || purchase.needsBuyer) return SAME;
    Object.assign(purchase, { needsBuyer: true, hasCheckout: true });
    books.tells.push(`PURCHASE_ACTION_REQUIRED ${purchase.id}`);
    return changed(books, purchase);
  }
  if (fact.is === 'failed' || fact.is === 'canceled') {
    if (!isPending) return purchase.isSettled ? SAME : end(purchase.status);
    if (fact.is === 'failed') books.tells.push(`PURCHASE_FAILED ${purchase.id}`);
    return end(fact.is === 'failed' ? 'FAILED' : 'CANCELED');
  }
  // A payment counts once by its id, whatever it did.
  if (purchase.payment === fact.paymentId || books.refunds.has(refundId)) return SAME;
  const { amountMinor, currency } = fact.price;
  if (purchase.payment !== null || amountMinor !== purchase.price || currency !== purchase.currency) {
    const back = { purchase: purchase.id, payment: fact.paymentId, amount: amountMinor };
    books.refunds.set(refundId, { ...back, reason: 'UNWANTED', isSent: false });
    return end(isPending ? 'CANCELED' : purchase.status);
  }
  purchase.payment = fact.paymentId;
  purchase.paidAt = now;
  purchase.expiresAt = purchase.lasts === null ? null : monthsAfter(now, purchase.lasts);
  const until = purchase.expiresAt ?? Infinity;
  const { type, credits, bonus, id } = purchase;
  books.give({ id: grantId, type, source: 'PURCHASE', from: now, until, available: credits, purchase: id });
  if (bonus > 0)
    books.give({ id: bonusGrantId, type, source: 'BONUS', from: now, until, available: bonus, purchase: id });
  books.tells.push(`PURCHASE_PAID ${id}`);
  return end('PAID');
}

function refund(books: BilledBooks, purchase: ModelPurchase, refundId: string, now: number): BilledAnswer {
  const said = refundableOf(books, purchase, now);
  if (said.why !== null) return no(`RefundNotAllowed ${said.why}`);
  const moves = [...purchase.moves];
  // From the paid grants first, then the bonus; what is then free of both is revoked.
  for (const [is, credits] of [
    ['refunded', said.credits],
    ['revoked by refund', said.revoked],
  ] as const) {
    let rest = credits;
    for (const part of PARTS)
      for (const grant of grantsOf(books, purchase, part)) {
        const taken = Math.min(rest, grant.available);
        grant.available -= taken;
        grant[is === 'refunded' ? 'refunded' : 'revoked'] += taken;
        rest -= taken;
        if (taken > 0) moves.push({ is, of: part, credits: taken });
      }
  }
  const left = total(grantsOf(books, purchase), ({ available }) => available);
  if (left > 0) purchase.sharedWithLateWork = true;
  purchase.moves = moves;
  if (said.money > 0) {
    const back = { purchase: purchase.id, payment: purchase.payment ?? '', amount: said.money };
    books.refunds.set(refundId, { ...back, reason: 'REFUND', isSent: false });
  }
  purchase.status = statusBy(purchase);
  books.tells.push(`PURCHASE_REFUNDED ${purchase.id}`);
  return changed(books, purchase);
}

/** By the money that went back. */
function statusBy(purchase: ModelPurchase): PurchaseStatus {
  const back = moneyFor(purchase, moved(purchase, 'refunded'));
  if (back === 0 && moved(purchase, 'refunded') === 0) return 'PAID';
  return back === purchase.price ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
}

function dispute(
  books: BilledBooks,
  purchase: ModelPurchase,
  { is, disputeId, amountMinor, grantId, bonusGrantId }: Extract<Billed, { type: 'dispute-purchase' }>,
  now: number,
): BilledAnswer {
  if (purchase.paidAt === null) return SAME;
  const isOpen = purchase.status === 'DISPUTED';
  if (purchase.dispute === disputeId && !isOpen) return SAME;
  if (is === 'opened' && (isOpen || purchase.status === 'CHARGED_BACK')) return SAME;
  // What another dispute of the same payment came to leaves the open one open.
  if (is === 'won' && isOpen && purchase.dispute !== disputeId) return SAME;
  if (is !== 'won' && !isOpen) takeBack(books, purchase);
  if (is === 'won' && isOpen) giveBack(books, purchase, now, { PURCHASE: grantId, BONUS: bonusGrantId });
  const back = moneyFor(purchase, moved(purchase, 'refunded'));
  purchase.dispute = disputeId;
  if (is === 'opened') Object.assign(purchase, { status: 'DISPUTED', takenByBank: amountMinor });
  else if (is === 'lost') {
    const unrecovered = Math.max(0, back + amountMinor - purchase.price);
    Object.assign(purchase, { status: 'CHARGED_BACK', takenByBank: amountMinor, unrecovered });
  } else if (isOpen) Object.assign(purchase, { status: statusBy(purchase), takenByBank: 0 });
  return changed(books, purchase);
}

function takeBack(books: BilledBooks, purchase: ModelPurchase): void {
  for (const grant of grantsOf(books, purchase)) {
    noteRecalled(books, grant, grant.available);
    grant.revoked += grant.available;
    grant.available = 0;
    grant.recalled = true;
  }
}

function giveBack(
  books: BilledBooks,
  purchase: ModelPurchase,
  now: number,
  ids: Readonly<Record<ModelMove['of'], string>>,
): void {
  const until = purchase.expiresAt ?? Infinity;
  for (const grant of grantsOf(books, purchase)) grant.recalled = false;
  for (const part of PARTS) {
    const credits = moved(purchase, 'revoked by dispute', part) - moved(purchase, 'given back', part);
    if (credits === 0 || until <= now) continue;
    const { id, type } = purchase;
    books.give({ id: ids[part], type, source: part, from: now, until, available: credits, purchase: id });
    purchase.moves = [...purchase.moves, { is: 'given back', of: part, credits }];
  }
}
