import { randomUUID } from 'node:crypto';
import { TEST_WEBHOOK_SECRET, TestStripe } from '../../testing/test-stripe.js';
import type { CheckoutOrder, Order, PaymentFact } from '../payment-provider.js';
import { PaymentsDown } from '../payment-provider.js';
import { NotFromStripe, StripeEvents } from './stripe-events.js';
import { StripeProvider } from './stripe-provider.js';

const HOUR_MS = 3_600_000;
const PRICE = { amountMinor: 3_200, currency: 'USD' };

let server: TestStripe;
let provider: StripeProvider;
let events: StripeEvents;
let now: number;

beforeEach(async () => {
  now = Date.now();
  server = new TestStripe();
  provider = new StripeProvider({ secretKey: 'sk_test_local', api: await server.listen(), clock: () => now });
  events = new StripeEvents({ provider, webhookSecret: TEST_WEBHOOK_SECRET, livemode: false });
});
afterEach(() => server.close());

function order(kind: Order['kind'] = 'purchase'): Order {
  return { accountId: randomUUID(), kind, orderId: randomUUID() };
}

function checkout(of: Order, changes: Partial<CheckoutOrder> = {}): CheckoutOrder {
  return {
    ...of,
    title: '220 credits',
    price: PRICE,
    subscribes: null,
    savesMethod: false,
    returnUrl: 'https://dashboard.example/billing',
    expiresAt: now + 24 * HOUR_MS,
    customerRef: null,
    ...changes,
  };
}

/** What this service reads from everything that has happened since, as it is delivered. */
async function deliver(): Promise<PaymentFact[]> {
  const facts: PaymentFact[] = [];
  for (const event of server.events.splice(0)) {
    const { body, signature } = server.signed(event);
    const fact = await events.read(await events.verify(Buffer.from(body), signature, Date.now()));
    if (fact) facts.push(fact);
  }
  return facts;
}

describe('a checkout', () => {
  test('is opened once, however often it is asked for, and paid as told', async () => {
    const bought = checkout(order(), { savesMethod: true });
    const [first, second] = await Promise.all([provider.openCheckout(bought), provider.openCheckout(bought)]);
    expect(second).toEqual(first);
    expect(await provider.openCheckout({ ...bought, customerRef: first.customerRef })).toEqual(first);
    expect([server.sessions.size, server.customers.size]).toEqual([1, 1]);
    expect(await provider.find({ ...bought, ref: first.ref })).toMatchObject({ is: 'open', orderId: bought.orderId });
    server.pay(first.ref);
    const [fact, ...others] = await deliver();
    expect(others).toEqual([]);
    expect(fact).toEqual({
      accountId: bought.accountId,
      kind: 'purchase',
      orderId: bought.orderId,
      is: 'paid',
      paymentId: expect.stringMatching(/^pi_/),
      price: PRICE,
      receiptUrl: expect.stringContaining('https://'),
      customerRef: first.customerRef,
      method: { ref: expect.stringMatching(/^pm_/), brand: 'visa', last4: '4242', expiresMonth: 12, expiresYear: 2034 },
      subscriptionRef: null,
    });
    expect(await provider.find({ ...bought, ref: first.ref })).toEqual(fact);
  });

  test('saves no method that the buyer was not asked for', async () => {
    const bought = checkout(order());
    server.pay((await provider.openCheckout(bought)).ref);
    expect(await deliver()).toMatchObject([{ is: 'paid', method: null }]);
  });

  test('paid by a slow bank is open until the bank has spoken', async () => {
    const paid = await provider.openCheckout(checkout(order()));
    const refused = await provider.openCheckout(checkout(order()));
    server.pay(paid.ref, { later: true });
    server.pay(refused.ref, { later: true });
    expect((await deliver()).map(({ is }) => is)).toEqual(['open', 'open']);
    server.settle(paid.ref, true);
    server.settle(refused.ref, false);
    expect(await deliver()).toMatchObject([{ is: 'paid' }, { is: 'failed', declineCode: 'generic_decline' }]);
  });

  test('that nobody pays is canceled, by Stripe or by us; a paid one stays paid', async () => {
    const [left, closed, paid] = await Promise.all([1, 2, 3].map(() => provider.openCheckout(checkout(order()))));
    if (!left || !closed || !paid) throw new Error('not opened');
    server.expire(left.ref);
    await provider.closeCheckout({ ...order(), ref: closed.ref });
    await provider.closeCheckout({ ...order(), ref: closed.ref });
    expect((await deliver()).map(({ is }) => is)).toEqual(['canceled', 'canceled']);
    server.pay(paid.ref);
    await provider.closeCheckout({ ...order(), ref: paid.ref });
    expect(await provider.find({ ...order(), ref: paid.ref })).toMatchObject({ is: 'paid' });
  });

  test('whose time is nearly over stays open for the least that Stripe allows', async () => {
    const bought = checkout(order(), { expiresAt: now + 60_000 });
    const opened = await provider.openCheckout(bought);
    now += 1_000;
    expect(await provider.openCheckout(bought)).toEqual(opened);
  });

  test('that saves a method tells of it', async () => {
    const asked = order('method');
    const { ref, customerRef } = await provider.openCheckout(checkout(asked, { price: null, savesMethod: true }));
    server.pay(ref, { last4: '1111' });
    expect(await deliver()).toEqual([
      { ...asked, is: 'methodSaved', customerRef, method: expect.objectContaining({ last4: '1111' }) },
    ]);
  });
});

describe('a charge without the buyer', () => {
  async function saved(last4?: string) {
    const of = order();
    const { customerRef } = await provider.openCheckout(checkout(of));
    const method = server.addMethod(customerRef ?? '', last4);
    return {
      ...order(),
      title: '50 credits, by auto top-up',
      price: PRICE,
      customerRef: customerRef ?? '',
      methodRef: method.id,
      returnUrl: 'https://dashboard.example/billing',
      expiresAt: now + 24 * HOUR_MS,
    };
  }

  test('is made once, also when the answer was lost', async () => {
    const charge = await saved();
    server.faults.push('drop after doing it');
    const fact = await provider.charge(charge);
    expect(fact).toMatchObject({ is: 'paid', orderId: charge.orderId, price: PRICE });
    expect(await provider.charge(charge)).toEqual(fact);
    expect([...server.intents.values()].filter(({ status }) => status === 'succeeded')).toHaveLength(1);
    expect(await deliver()).toEqual([fact]);
  });

  test.each([
    ['0002', 'generic_decline'],
    ['9995', 'insufficient_funds'],
  ])('of a card ending in %s is declined: %s', async (last4, declineCode) => {
    const charge = await saved(last4);
    expect(await provider.charge(charge)).toMatchObject({ is: 'failed', declineCode });
    expect(await deliver()).toMatchObject([{ is: 'failed', declineCode, orderId: charge.orderId }]);
  });

  test('of a method that was removed meanwhile is declined, and not asked for again', async () => {
    const charge = await saved();
    const { accountId, customerRef, methodRef } = charge;
    await provider.forgetMethod({ accountId, customerRef, methodRef });
    expect(await provider.charge(charge)).toMatchObject({ is: 'failed', declineCode: 'payment_method_unavailable' });
  });

  test('that the bank wants the buyer for becomes a checkout, and only one of the two is ever paid', async () => {
    const charge = await saved('3155');
    server.events.length = 0;
    const fact = await provider.charge(charge);
    if (fact.is !== 'needsBuyer') throw new Error(fact.is);
    expect(await provider.charge(charge)).toEqual(fact);
    expect([...server.intents.values()].map(({ status }) => status)).toEqual(['canceled']);
    // What is told of the charge says nothing more: the order is a checkout now.
    expect((await deliver()).filter(({ is }) => is !== 'canceled' && is !== 'open')).toEqual([]);
    server.pay(fact.ref);
    expect(await deliver()).toMatchObject([{ is: 'paid', orderId: charge.orderId, kind: 'purchase' }]);
  });
});

test('money is sent back once for each refund, never more than was paid', async () => {
  const bought = order();
  const { ref } = await provider.openCheckout(checkout(bought));
  server.pay(ref);
  const [fact] = await deliver();
  if (fact?.is !== 'paid') throw new Error('not paid');
  const refund = {
    ...bought,
    refundId: randomUUID(),
    paymentId: fact.paymentId,
    price: { ...PRICE, amountMinor: 2_000 },
  };
  server.faults.push('drop after doing it', 500);
  const sent = await provider.refund(refund);
  expect(await provider.refund(refund)).toEqual(sent);
  expect([...server.refunds.values()].map(({ amount }) => amount)).toEqual([2_000]);
  await expect(provider.refund({ ...refund, refundId: randomUUID() })).rejects.toThrow(PaymentsDown);
  expect(server.refunds.size).toBe(1);
});

test('a dispute is told by its order; an inquiry says nothing', async () => {
  const bought = order();
  const { ref } = await provider.openCheckout(checkout(bought));
  server.pay(ref);
  const [paid] = await deliver();
  if (paid?.is !== 'paid') throw new Error('not paid');
  const dispute = server.dispute(paid.paymentId, 'warning_needs_response');
  expect(await deliver()).toEqual([]);
  server.decide(dispute, 'needs_response');
  expect(await deliver()).toEqual([{ ...bought, is: 'disputed', disputeId: dispute.id, price: PRICE }]);
  server.decide(dispute, 'won');
  expect(await deliver()).toMatchObject([{ is: 'disputeWon' }]);
  const other = server.dispute(paid.paymentId);
  server.decide(other, 'lost');
  // Both events tell what the dispute is by now, in whatever order they come.
  expect((await deliver()).map(({ is }) => is)).toEqual(['disputeLost', 'disputeLost']);
});

describe('a subscription', () => {
  const SUBSCRIBED = { title: 'Pro plan, a month', price: { amountMinor: 2_900, currency: 'USD' } };

  async function subscribe() {
    const of = order('plan');
    const { ref } = await provider.openCheckout(
      checkout(of, { ...SUBSCRIBED, subscribes: { plan: 'PRO', renewsAt: now + 30 * 24 * HOUR_MS } }),
    );
    server.pay(ref);
    const [fact, ...others] = await deliver();
    expect(others).toEqual([]);
    if (fact?.is !== 'paid' || fact.subscriptionRef === null) throw new Error('not paid');
    return { accountId: of.accountId, orderId: of.orderId, subscriptionRef: fact.subscriptionRef, fact };
  }

  test('is paid for the first time by its checkout, with a card that is kept', async () => {
    const { orderId, fact } = await subscribe();
    expect(fact).toMatchObject({ kind: 'plan', orderId, price: SUBSCRIBED.price, method: { last4: '4242' } });
  });

  test('renews at the boundary that it was given, at the price that it was given', async () => {
    const { accountId, subscriptionRef } = await subscribe();
    const renewsAt = Math.ceil((now + 20 * 24 * HOUR_MS) / 1_000) * 1_000;
    const price = { amountMinor: 12_900, currency: 'USD' };
    const change = { accountId, subscriptionRef, plan: 'ENTERPRISE', price, renewsAt } as const;
    await provider.changeSubscription(change);
    await provider.changeSubscription(change);
    expect(server.subscriptions.get(subscriptionRef)).toMatchObject({
      status: 'trialing',
      trial_end: renewsAt / 1_000,
    });
    server.renew(subscriptionRef, renewsAt);
    expect(await deliver()).toEqual([
      {
        is: 'renewalPaid',
        accountId,
        subscriptionRef,
        boundaryAt: renewsAt,
        paymentId: expect.stringMatching(/^pi_/),
        price,
        receiptUrl: expect.any(String),
        declineCode: null,
      },
    ]);
  });

  test('whose charge fails is told, and so is the one that is paid at last, and the end', async () => {
    const { accountId, subscriptionRef } = await subscribe();
    const invoice = server.renew(subscriptionRef, now, { isPaid: false });
    expect(await deliver()).toMatchObject([{ is: 'renewalFailed', accountId, declineCode: 'insufficient_funds' }]);
    server.chargeInvoice(invoice, true);
    expect(await deliver()).toMatchObject([{ is: 'renewalPaid', accountId }]);
    await provider.endSubscription({ accountId, subscriptionRef });
    await provider.endSubscription({ accountId, subscriptionRef });
    expect(await deliver()).toEqual([{ is: 'subscriptionEnded', accountId, subscriptionRef }]);
  });
});

describe('a delivery', () => {
  test('that is not signed with the secret, is old, or of the other mode is refused', async () => {
    server.tell('customer.created', { id: 'cus_1' });
    const [event] = server.events;
    if (!event) throw new Error('no event');
    const good = server.signed(event);
    const read = (body: string, signature: string, at = Date.now()) => events.verify(Buffer.from(body), signature, at);
    expect((await read(good.body, good.signature)).id).toBe(event.id);
    await expect(read(`${good.body} `, good.signature)).rejects.toThrow(NotFromStripe);
    await expect(read(good.body, '')).rejects.toThrow(NotFromStripe);
    await expect(read(good.body, server.signed(event, Date.now(), 'whsec_other').signature)).rejects.toThrow(
      NotFromStripe,
    );
    await expect(read(good.body, good.signature, Date.now() + 301_000)).rejects.toThrow(NotFromStripe);
    const live = server.signed({ ...event, livemode: true });
    await expect(read(live.body, live.signature)).rejects.toThrow(NotFromStripe);
  });

  test('about objects that are not ours says nothing', async () => {
    const intent = server.addMethod('cus_other');
    server.tell('payment_intent.succeeded', { id: 'pi_other', metadata: {} });
    server.tell('checkout.session.completed', { id: 'cs_other', metadata: { aibc_account: "'; DROP TABLE" } });
    server.tell('customer.created', { id: 'cus_2' });
    server.tell('payment_method.attached', intent);
    expect(await deliver()).toEqual([]);
  });

  test('about an object that Stripe does not have any more is not known, and asked for again', async () => {
    const { accountId, kind, orderId } = order();
    const metadata = { aibc_account: accountId, aibc_kind: kind, aibc_order: orderId, aibc_paid_by: 'checkout' };
    server.tell('checkout.session.completed', { id: 'cs_test_gone', metadata });
    await expect(deliver()).rejects.toThrow(PaymentsDown);
  });
});

test('a Stripe that cannot be reached, or only fails, is down: nothing is known', async () => {
  server.faults.push(500, 500, 500);
  await expect(provider.openCheckout(checkout(order()))).rejects.toThrow(PaymentsDown);
  server.faults.push(429);
  await expect(provider.openCheckout(checkout(order()))).rejects.toThrow(PaymentsDown);
  server.faults.push('drop', 500);
  const { ref } = await provider.openCheckout(checkout(order()));
  await server.close();
  await expect(provider.find({ ...order(), ref })).rejects.toThrow(PaymentsDown);
  await server.listen();
});
