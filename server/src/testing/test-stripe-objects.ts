import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';

/** What a request to Stripe says: `line_items[0][price_data][currency]=usd`. */
export type Form = URLSearchParams;

export const seconds = (ms: number): number => Math.floor(ms / 1000);
export const newId = (prefix: string): string => `${prefix}_${randomBytes(9).toString('hex')}`;

/** Values under a name: `metadata[a]=1` gives `{ a: '1' }`. */
export function mapOf(form: Form, name: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [key, value] of form)
    if (key.startsWith(`${name}[`) && key.endsWith(']')) found[key.slice(name.length + 1, -1)] = value;
  return found;
}

/** Names that a request wants in full: `payments` or `payment_intent.latest_charge`. */
export function expandsOf(form: Form): string[] {
  return [...form].filter(([key]) => key.startsWith('expand[')).map(([, value]) => value);
}

export type TestSession = Pick<
  Stripe.Checkout.Session,
  'id' | 'object' | 'mode' | 'status' | 'payment_status' | 'url' | 'expires_at' | 'livemode' | 'client_reference_id'
> & {
  customer: string;
  metadata: Record<string, string>;
  payment_intent: string | null;
  setup_intent: string | null;
  subscription: string | null;
  invoice: string | null;
  /** What the test has to know to let a buyer pay; Stripe does not answer it. */
  readonly asked: {
    readonly amount: number;
    readonly currency: string;
    readonly paymentMetadata: Record<string, string>;
    readonly subscriptionMetadata: Record<string, string>;
    readonly savesMethod: boolean;
    readonly product: string;
  };
};

export type TestIntent = Pick<
  Stripe.PaymentIntent,
  'id' | 'object' | 'amount' | 'amount_received' | 'currency' | 'status' | 'livemode' | 'setup_future_usage'
> & {
  customer: string;
  payment_method: string | null;
  latest_charge: string | null;
  metadata: Record<string, string>;
  last_payment_error: { type: 'card_error'; code: string; decline_code?: string; message: string } | null;
};

export type TestMethod = { id: string; object: 'payment_method'; type: 'card'; customer: string | null } & {
  card: Pick<Stripe.PaymentMethod.Card, 'brand' | 'last4' | 'exp_month' | 'exp_year'>;
};

export type TestInvoice = Pick<
  Stripe.Invoice,
  'object' | 'status' | 'billing_reason' | 'total' | 'amount_due' | 'amount_paid' | 'currency' | 'hosted_invoice_url'
> & {
  id: string;
  parent: {
    type: 'subscription_details';
    quote_details: null;
    subscription_details: { subscription: string; metadata: Record<string, string> };
  } | null;
  lines: {
    object: 'list';
    has_more: false;
    url: string;
    data: { id: string; period: { start: number; end: number } }[];
  };
  payments: {
    object: 'list';
    data: { id: string; object: 'invoice_payment'; payment: { type: 'payment_intent'; payment_intent: string } }[];
  };
};

export type TestSubscription = Pick<Stripe.Subscription, 'id' | 'object' | 'status' | 'trial_end' | 'livemode'> & {
  customer: string;
  metadata: Record<string, string>;
  default_payment_method: string | null;
  items: {
    object: 'list';
    data: { id: string; price: { id: string; unit_amount: number; currency: string; product: string } }[];
  };
};

export type TestDispute = Pick<Stripe.Dispute, 'id' | 'object' | 'amount' | 'currency' | 'status' | 'reason'> & {
  payment_intent: string;
};

export type TestRefund = Pick<Stripe.Refund, 'id' | 'object' | 'amount' | 'currency' | 'status'> & {
  payment_intent: string;
};

export type TestCharge = Pick<Stripe.Charge, 'id' | 'object' | 'receipt_url'>;
export type TestSetup = { id: string; object: 'setup_intent'; payment_method: string };
export type TestCustomer = { id: string; object: 'customer'; metadata: Record<string, string> };

/** A refusal as Stripe answers it. */
export class StripeRefusal extends Error {
  constructor(
    readonly status: number,
    readonly error: {
      readonly type: string;
      readonly code?: string;
      readonly decline_code?: string;
      readonly message: string;
      readonly payment_intent?: object;
    },
  ) {
    super(error.message);
  }
}

export function invalid(message: string, code?: string, status = 400): StripeRefusal {
  return new StripeRefusal(status, { type: 'invalid_request_error', message, ...(code === undefined ? {} : { code }) });
}

/** A payment that nobody has tried yet. */
export function newIntent(
  customer: string,
  method: string | null,
  amount: number,
  currency: string,
  metadata: Record<string, string>,
): TestIntent {
  return {
    id: newId('pi'),
    object: 'payment_intent',
    amount,
    amount_received: 0,
    currency,
    status: 'requires_confirmation',
    livemode: false,
    setup_future_usage: null,
    customer,
    payment_method: method,
    latest_charge: null,
    metadata,
    last_payment_error: null,
  };
}

/** What a month of a subscription costs, not paid yet. */
export function newInvoice(
  intent: TestIntent,
  subscription: TestSubscription,
  billing_reason: 'subscription_create' | 'subscription_cycle',
  start: number,
): TestInvoice {
  const id = newId('in');
  return {
    id,
    object: 'invoice',
    status: 'open',
    billing_reason,
    total: intent.amount,
    amount_due: intent.amount,
    amount_paid: 0,
    currency: intent.currency,
    hosted_invoice_url: `https://invoice.example/${id}`,
    parent: {
      type: 'subscription_details',
      quote_details: null,
      subscription_details: { subscription: subscription.id, metadata: subscription.metadata },
    },
    lines: {
      object: 'list',
      has_more: false,
      url: `/v1/invoices/${id}/lines`,
      data: [{ id: newId('il'), period: { start: seconds(start), end: seconds(start) + 2_592_000 } }],
    },
    payments: {
      object: 'list',
      data: [
        {
          id: newId('inpay'),
          object: 'invoice_payment',
          payment: { type: 'payment_intent', payment_intent: intent.id },
        },
      ],
    },
  };
}
