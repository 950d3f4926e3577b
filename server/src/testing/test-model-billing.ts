import type { Catalog } from '../catalog/catalog.js';
import type { Command } from '../ledger/core/commands.js';
import type { PurchaseStatus } from '../ledger/core/purchase.js';
import { type ModelMove, type ModelPurchase, noteRecalled } from './test-model-credits.js';
import {
  type BilledBooks,
  PARTS,
  monthsAfter,
  grantsOf,
  moved,
  moneyFor,
  total,
  refundableOf,
} from './test-model-purchases.js';

/* What becomes of packs, payments, refunds and disputes in the model. */

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

export type BilledAnswer =
  | { readonly kind: 'purchase'; readonly id: string }
  | { readonly kind: 'same' }
  | { readonly kind: 'no'; readonly why: string; readonly figures: readonly number[] };

const SAME: BilledAnswer = { kind: 'same' };
const no = (why: string): BilledAnswer => ({ kind: 'no', why, figures: [] });
const DAY = 86_400_000;

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
