import { isDeepStrictEqual } from 'node:util';
import type { PurchaseState } from '../ledger/core/purchase.js';
import { PURCHASE, toPurchase } from '../ledger/rows/purchase-rows.js';
import { REFUND } from '../ledger/rows/refund-rows.js';
import type { Row } from '../ledger/wire/flight.js';
import type { History } from './test-history.js';
import type { TestLedger } from './test-ledger.js';
import type { Model } from './test-model.js';
import { grantsOf, moneyFor, moved, usedOf } from './test-model-purchases.js';
import type { ModelPurchase } from './test-model-credits.js';

/** What can be compared of a purchase with the model. @returns what differs; null: nothing */
export function differs(purchase: PurchaseState, mine: ModelPurchase | undefined): string | null {
  if (!mine) return 'the model has none';
  const shown = {
    status: purchase.status,
    hasCheckout: purchase.checkoutRef !== null,
    needsBuyer: purchase.needsBuyer,
    isSettled: purchase.isSettled,
    payment: purchase.paymentId,
    paidAt: purchase.paidAt,
    expiresAt: purchase.expiresAt,
    endsAt: purchase.endsAt,
    dispute: purchase.disputeId,
    takenByBank: purchase.disputedMinor,
    unrecovered: purchase.unrecoveredMinor,
    refunded: purchase.refundedCredits,
    back: purchase.refundedMinor,
    version: purchase.version,
  };
  const { status, hasCheckout, needsBuyer, isSettled, payment, paidAt, expiresAt, until, dispute } = mine;
  const { takenByBank, unrecovered, version } = mine;
  const refunded = moved(mine, 'refunded');
  const modelled = {
    status,
    hasCheckout,
    needsBuyer,
    isSettled,
    payment,
    paidAt,
    expiresAt,
    endsAt: until,
    dispute,
    takenByBank,
    unrecovered,
    refunded,
    back: moneyFor(mine, refunded),
    version,
  };
  return isDeepStrictEqual(shown, modelled)
    ? null
    : `${JSON.stringify(shown)}, in the model ${JSON.stringify(modelled)}`;
}

/**
 * Compares the rows of money with the model, and adds up what the customer paid, got back, used and still owns: of each purchase, and of
 * all that they ever paid.
 */
export async function checkMoney(
  { pool }: Pick<TestLedger, 'pool'>,
  { accountId, steps }: History,
  model: Model,
  wrong: (what: string) => void,
): Promise<void> {
  const purchases = PURCHASE.read(
    (await pool.query<Row>(`SELECT ${PURCHASE.select('p')} FROM purchase p WHERE account_id = $1`, [accountId])).rows,
  ).map(toPurchase);
  const refunds = REFUND.read(
    (await pool.query<Row>(`SELECT ${REFUND.select('r')} FROM refund r WHERE account_id = $1`, [accountId])).rows,
  );
  for (const purchase of purchases) {
    const difference = differs(purchase, model.purchases.get(purchase.id));
    if (difference !== null) wrong(`purchase ${purchase.id} is ${difference}`);
  }
  if (purchases.length !== model.purchases.size)
    wrong(`${purchases.length} purchases, in the model ${model.purchases.size}`);
  const shown = refunds.map(({ id, orderId, paymentId, amountMinor, reason, ref }) =>
    [id, orderId, paymentId, amountMinor, reason, ref !== null].join(),
  );
  const mine = [...model.refunds].map(([id, { purchase, payment, amount, reason, isSent }]) =>
    [id, purchase, payment, amount, reason, isSent].join(),
  );
  if (!isDeepStrictEqual(shown.sort(), mine.sort()))
    wrong(`refunds ${shown.join(' ')}, in the model ${mine.join(' ')}`);

  // From here on nothing is the model's rule: only what was told to be paid, and where money and credits are now.
  const paid = new Map<string, number>();
  for (const { command, outcome } of steps)
    if (command.type === 'settle-purchase' && command.fact.is === 'paid' && outcome?.kind === 'settled')
      if (!paid.has(command.fact.paymentId)) paid.set(command.fact.paymentId, command.fact.price.amountMinor);
  const kept = new Map(purchases.flatMap(({ paymentId, priceMinor }) => (paymentId ? [[paymentId, priceMinor]] : [])));
  for (const [paymentId, amount] of paid) {
    const back = refunds.filter((refund) => refund.paymentId === paymentId);
    const sum = back.reduce((total, { amountMinor }) => total + amountMinor, 0);
    if (!kept.has(paymentId) && sum !== amount) wrong(`${paymentId} bought nothing: ${sum} of ${amount} go back`);
    if (kept.has(paymentId) && sum > amount) wrong(`${paymentId}: more than paid goes back, ${sum} of ${amount}`);
  }
  for (const purchase of model.purchases.values()) addUp(model, purchase, refunds, wrong);
}

/** Where every credit of a purchase is, and that nobody used what the money was given back for. */
function addUp(
  model: Model,
  purchase: ModelPurchase,
  refunds: readonly { readonly orderId: string; readonly reason: string; readonly amountMinor: number }[],
  wrong: (what: string) => void,
): void {
  const grants = grantsOf(model, purchase);
  const sum = (bucket: 'available' | 'held' | 'spent' | 'expired' | 'refunded' | 'revoked') =>
    grants.reduce((total, grant) => total + grant[bucket], 0);
  const brought = purchase.payment === null ? 0 : purchase.credits + purchase.bonus + moved(purchase, 'given back');
  const places = (['available', 'held', 'spent', 'expired', 'refunded', 'revoked'] as const).map(sum);
  const all = places.reduce((total, credits) => total + credits, 0);
  if (all !== brought) wrong(`purchase ${purchase.id} brought ${brought}, and ${places.join(' + ')} are there`);
  const refunded = sum('refunded');
  const back = refunds
    .filter(({ orderId, reason }) => orderId === purchase.id && reason === 'REFUND')
    .reduce((total, { amountMinor }) => total + amountMinor, 0);
  if (back !== Math.floor((refunded * purchase.price) / purchase.credits))
    wrong(`purchase ${purchase.id}: ${back} back for ${refunded} of ${purchase.credits} at ${purchase.price}`);
  // Work that may still land keeps free what it needs: that may be used beside a refund, up to the bonus.
  const most = purchase.credits + (purchase.sharedWithLateWork ? purchase.bonus : 0);
  if (refunded > 0 && refunded + usedOf(model, purchase) > most)
    wrong(`purchase ${purchase.id}: ${refunded} refunded and ${usedOf(model, purchase)} used of ${most}`);
  const isTaken = purchase.status === 'DISPUTED' || purchase.status === 'CHARGED_BACK';
  if (isTaken && sum('available') > 0)
    wrong(`purchase ${purchase.id}: the bank took the money, and ${sum('available')} are free`);
}
