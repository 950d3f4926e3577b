import Stripe from 'stripe';
import {
  type ChargeOrder,
  type CheckoutOrder,
  type OpenedCheckout,
  type Order,
  type PaymentFact,
  type PaymentProvider,
  PaymentsDown,
  type RefundOrder,
} from '../payment-provider.js';
import {
  declineCodeOf,
  expanded,
  factOfPayment,
  idOf,
  methodOf,
  paidBy,
  toSeconds,
  WITH_CHECKOUT,
  WITH_PAYMENT,
} from './stripe-facts.js';
import { checkoutOf, methodSaved, paymentOf } from './stripe-checkout.js';
import { asking, ignoreInvalid } from './stripe-errors.js';
import { isCharge, metadataOf } from './stripe-orders.js';

/** Stripe keeps a checkout open for 30 minutes to 24 hours by its own clock, which may differ from ours by less than this, ms. */
const SKEW_MS = 300_000;
const CHECKOUT_MS_MIN = 30 * 60_000 + SKEW_MS;
const HOUR_MS = 3_600_000;
const TIMEOUT_MS = 20_000;
const RETRIES = 2;

export interface StripeOptions {
  readonly secretKey: string;
  /** Where Stripe's API is; left out: Stripe's own. */
  readonly api?: { readonly host: string; readonly port: number; readonly protocol: 'http' | 'https' };
  readonly clock: () => number;
}

/**
 * Stripe, by its own SDK.
 *
 * Each step carries an idempotency key made of the order's id, so that a repeated call acts once: Stripe keeps keys for a day or more. A
 * repetition after that finds what the metadata says, or makes another object that nobody pays.
 *
 * @throws PaymentsDown when Stripe cannot be reached or refuses what no buyer did wrong
 */
export class StripeProvider implements PaymentProvider {
  readonly name = 'stripe';
  readonly stripe: Stripe;
  private readonly clock: () => number;

  constructor({ secretKey, api, clock }: StripeOptions) {
    this.stripe = new Stripe(secretKey, {
      ...api,
      timeout: TIMEOUT_MS,
      maxNetworkRetries: RETRIES,
      telemetry: false,
      appInfo: { name: 'aibc-credits' },
    });
    this.clock = clock;
  }

  async openCheckout(order: CheckoutOrder): Promise<OpenedCheckout> {
    return asking(async () => {
      const customerRef = order.customerRef ?? (await this.openCustomer(order.accountId));
      const { endsAt, key } = this.endOf(order);
      const session = await this.stripe.checkout.sessions.create(checkoutOf(order, customerRef, endsAt), {
        idempotencyKey: key,
      });
      if (session.url === null) throw new PaymentsDown('Stripe opened a checkout without an address');
      return { ref: session.id, url: session.url, customerRef };
    });
  }

  /** One customer an account. Two calls at once are answered with one, by the key. */
  private async openCustomer(accountId: string): Promise<string> {
    const { id } = await this.stripe.customers.create(
      { metadata: { aibc_account: accountId } },
      { idempotencyKey: `customer-${accountId}` },
    );
    return id;
  }

  /** Equal calls must say equal times, or Stripe refuses the second. Where little time is left, they do so for an hour. */
  private endOf({ orderId, expiresAt }: CheckoutOrder): { readonly endsAt: number; readonly key: string } {
    const key = `checkout-${orderId}`;
    const endsAt = expiresAt - SKEW_MS;
    const soonest = this.clock() + CHECKOUT_MS_MIN;
    if (endsAt >= soonest) return { endsAt, key };
    const late = Math.ceil(soonest / HOUR_MS) * HOUR_MS;
    return { endsAt: late, key: `${key}-${toSeconds(late)}` };
  }

  async closeCheckout({ ref }: Order & { readonly ref: string }): Promise<void> {
    await asking(async () => {
      const session = await this.stripe.checkout.sessions.retrieve(ref);
      if (session.status !== 'open') return;
      // Paid in this very moment: it cannot be closed any more, and the payment counts.
      await this.stripe.checkout.sessions.expire(ref).catch(ignoreInvalid);
    });
  }

  async charge(order: ChargeOrder): Promise<PaymentFact> {
    return asking(async () => {
      try {
        const intent = await this.stripe.paymentIntents.create(
          {
            amount: order.price.amountMinor,
            currency: order.price.currency.toLowerCase(),
            customer: order.customerRef,
            payment_method: order.methodRef,
            allowed_payment_method_types: ['card'],
            description: order.title,
            off_session: true,
            confirm: true,
            metadata: metadataOf(order, 'charge'),
            expand: WITH_PAYMENT,
          },
          { idempotencyKey: `charge-${order.orderId}` },
        );
        return factOfPayment(order, intent, true);
      } catch (error) {
        if (isMethodGone(error)) return { ...orderOf(order), is: 'failed', declineCode: 'payment_method_unavailable' };
        if (!(error instanceof Stripe.errors.StripeCardError)) throw error;
        const intent = error.payment_intent;
        if (error.code === 'authentication_required' && intent) return this.letBuyerPay(order, intent.id);
        const { accountId, kind, orderId } = order;
        return {
          accountId,
          kind,
          orderId,
          is: 'failed',
          declineCode: declineCodeOf({ decline_code: error.decline_code, code: error.code }),
        };
      }
    });
  }

  /** The bank wants the buyer: the charge is given up for good before a checkout is opened, so that only one of them is ever paid. */
  private async letBuyerPay(order: ChargeOrder, intentId: string): Promise<PaymentFact> {
    const { accountId, kind, orderId } = order;
    await this.stripe.paymentIntents.cancel(intentId).catch(ignoreInvalid);
    const intent = await this.stripe.paymentIntents.retrieve(intentId, { expand: WITH_PAYMENT });
    if (intent.status !== 'canceled') return factOfPayment(order, intent, true);
    const { url, ref } = await this.openCheckout({
      ...order,
      subscribes: null,
      savesMethod: true,
    });
    return { accountId, kind, orderId, is: 'needsBuyer', url, ref };
  }

  async find({ ref, ...order }: Order & { readonly ref: string | null }): Promise<PaymentFact> {
    if (ref === null) return { ...order, is: 'open' };
    return asking(async () => (ref.startsWith('pi_') ? this.findCharge(order, ref) : this.findCheckout(order, ref)));
  }

  private async findCharge(order: Order, ref: string): Promise<PaymentFact> {
    const intent = await this.stripe.paymentIntents.retrieve(ref, { expand: WITH_PAYMENT });
    return factOfPayment(order, intent, isCharge(intent.metadata));
  }

  private async findCheckout({ accountId, kind, orderId }: Order, ref: string): Promise<PaymentFact> {
    const order = { accountId, kind, orderId };
    const session = await this.stripe.checkout.sessions.retrieve(ref, { expand: WITH_CHECKOUT });
    if (session.status === 'expired') return { ...order, is: 'canceled' };
    if (session.status !== 'complete') return { ...order, is: 'open' };
    if (session.mode === 'setup') return methodSaved(order, session);
    const intentId = paymentOf(session);
    if (intentId === null) return { ...order, is: 'open' };
    const intent = await this.stripe.paymentIntents.retrieve(intentId, { expand: WITH_PAYMENT });
    if (session.mode === 'subscription' && intent.status === 'succeeded') {
      const fact = paidBy(order, intent);
      return {
        ...fact,
        method: methodOf(expanded(intent.payment_method)),
        subscriptionRef: idOf(session.subscription),
      };
    }
    // The buyer is done with the page: a bank that refuses from here on does so for good.
    return factOfPayment(order, intent, true);
  }

  async refund(order: RefundOrder): Promise<{ readonly ref: string }> {
    return asking(async () => {
      const { id } = await this.stripe.refunds.create(
        { payment_intent: order.paymentId, amount: order.price.amountMinor, metadata: metadataOf(order, 'checkout') },
        { idempotencyKey: `refund-${order.refundId}` },
      );
      return { ref: id };
    });
  }

  /**
   * Stripe charges at the end of a trial: set to our boundary, its months follow ours, whatever the account's zone. It says how the
   * subscription is to be, so that a repetition changes nothing.
   */
  async changeSubscription(to: Parameters<PaymentProvider['changeSubscription']>[0]): Promise<void> {
    await asking(async () => {
      const subscription = await this.stripe.subscriptions.retrieve(to.subscriptionRef);
      const item = subscription.items.data[0];
      if (!item || isOver(subscription.status)) return;
      const currency = to.price.currency.toLowerCase();
      const isPriced = item.price.unit_amount === to.price.amountMinor && item.price.currency === currency;
      const price_data = {
        currency,
        unit_amount: to.price.amountMinor,
        product: idOf(item.price.product) ?? '',
        recurring: { interval: 'month' as const },
      };
      await this.stripe.subscriptions.update(to.subscriptionRef, {
        ...(isPriced ? {} : { items: [{ id: item.id, price_data }] }),
        trial_end: toSeconds(to.renewsAt),
        proration_behavior: 'none',
      });
    });
  }

  async endSubscription({ subscriptionRef }: Parameters<PaymentProvider['endSubscription']>[0]): Promise<void> {
    await asking(async () => {
      const { status } = await this.stripe.subscriptions.retrieve(subscriptionRef);
      if (!isOver(status)) await this.stripe.subscriptions.cancel(subscriptionRef).catch(ignoreInvalid);
    });
  }

  async forgetMethod({ methodRef }: Parameters<PaymentProvider['forgetMethod']>[0]): Promise<void> {
    await asking(async () => {
      await this.stripe.paymentMethods.detach(methodRef).catch(ignoreInvalid);
    });
  }
}

function isOver(status: Stripe.Subscription.Status): boolean {
  return status === 'canceled' || status === 'incomplete_expired';
}

/** The method was removed at Stripe: it can never be charged, and asking again does not help. */
function isMethodGone(error: unknown): boolean {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) return false;
  return error.param === 'payment_method' || error.code === 'payment_method_unexpected_state';
}

function orderOf({ accountId, kind, orderId }: Order): Order {
  return { accountId, kind, orderId };
}
