import type Stripe from 'stripe';
import {
  invalid,
  newId,
  newIntent,
  newInvoice,
  seconds,
  type TestCharge,
  type TestCustomer,
  type TestDispute,
  type TestIntent,
  type TestInvoice,
  type TestMethod,
  type TestRefund,
  type TestSession,
  type TestSetup,
  type TestSubscription,
} from './test-stripe-objects.js';

const CARD = { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2034 };

/** What Stripe remembers, and what buyers and banks do: they are the test's own. Whatever happens is told as an event. */
export class TestStripeBank {
  readonly customers = new Map<string, TestCustomer>();
  readonly sessions = new Map<string, TestSession>();
  readonly intents = new Map<string, TestIntent>();
  readonly methods = new Map<string, TestMethod>();
  readonly invoices = new Map<string, TestInvoice>();
  readonly subscriptions = new Map<string, TestSubscription>();
  readonly disputes = new Map<string, TestDispute>();
  readonly refunds = new Map<string, TestRefund>();
  protected readonly charges = new Map<string, TestCharge>();
  protected readonly setups = new Map<string, TestSetup>();
  /** Everything that happened, oldest first. */
  readonly events: Stripe.Event[] = [];

  constructor(readonly livemode = false) {}

  /** The buyer pays on the page; `later`: by a way whose bank takes days; a card by its last four digits. */
  pay(sessionId: string, { last4 = CARD.last4, later = false } = {}): void {
    const session = this.session(sessionId);
    if (session.status !== 'open') throw invalid('This session is not open any more.');
    const method = this.addMethod(session.customer, last4);
    session.status = 'complete';
    session.url = null;
    if (session.mode === 'setup') {
      const setup: TestSetup = { id: newId('seti'), object: 'setup_intent', payment_method: method.id };
      this.setups.set(setup.id, setup);
      session.setup_intent = setup.id;
      return this.tell('checkout.session.completed', session);
    }
    const { amount, currency, paymentMetadata, savesMethod } = session.asked;
    const intent = this.addIntent(session.customer, method.id, amount, currency, paymentMetadata);
    if (savesMethod) intent.setup_future_usage = 'off_session';
    if (session.mode === 'subscription') this.subscribe(session, intent, method);
    else session.payment_intent = intent.id;
    if (later) intent.status = 'processing';
    else this.succeed(intent);
    session.payment_status = later ? 'unpaid' : 'paid';
    this.tell('checkout.session.completed', session);
  }

  /** What a bank that took its time says in the end. */
  settle(sessionId: string, isPaid: boolean): void {
    const session = this.session(sessionId);
    const intent = this.intent(session.payment_intent ?? '');
    if (isPaid) {
      this.succeed(intent);
      session.payment_status = 'paid';
    } else this.refuse(intent, { code: 'card_declined', decline_code: 'generic_decline' });
    this.tell(`checkout.session.async_payment_${isPaid ? 'succeeded' : 'failed'}`, session);
  }

  /** Nobody paid in time. */
  expire(sessionId: string): void {
    const session = this.session(sessionId);
    session.status = 'expired';
    session.url = null;
    this.tell('checkout.session.expired', session);
  }

  /** A month of a subscription begins: its trial ends and it is charged. */
  renew(subscriptionId: string, start: number, { isPaid = true } = {}): TestInvoice {
    const subscription = this.found(this.subscriptions, subscriptionId);
    const price = subscription.items.data[0]?.price;
    if (!price) throw invalid('A subscription without a price.');
    const intent = this.addIntent(
      subscription.customer,
      subscription.default_payment_method,
      price.unit_amount,
      price.currency,
      {},
    );
    const invoice = this.addInvoice(intent, subscription, 'subscription_cycle', start);
    subscription.trial_end = null;
    this.chargeInvoice(invoice, isPaid);
    return invoice;
  }

  /** Stripe tries a failed invoice again. */
  chargeInvoice(invoice: TestInvoice, isPaid: boolean): void {
    const intent = this.intent(invoice.payments.data[0]?.payment.payment_intent ?? '');
    const subscription = this.subscriptions.get(invoice.parent?.subscription_details.subscription ?? '');
    if (isPaid) this.succeed(intent);
    else this.refuse(intent, { code: 'card_declined', decline_code: 'insufficient_funds' });
    invoice.status = isPaid ? 'paid' : 'open';
    invoice.amount_paid = isPaid ? invoice.total : 0;
    if (subscription) subscription.status = isPaid ? 'active' : 'past_due';
    this.tell(isPaid ? 'invoice.paid' : 'invoice.payment_failed', invoice);
  }

  giveUp(subscriptionId: string): void {
    const subscription = this.found(this.subscriptions, subscriptionId);
    subscription.status = 'canceled';
    this.tell('customer.subscription.deleted', subscription);
  }

  /** The buyer's bank asks the money back; `warning_needs_response` is an inquiry. */
  dispute(intentId: string, status: Stripe.Dispute.Status = 'needs_response'): TestDispute {
    const { amount, currency } = this.intent(intentId);
    const dispute: TestDispute = {
      id: newId('du'),
      object: 'dispute',
      amount,
      currency,
      status,
      reason: 'fraudulent',
      payment_intent: intentId,
    };
    this.disputes.set(dispute.id, dispute);
    this.tell('charge.dispute.created', dispute);
    return dispute;
  }

  decide(dispute: TestDispute, status: Stripe.Dispute.Status): void {
    dispute.status = status;
    this.tell(/^(won|lost|warning_closed)$/.test(status) ? 'charge.dispute.closed' : 'charge.dispute.updated', dispute);
  }

  addMethod(customer: string, last4 = CARD.last4): TestMethod {
    const method: TestMethod = {
      id: newId('pm'),
      object: 'payment_method',
      type: 'card',
      customer,
      card: { ...CARD, last4 },
    };
    this.methods.set(method.id, method);
    return method;
  }

  tell(type: string, object: object): void {
    this.events.push({
      id: newId('evt'),
      object: 'event',
      type,
      api_version: '2020-08-27',
      created: seconds(Date.now()),
      livemode: this.livemode,
      pending_webhooks: 1,
      request: null,
      data: { object: structuredClone(withoutAsked(object)) },
    } as unknown as Stripe.Event);
  }

  protected session(id: string): TestSession {
    return this.found(this.sessions, id);
  }

  protected intent(id: string): TestIntent {
    return this.found(this.intents, id);
  }

  protected found<T>(all: ReadonlyMap<string, T>, id: string): T {
    const one = all.get(id);
    if (!one) throw invalid(`No such object: '${id}'`, 'resource_missing', 404);
    return one;
  }

  protected addIntent(...asked: Parameters<typeof newIntent>): TestIntent {
    const intent = { ...newIntent(...asked), livemode: this.livemode };
    this.intents.set(intent.id, intent);
    return intent;
  }

  protected addInvoice(...asked: Parameters<typeof newInvoice>): TestInvoice {
    const invoice = newInvoice(...asked);
    this.invoices.set(invoice.id, invoice);
    return invoice;
  }

  protected subscribe(session: TestSession, intent: TestIntent, method: TestMethod): void {
    const { amount, currency, product, subscriptionMetadata } = session.asked;
    const subscription: TestSubscription = {
      id: newId('sub'),
      object: 'subscription',
      status: 'active',
      trial_end: null,
      livemode: this.livemode,
      customer: session.customer,
      metadata: subscriptionMetadata,
      default_payment_method: method.id,
      items: {
        object: 'list',
        data: [{ id: newId('si'), price: { id: newId('price'), unit_amount: amount, currency, product } }],
      },
    };
    this.subscriptions.set(subscription.id, subscription);
    session.subscription = subscription.id;
    const invoice = this.addInvoice(intent, subscription, 'subscription_create', Date.now());
    invoice.status = 'paid';
    invoice.amount_paid = invoice.total;
    session.invoice = invoice.id;
    this.tell('invoice.paid', invoice);
  }

  protected succeed(intent: TestIntent): void {
    const charge: TestCharge = { id: newId('ch'), object: 'charge', receipt_url: `https://pay.example/${intent.id}` };
    this.charges.set(charge.id, charge);
    intent.latest_charge = charge.id;
    intent.status = 'succeeded';
    intent.amount_received = intent.amount;
    intent.last_payment_error = null;
    this.tell('payment_intent.succeeded', intent);
  }

  protected refuse(intent: TestIntent, why: { readonly code: string; readonly decline_code: string }): void {
    intent.status = 'requires_payment_method';
    intent.last_payment_error = { type: 'card_error', message: 'Your card was declined.', ...why };
    this.tell('payment_intent.payment_failed', intent);
  }
}

/** As Stripe shows it: without what the test remembers of how it was asked for. */
export function withoutAsked(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== 'asked'));
}
