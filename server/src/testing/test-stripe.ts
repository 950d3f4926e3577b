import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import {
  expandsOf,
  type Form,
  invalid,
  mapOf,
  newId,
  seconds,
  StripeRefusal,
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

export const TEST_WEBHOOK_SECRET = 'whsec_test_of_the_local_server';
const CARD = { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2034 };
/** Cards that banks refuse when the buyer is not there. */
const REFUSES: Readonly<Record<string, { readonly code: string; readonly decline_code: string }>> = {
  '0002': { code: 'card_declined', decline_code: 'generic_decline' },
  '9995': { code: 'card_declined', decline_code: 'insufficient_funds' },
  '3155': { code: 'authentication_required', decline_code: 'authentication_required' },
};

type Handler = (form: Form, id: string) => object;

/**
 * A server that speaks the part of Stripe's API which this service uses, with its form bodies, its expansions, its idempotency keys and
 * its errors. The names of all fields are those of the SDK's types, which Stripe generates from its OpenAPI description.
 *
 * Buyers and banks are the test's own: `pay`, `renew`, `dispute`. What they do is told as events that `signed` signs like Stripe.
 */
export class TestStripe {
  readonly customers = new Map<string, TestCustomer>();
  readonly sessions = new Map<string, TestSession>();
  readonly intents = new Map<string, TestIntent>();
  readonly methods = new Map<string, TestMethod>();
  readonly invoices = new Map<string, TestInvoice>();
  readonly subscriptions = new Map<string, TestSubscription>();
  readonly disputes = new Map<string, TestDispute>();
  readonly refunds = new Map<string, TestRefund>();
  private readonly charges = new Map<string, TestCharge>();
  private readonly setups = new Map<string, TestSetup>();
  /** Each idempotency key with how often it came. */
  readonly keys = new Map<string, number>();
  private readonly answers = new Map<
    string,
    { readonly asked: string; readonly status: number; readonly body: string }
  >();
  /** Everything that happened, oldest first. */
  readonly events: Stripe.Event[] = [];
  /** What is done to the next requests instead of answering them. */
  readonly faults: ('drop' | 'drop after doing it' | 500 | 429)[] = [];
  private readonly server: Server;

  constructor(readonly livemode = false) {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  async listen(): Promise<{ host: string; port: number; protocol: 'http' }> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    const { port } = this.server.address() as AddressInfo;
    return { host: '127.0.0.1', port, protocol: 'http' };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  /** An event as Stripe delivers it. */
  signed(event: Stripe.Event, at = Date.now(), secret = TEST_WEBHOOK_SECRET): { body: string; signature: string } {
    const body = JSON.stringify(event);
    const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: seconds(at) });
    return { body, signature };
  }

  // What buyers and banks do.

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

  private session(id: string): TestSession {
    return this.found(this.sessions, id);
  }

  private intent(id: string): TestIntent {
    return this.found(this.intents, id);
  }

  private found<T>(all: ReadonlyMap<string, T>, id: string): T {
    const one = all.get(id);
    if (!one) throw invalid(`No such object: '${id}'`, 'resource_missing', 404);
    return one;
  }

  private addIntent(
    customer: string,
    method: string | null,
    amount: number,
    currency: string,
    metadata: Record<string, string>,
  ): TestIntent {
    const intent: TestIntent = {
      id: newId('pi'),
      object: 'payment_intent',
      amount,
      amount_received: 0,
      currency,
      status: 'requires_confirmation',
      livemode: this.livemode,
      setup_future_usage: null,
      customer,
      payment_method: method,
      latest_charge: null,
      metadata,
      last_payment_error: null,
    };
    this.intents.set(intent.id, intent);
    return intent;
  }

  private addInvoice(
    intent: TestIntent,
    subscription: TestSubscription,
    billing_reason: 'subscription_create' | 'subscription_cycle',
    start: number,
  ): TestInvoice {
    const id = newId('in');
    const invoice: TestInvoice = {
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
    this.invoices.set(id, invoice);
    return invoice;
  }

  private subscribe(session: TestSession, intent: TestIntent, method: TestMethod): void {
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

  private succeed(intent: TestIntent): void {
    const charge: TestCharge = { id: newId('ch'), object: 'charge', receipt_url: `https://pay.example/${intent.id}` };
    this.charges.set(charge.id, charge);
    intent.latest_charge = charge.id;
    intent.status = 'succeeded';
    intent.amount_received = intent.amount;
    intent.last_payment_error = null;
    this.tell('payment_intent.succeeded', intent);
  }

  private refuse(intent: TestIntent, why: { readonly code: string; readonly decline_code: string }): void {
    intent.status = 'requires_payment_method';
    intent.last_payment_error = { type: 'card_error', message: 'Your card was declined.', ...why };
    this.tell('payment_intent.payment_failed', intent);
  }

  // The API.

  private readonly routes: readonly (readonly [method: string, path: RegExp, handle: Handler])[] = [
    ['POST', /^\/v1\/customers$/, (form) => this.createCustomer(form)],
    ['POST', /^\/v1\/checkout\/sessions$/, (form) => this.createSession(form)],
    ['GET', /^\/v1\/checkout\/sessions\/(\w+)$/, (form, id) => this.showSession(form, this.session(id))],
    ['POST', /^\/v1\/checkout\/sessions\/(\w+)\/expire$/, (_, id) => this.expireSession(id)],
    ['POST', /^\/v1\/payment_intents$/, (form) => this.createIntent(form)],
    ['GET', /^\/v1\/payment_intents\/(\w+)$/, (form, id) => this.showIntent(form, this.intent(id))],
    ['POST', /^\/v1\/payment_intents\/(\w+)\/cancel$/, (_, id) => this.cancelIntent(id)],
    ['POST', /^\/v1\/refunds$/, (form) => this.createRefund(form)],
    ['GET', /^\/v1\/disputes\/(\w+)$/, (_, id) => this.found(this.disputes, id)],
    ['GET', /^\/v1\/invoices\/(\w+)$/, (form, id) => this.showInvoice(form, this.found(this.invoices, id))],
    ['GET', /^\/v1\/subscriptions\/(\w+)$/, (_, id) => this.found(this.subscriptions, id)],
    ['POST', /^\/v1\/subscriptions\/(\w+)$/, (form, id) => this.updateSubscription(form, id)],
    ['DELETE', /^\/v1\/subscriptions\/(\w+)$/, (_, id) => this.cancelSubscription(id)],
    ['POST', /^\/v1\/payment_methods\/(\w+)\/detach$/, (_, id) => this.detachMethod(id)],
  ];

  private createCustomer(form: Form): TestCustomer {
    const customer: TestCustomer = { id: newId('cus'), object: 'customer', metadata: mapOf(form, 'metadata') };
    this.customers.set(customer.id, customer);
    return customer;
  }

  private createSession(form: Form): object {
    const id = newId('cs_test');
    const item = 'line_items[0][price_data]';
    const expires_at = Number(form.get('expires_at'));
    const left = expires_at - seconds(Date.now());
    if (left < 1_800 || left > 86_400)
      throw invalid('The `expires_at` timestamp must be between 30 minutes and 24 hours from now.');
    const customer = this.found(this.customers, form.get('customer') ?? '').id;
    const session: TestSession = {
      id,
      object: 'checkout.session',
      mode: form.get('mode') as TestSession['mode'],
      status: 'open',
      payment_status: 'unpaid',
      url: `https://checkout.example/${id}`,
      expires_at,
      livemode: this.livemode,
      client_reference_id: form.get('client_reference_id'),
      customer,
      metadata: mapOf(form, 'metadata'),
      payment_intent: null,
      setup_intent: null,
      subscription: null,
      invoice: null,
      asked: {
        amount: Number(form.get(`${item}[unit_amount]`) ?? 0),
        currency: form.get(`${item}[currency]`) ?? '',
        paymentMetadata: mapOf(form, 'payment_intent_data[metadata]'),
        subscriptionMetadata: mapOf(form, 'subscription_data[metadata]'),
        savesMethod: form.get('payment_intent_data[setup_future_usage]') === 'off_session',
        product: form.get(`${item}[product_data][name]`) ?? '',
      },
    };
    this.sessions.set(id, session);
    return this.showSession(form, session);
  }

  private showSession(form: Form, session: TestSession): object {
    const wanted = expandsOf(form);
    const setup = this.setups.get(session.setup_intent ?? '');
    return {
      ...withoutAsked(session),
      payment_intent: wanted.includes('payment_intent')
        ? (this.intents.get(session.payment_intent ?? '') ?? null)
        : session.payment_intent,
      invoice: wanted.some((name) => name.startsWith('invoice'))
        ? (this.invoices.get(session.invoice ?? '') ?? null)
        : session.invoice,
      setup_intent:
        setup && wanted.includes('setup_intent.payment_method')
          ? { ...setup, payment_method: this.methods.get(setup.payment_method) }
          : session.setup_intent,
    };
  }

  private expireSession(id: string): object {
    const session = this.session(id);
    if (session.status !== 'open') throw invalid('Only sessions that are open can be expired.');
    this.expire(id);
    return withoutAsked(session);
  }

  private createIntent(form: Form): object {
    const method = this.found(this.methods, form.get('payment_method') ?? '');
    if (method.customer !== form.get('customer'))
      throw invalid('The payment method was detached, or is another customer’s.', 'payment_method_unexpected_state');
    const intent = this.addIntent(
      method.customer ?? '',
      method.id,
      Number(form.get('amount')),
      form.get('currency') ?? '',
      mapOf(form, 'metadata'),
    );
    const refusal = REFUSES[method.card.last4];
    if (!refusal) {
      this.succeed(intent);
      return this.showIntent(form, intent);
    }
    this.refuse(intent, refusal);
    throw new StripeRefusal(402, {
      type: 'card_error',
      message: 'Your card was declined.',
      ...refusal,
      payment_intent: structuredClone(intent),
    });
  }

  private showIntent(form: Form, intent: TestIntent): object {
    const wanted = expandsOf(form);
    return {
      ...intent,
      payment_method: wanted.includes('payment_method')
        ? (this.methods.get(intent.payment_method ?? '') ?? null)
        : intent.payment_method,
      latest_charge: wanted.includes('latest_charge')
        ? (this.charges.get(intent.latest_charge ?? '') ?? null)
        : intent.latest_charge,
    };
  }

  private cancelIntent(id: string): TestIntent {
    const intent = this.intent(id);
    if (intent.status === 'succeeded' || intent.status === 'canceled')
      throw invalid(`You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`);
    intent.status = 'canceled';
    this.tell('payment_intent.canceled', intent);
    return intent;
  }

  private createRefund(form: Form): TestRefund {
    const intent = this.intent(form.get('payment_intent') ?? '');
    const before = [...this.refunds.values()].filter(({ payment_intent }) => payment_intent === intent.id);
    const amount = Number(form.get('amount'));
    if (before.reduce((sum, refund) => sum + refund.amount, 0) + amount > intent.amount_received)
      throw invalid('Refund amount is greater than unrefunded amount on charge.');
    const refund: TestRefund = {
      id: newId('re'),
      object: 'refund',
      amount,
      currency: intent.currency,
      status: 'succeeded',
      payment_intent: intent.id,
    };
    this.refunds.set(refund.id, refund);
    return refund;
  }

  private showInvoice(form: Form, invoice: TestInvoice): object {
    const { payments, ...rest } = invoice;
    return expandsOf(form).includes('payments') ? { ...rest, payments } : rest;
  }

  private updateSubscription(form: Form, id: string): TestSubscription {
    const subscription = this.found(this.subscriptions, id);
    const item = subscription.items.data[0];
    const amount = form.get('items[0][price_data][unit_amount]');
    if (item && amount !== null) item.price.unit_amount = Number(amount);
    const trialEnd = form.get('trial_end');
    if (trialEnd !== null) {
      subscription.trial_end = Number(trialEnd);
      subscription.status = 'trialing';
    }
    return subscription;
  }

  private cancelSubscription(id: string): TestSubscription {
    const subscription = this.found(this.subscriptions, id);
    if (subscription.status === 'canceled') throw invalid(`No such subscription: '${id}'`, 'resource_missing', 404);
    this.giveUp(id);
    return subscription;
  }

  private detachMethod(id: string): TestMethod {
    const method = this.found(this.methods, id);
    if (method.customer === null) throw invalid('The payment method is not attached to a customer.');
    method.customer = null;
    return method;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const fault = this.faults.shift();
    if (fault === 'drop') return void request.socket.destroy();
    if (typeof fault === 'number')
      return send(response, fault, JSON.stringify({ error: { type: 'api_error', message: 'Try again.' } }));
    const { status, text } = this.handle(request, body);
    if (fault === 'drop after doing it') return void request.socket.destroy();
    send(response, status, text);
  }

  private handle(request: IncomingMessage, body: string): { status: number; text: string } {
    const { pathname, search } = new URL(request.url ?? '', 'http://stripe');
    const key = request.headers['idempotency-key'];
    if (typeof key !== 'string' || request.method === 'GET') return this.do(request.method, pathname, search, body);
    this.keys.set(key, (this.keys.get(key) ?? 0) + 1);
    const asked = `${pathname}?${body}`;
    const known = this.answers.get(key);
    if (known && known.asked !== asked)
      return {
        status: 400,
        text: JSON.stringify({
          error: {
            type: 'idempotency_error',
            message:
              'Keys for idempotent requests can only be used with the same parameters they were first used with.',
          },
        }),
      };
    if (known) return { status: known.status, text: known.body };
    const { status, text } = this.do(request.method, pathname, search, body);
    this.answers.set(key, { asked, status, body: text });
    return { status, text };
  }

  private do(method: string | undefined, path: string, search: string, body: string): { status: number; text: string } {
    for (const [wanted, pattern, handle] of this.routes) {
      const match = method === wanted ? pattern.exec(path) : null;
      if (!match) continue;
      try {
        const form = new URLSearchParams(method === 'POST' ? body : search);
        return { status: 200, text: JSON.stringify(handle(form, match[1] ?? '')) };
      } catch (error) {
        if (!(error instanceof StripeRefusal)) throw error;
        return { status: error.status, text: JSON.stringify({ error: error.error }) };
      }
    }
    return {
      status: 404,
      text: JSON.stringify({
        error: { type: 'invalid_request_error', message: `Unrecognized request URL (${method}: ${path}).` },
      }),
    };
  }
}

function withoutAsked(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== 'asked'));
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': newId('req') }).end(body);
}
