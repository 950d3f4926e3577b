import { TestStripeBank, withoutAsked } from './test-stripe-bank.js';
import {
  type Form,
  expandsOf,
  invalid,
  mapOf,
  newId,
  seconds,
  StripeRefusal,
  type TestCustomer,
  type TestIntent,
  type TestInvoice,
  type TestMethod,
  type TestRefund,
  type TestSession,
  type TestSubscription,
} from './test-stripe-objects.js';

/** Cards that banks refuse when the buyer is not there. */
const REFUSES: Readonly<Record<string, { readonly code: string; readonly decline_code: string }>> = {
  '0002': { code: 'card_declined', decline_code: 'generic_decline' },
  '9995': { code: 'card_declined', decline_code: 'insufficient_funds' },
  '3155': { code: 'authentication_required', decline_code: 'authentication_required' },
};

type Handler = (form: Form, id: string) => object;

/** The part of Stripe's API that this service uses. The names of all fields are those of the SDK's types, which Stripe generates from its OpenAPI description. */
export class TestStripeApi extends TestStripeBank {
  protected readonly routes: readonly (readonly [method: string, path: RegExp, handle: Handler])[] = [
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
}
