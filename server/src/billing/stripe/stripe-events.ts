import type Stripe from 'stripe';
import type { PaymentFact } from '../payment-provider.js';
import { boundaryOf, declineCodeOf, disputeIs, expanded, idOf, priceOf, WITH_PAYMENT } from './stripe-facts.js';
import { accountOf, isCharge, orderOf } from './stripe-orders.js';
import type { StripeProvider } from './stripe-provider.js';

/** How old a signature may be, seconds: Stripe signs each delivery anew, also a repeated one. */
const SIGNED_SECONDS_MAX = 300;

/** A delivery that Stripe did not sign, that is too old, or that belongs to the other of its modes. */
export class NotFromStripe extends Error {
  override readonly name = 'NotFromStripe';
}

interface StripeEventsOptions {
  readonly provider: StripeProvider;
  readonly webhookSecret: string;
  /** Whether the key is one of live mode: an event of the other mode is refused. */
  readonly livemode: boolean;
}

/**
 * What Stripe's events say of our orders.
 *
 * An event says only that something happened to an object. What it is now is asked of Stripe: so events may come late, twice, in any
 * order and in the form of any version of Stripe's API. Objects that are none of ours say nothing.
 */
export class StripeEvents {
  constructor(private readonly options: StripeEventsOptions) {}

  /**
   * @param body  as it came, byte for byte
   * @param receivedAt  epoch ms
   * @throws NotFromStripe
   */
  async verify(body: Buffer, signature: string, receivedAt: number): Promise<Stripe.Event> {
    const { provider, webhookSecret, livemode } = this.options;
    let event: Stripe.Event;
    try {
      event = await provider.stripe.webhooks.constructEventAsync(
        body,
        signature,
        webhookSecret,
        SIGNED_SECONDS_MAX,
        undefined,
        receivedAt,
      );
    } catch (error) {
      throw new NotFromStripe('the signature does not hold', { cause: error });
    }
    if (event.livemode !== livemode) throw new NotFromStripe('the event belongs to the other mode');
    return event;
  }

  /**
   * @returns null when it says nothing about what is ours
   * @throws PaymentsDown
   */
  async read(event: Stripe.Event): Promise<PaymentFact | null> {
    switch (event.type) {
      case 'checkout.session.completed':
      case 'checkout.session.async_payment_succeeded':
      case 'checkout.session.async_payment_failed':
      case 'checkout.session.expired': {
        const order = orderOf(event.data.object.metadata);
        return order && this.options.provider.find({ ...order, ref: event.data.object.id });
      }
      case 'payment_intent.succeeded':
      case 'payment_intent.payment_failed':
      case 'payment_intent.canceled': {
        const { id, metadata } = event.data.object;
        const order = orderOf(metadata);
        // A payment of a checkout is told with the checkout; a charge that is canceled goes on as a checkout.
        if (order === null || !isCharge(metadata) || event.type === 'payment_intent.canceled') return null;
        return this.options.provider.find({ ...order, ref: id });
      }
      case 'charge.dispute.created':
      case 'charge.dispute.updated':
      case 'charge.dispute.closed':
        return this.readDispute(event.data.object.id);
      case 'invoice.paid':
      case 'invoice.payment_failed':
        return event.data.object.id === undefined ? null : this.readRenewal(event.data.object.id);
      case 'customer.subscription.deleted':
      case 'customer.subscription.updated':
        return this.readSubscription(event.data.object.id);
      default:
        return null;
    }
  }

  private get stripe(): Stripe {
    return this.options.provider.stripe;
  }

  private async readDispute(id: string): Promise<PaymentFact | null> {
    const dispute = await this.stripe.disputes.retrieve(id);
    const is = disputeIs(dispute.status);
    const intentId = idOf(dispute.payment_intent);
    if (is === null || intentId === null) return null;
    const { metadata } = await this.stripe.paymentIntents.retrieve(intentId);
    const order = orderOf(metadata);
    return order && { ...order, is, disputeId: dispute.id, price: priceOf(dispute.amount, dispute.currency) };
  }

  /** An invoice of a period that follows the first; the first is told with the checkout. */
  private async readRenewal(id: string): Promise<PaymentFact | null> {
    const invoice = await this.stripe.invoices.retrieve(id, { expand: ['payments'] });
    const said = invoice.parent?.subscription_details;
    const accountId = accountOf(said?.metadata);
    const subscriptionRef = idOf(said?.subscription);
    const boundaryAt = boundaryOf(invoice);
    if (accountId === null || subscriptionRef === null || boundaryAt === null) return null;
    if (invoice.billing_reason !== 'subscription_cycle' || invoice.total === 0) return null;
    const intentId = invoice.payments?.data
      .map(({ payment }) => idOf(payment.payment_intent))
      .find((it) => it !== null);
    const intent = intentId ? await this.stripe.paymentIntents.retrieve(intentId, { expand: WITH_PAYMENT }) : null;
    const isPaid = invoice.status === 'paid';
    const error = intent?.last_payment_error;
    return {
      is: isPaid ? 'renewalPaid' : 'renewalFailed',
      accountId,
      subscriptionRef,
      boundaryAt,
      paymentId: intent?.id ?? null,
      price: priceOf(isPaid ? invoice.amount_paid : invoice.amount_due, invoice.currency),
      receiptUrl: expanded(intent?.latest_charge)?.receipt_url ?? invoice.hosted_invoice_url ?? null,
      declineCode: isPaid ? null : error ? declineCodeOf(error) : 'declined',
    };
  }

  private async readSubscription(id: string): Promise<PaymentFact | null> {
    const { metadata, status } = await this.stripe.subscriptions.retrieve(id);
    const accountId = accountOf(metadata);
    if (accountId === null || (status !== 'canceled' && status !== 'unpaid' && status !== 'incomplete_expired'))
      return null;
    return { is: 'subscriptionEnded', accountId, subscriptionRef: id };
  }
}
