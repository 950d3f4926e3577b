import type { EntityManager } from 'typeorm';
import type { PaymentFact } from '../payment-provider.js';
import { type CardNumber, findCard, saveCard } from './sandbox-cards.js';
import { changeOrder, checkoutToken, type SandboxOrder } from './sandbox-order.js';

/** How the buyer pays: with which card, and whether it is saved. */
export interface Payer {
  readonly card: CardNumber;
  readonly saves: boolean;
}

/** The id of a customer, which each account is to the sandbox's provider. */
export function customerOf(accountId: string): string {
  return `sbcus_${accountId}`;
}

/** Where an order's checkout is, below the address of this server. */
export function checkoutPath(order: SandboxOrder): string {
  return `/checkout/${checkoutToken(order)}`;
}

/** Takes the money of a locked order, saves the card if the buyer agreed, begins the subscription if it is one. Once: a paid order stays as it is. */
export async function takePayment(
  manager: EntityManager,
  order: SandboxOrder,
  { card, saves }: Payer,
  nextId: () => string,
): Promise<SandboxOrder> {
  if (order.status === 'PAID') return order;
  const { accountId, orderId, price, subscribes } = order;
  const methodRef = saves ? `sbpm_${nextId()}` : null;
  if (methodRef !== null) await saveCard(manager, accountId, methodRef, card);
  const paymentId = price === null ? null : `sbpay_${nextId()}`;
  if (price !== null)
    await manager.query(
      `/* sandbox.pay */ INSERT INTO sandbox_payment (account_id, payment_id, order_id, amount_minor, currency) VALUES ($1, $2, $3, $4, $5)`,
      [accountId, paymentId, orderId, price.amountMinor, price.currency],
    );
  const subscriptionRef = subscribes === null ? null : `sbsub_${nextId()}`;
  if (subscribes !== null && price !== null)
    await manager.query(
      `/* sandbox.subscribe */ INSERT INTO sandbox_subscription (account_id, subscription_ref, order_id, plan, amount_minor, currency, renews_at, is_ended)
        VALUES ($1, $2, $3, $4, $5, $6, $7, false)`,
      [
        accountId,
        subscriptionRef,
        orderId,
        subscribes.plan,
        price.amountMinor,
        price.currency,
        new Date(subscribes.renewsAt),
      ],
    );
  return changeOrder(manager, order, {
    status: 'PAID',
    paymentId,
    methodRef: methodRef ?? order.methodRef,
    subscriptionRef,
    declineCode: null,
  });
}

/** Closes a locked order that waited for its time: a delay that is over, a checkout that nobody paid. */
export async function closeInTime(
  manager: EntityManager,
  order: SandboxOrder,
  now: number,
  nextId: () => string,
): Promise<SandboxOrder> {
  if (order.status === 'DELAYED' && order.settlesAt !== null && order.settlesAt <= now)
    return order.settlesAs === 'PAID'
      ? takePayment(manager, order, { card: '4242', saves: false }, nextId)
      : changeOrder(manager, order, { status: 'FAILED', declineCode: 'insufficient_funds' });
  if ((order.status === 'OPEN' || order.status === 'NEEDS_BUYER') && order.expiresAt <= now)
    return changeOrder(manager, order, { status: 'CANCELED' });
  return order;
}

/** What the provider says of an order as it stands. */
export async function factOf(manager: EntityManager, order: SandboxOrder): Promise<PaymentFact> {
  const { accountId, kind, orderId, price, paymentId } = order;
  const of = { accountId, kind, orderId } as const;
  switch (order.status) {
    case 'OPEN':
    case 'DELAYED':
      return { is: 'open', ...of };
    case 'NEEDS_BUYER':
      return { is: 'needsBuyer', ...of, url: checkoutPath(order), ref: orderId };
    case 'FAILED':
      return { is: 'failed', ...of, declineCode: order.declineCode ?? 'card_declined' };
    case 'CANCELED':
      return { is: 'canceled', ...of };
    case 'PAID': {
      const method = await findCard(manager, accountId, order.methodRef);
      const customerRef = customerOf(accountId);
      if (price === null || paymentId === null)
        return method === null ? { is: 'canceled', ...of } : { is: 'methodSaved', ...of, customerRef, method };
      return {
        is: 'paid',
        ...of,
        paymentId,
        price,
        receiptUrl: checkoutPath(order),
        customerRef,
        method,
        subscriptionRef: order.subscriptionRef,
      };
    }
  }
}
