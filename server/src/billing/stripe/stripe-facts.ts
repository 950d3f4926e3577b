import type Stripe from 'stripe';
import type { Price, SavedMethod } from '../../ledger/core/billing.js';
import type { Order, PaymentFact } from '../payment-provider.js';

/** Stripe says times in seconds. */
const SECOND_MS = 1000;

/** What is fetched with a checkout. */
export const WITH_CHECKOUT = ['payment_intent', 'invoice.payments', 'setup_intent.payment_method'];
/** What is fetched with a payment. */
export const WITH_PAYMENT = ['payment_method', 'latest_charge'];

/** An object's id, whether Stripe sent the object or its id alone. */
export function idOf(object: string | { readonly id: string } | null | undefined): string | null {
  return typeof object === 'string' ? object : (object?.id ?? null);
}

/** The object itself, where it was asked for with another. */
export function expanded<T extends { readonly id: string }>(object: string | T | null | undefined): T | null {
  return typeof object === 'string' ? null : (object ?? null);
}

export function priceOf(amount: number, currency: string): Price {
  return { amountMinor: amount, currency: currency.toUpperCase() };
}

/** A card as this service may know it; null: it is no card, and cannot be charged without the buyer by us. */
export function methodOf(method: Stripe.PaymentMethod | null): SavedMethod | null {
  if (!method?.card) return null;
  const { brand, last4, exp_month: expiresMonth, exp_year: expiresYear } = method.card;
  return { ref: method.id, brand, last4, expiresMonth, expiresYear };
}

/**
 * What a payment came to. Only a charge fails for good at the first refusal: on a checkout page the buyer may try another card.
 *
 * @param intent  with what `WITH_PAYMENT` names
 */
export function factOfPayment(order: Order, intent: Stripe.PaymentIntent, isFinal: boolean): PaymentFact {
  const { accountId, kind, orderId } = order;
  switch (intent.status) {
    case 'succeeded':
      return { ...paidBy(order, intent), subscriptionRef: null };
    case 'canceled':
      return { accountId, kind, orderId, is: 'canceled' };
    case 'requires_payment_method':
      if (!isFinal || !intent.last_payment_error) break;
      return { accountId, kind, orderId, is: 'failed', declineCode: declineCodeOf(intent.last_payment_error) };
    default:
      break;
  }
  return { accountId, kind, orderId, is: 'open' };
}

/** A payment that arrived. */
export function paidBy(order: Order, intent: Stripe.PaymentIntent): Extract<PaymentFact, { is: 'paid' }> {
  const { accountId, kind, orderId } = order;
  const customerRef = idOf(intent.customer);
  return {
    accountId,
    kind,
    orderId,
    is: 'paid',
    paymentId: intent.id,
    price: priceOf(intent.amount_received, intent.currency),
    receiptUrl: expanded(intent.latest_charge)?.receipt_url ?? null,
    customerRef,
    // Saved only when the buyer agreed, which is when the payment was set up for later ones.
    method:
      customerRef !== null && intent.setup_future_usage === 'off_session'
        ? methodOf(expanded(intent.payment_method))
        : null,
    subscriptionRef: null,
  };
}

/** A short word for why a charge was refused: the bank's where it says one. */
export function declineCodeOf(error: {
  readonly decline_code?: string | undefined;
  readonly code?: string | undefined;
}) {
  return error.decline_code ?? error.code ?? 'declined';
}

/** What a dispute is to us; null: an inquiry, or one that ended without a chargeback, which changes nothing. */
export function disputeIs(status: Stripe.Dispute.Status): 'disputed' | 'disputeWon' | 'disputeLost' | null {
  switch (status) {
    case 'needs_response':
    case 'under_review':
    case 'appeal_needs_response':
    case 'appeal_under_review':
      return 'disputed';
    case 'won':
      return 'disputeWon';
    case 'lost':
      return 'disputeLost';
    default:
      return null;
  }
}

/** When the period begins that an invoice of a subscription pays for, epoch ms; null: it pays for none. */
export function boundaryOf(invoice: Stripe.Invoice): number | null {
  const starts = invoice.lines.data.map(({ period }) => period.start);
  return starts.length === 0 ? null : Math.max(...starts) * SECOND_MS;
}

export function toSeconds(at: number): number {
  return Math.floor(at / SECOND_MS);
}
