import type Stripe from 'stripe';
import { startTestApp, type TestApp } from './testing/test-app.js';
import { TEST_WEBHOOK_SECRET, TestStripe } from './testing/test-stripe.js';
import { until } from './testing/test-until.js';

/* Live accounts pay through Stripe: a whole server, and beside it a local one that speaks Stripe's API. */

let stripe: TestStripe;
let app: TestApp;
beforeAll(async () => {
  stripe = new TestStripe();
  const { host, port } = await stripe.listen();
  const settings = {
    secretKey: 'sk_test_local',
    webhookSecret: TEST_WEBHOOK_SECRET,
    apiUrl: `http://${host}:${port}`,
  };
  app = await startTestApp({ env: { stripe: settings } });
});
afterAll(async () => {
  await app.close();
  await stripe.close();
});

interface Purchase {
  readonly id: string;
  readonly status: string;
  readonly checkoutUrl: string | null;
  readonly [field: string]: unknown;
}

const SHOWN = 'id status checkoutUrl receiptUrl declineCode refunded { amountMinor } unrecoveredMoney { amountMinor }';

async function ask<T>(field: string, query: string, variables: Record<string, unknown>): Promise<T> {
  const { data, errors } = await app.gql<Record<string, T>>(query, variables);
  if (data == null) throw new Error(JSON.stringify(errors));
  return data[field] as T;
}

async function buy(accountId: string, idempotencyKey: string = crypto.randomUUID()): Promise<Purchase> {
  const answer = await ask<{ purchase: Purchase }>(
    'purchaseCredits',
    `mutation Buy($input: PurchaseCreditsInput!) { purchaseCredits(input: $input) { ... on PurchaseReceipt { purchase { ${SHOWN} } } } }`,
    { input: { accountId, packId: 'pack.200', idempotencyKey } },
  );
  return answer.purchase;
}

const read = (id: string) =>
  ask<Purchase>('purchase', `query Read($id: ID!) { purchase(id: $id) { ${SHOWN} } }`, { id });

async function available(id: string): Promise<number> {
  const account = await ask<{ balance: { available: number } }>(
    'account',
    'query Have($id: ID!) { account(id: $id) { balance { available } } }',
    { id },
  );
  return account.balance.available;
}

/** The session of a checkout's address. */
const sessionOf = ({ checkoutUrl }: Purchase): string => checkoutUrl?.split('/').at(-1) ?? '';

async function post(body: string, signature: string): Promise<number> {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature };
  return (await fetch(`${app.url}/webhooks/stripe`, { method: 'POST', headers, body })).status;
}

/** Delivers everything that has happened at Stripe since, each `times` at once. */
async function deliver({ times = 1, order = (events: Stripe.Event[]) => events } = {}): Promise<number[]> {
  const answers: number[] = [];
  for (const event of order(stripe.events.splice(0))) {
    const { body, signature } = stripe.signed(event);
    answers.push(...(await Promise.all(Array.from({ length: times }, () => post(body, signature)))));
  }
  return answers;
}

test('a live account buys a pack at Stripe; the payment told ten times at once grants once', async () => {
  const accountId = await app.openAccount({ sandbox: false });
  const key = crypto.randomUUID();
  const begun = await buy(accountId, key);
  expect(await buy(accountId, key)).toEqual(begun);
  expect(begun).toMatchObject({ status: 'PENDING', checkoutUrl: expect.stringContaining('https://checkout.example/') });
  stripe.pay(sessionOf(begun));
  expect(new Set(await deliver({ times: 10 }))).toEqual(new Set([200]));
  expect(await read(begun.id)).toMatchObject({ status: 'PAID', receiptUrl: expect.stringContaining('https://') });
  expect(await available(accountId)).toBe(320);
  expect([...stripe.keys.keys()].filter((name) => name.startsWith('checkout-'))).toHaveLength(1);
});

test('declined by a slow bank, or left: nothing is granted', async () => {
  const accountId = await app.openAccount({ sandbox: false });
  const [slow, left] = [await buy(accountId), await buy(accountId)];
  stripe.pay(sessionOf(slow), { later: true });
  stripe.expire(sessionOf(left));
  await deliver();
  expect((await read(slow.id)).status).toBe('PENDING');
  stripe.settle(sessionOf(slow), false);
  await deliver();
  expect([(await read(slow.id)).status, (await read(left.id)).status]).toEqual(['FAILED', 'CANCELED']);
  expect((await read(slow.id))['declineCode']).toBe('generic_decline');
  expect(await available(accountId)).toBe(100);
});

test('refunded money goes back through Stripe once; a dispute that is told before the payment still takes the credits', async () => {
  const accountId = await app.openAccount({ sandbox: false });
  const refunded = await buy(accountId);
  stripe.pay(sessionOf(refunded));
  await deliver();
  await ask(
    'refundPurchase',
    `mutation Refund($input: RefundPurchaseInput!) { refundPurchase(input: $input) { __typename } }`,
    {
      input: { purchaseId: refunded.id, idempotencyKey: crypto.randomUUID() },
    },
  );
  expect([...stripe.refunds.values()].map(({ amount }) => amount)).toEqual([3_200]);
  expect(await read(refunded.id)).toMatchObject({ status: 'REFUNDED', refunded: { amountMinor: 3_200 } });

  const disputed = await buy(accountId);
  const session = sessionOf(disputed);
  stripe.pay(session);
  const dispute = stripe.dispute(stripe.sessions.get(session)?.payment_intent ?? '');
  expect(new Set(await deliver({ order: (events) => events.reverse() }))).toEqual(new Set([200]));
  expect((await read(disputed.id)).status).toBe('DISPUTED');
  expect(await available(accountId)).toBe(100);
  stripe.decide(dispute, 'won');
  await deliver();
  expect((await read(disputed.id)).status).toBe('PAID');
  expect(await available(accountId)).toBe(320);
});

test('what Stripe did not sign is refused and changes nothing; what cannot be known now is to be sent again', async () => {
  const accountId = await app.openAccount({ sandbox: false });
  const begun = await buy(accountId);
  stripe.pay(sessionOf(begun));
  const event = stripe.events.splice(0).find(({ type }) => type === 'checkout.session.completed');
  if (!event) throw new Error('no event');
  const { body, signature } = stripe.signed(event);
  expect(await post(`${body} `, signature)).toBe(400);
  expect(await post(body, 't=1,v1=00')).toBe(400);
  const unsigned = await fetch(`${app.url}/webhooks/stripe`, { method: 'POST', body });
  expect(unsigned.status).toBe(400);
  expect((await read(begun.id)).status).toBe('PENDING');
  stripe.faults.push(500, 500, 500);
  expect(await post(body, signature)).toBe(503);
  expect((await read(begun.id)).status).toBe('PENDING');
  expect(await post(body, signature)).toBe(200);
  expect((await read(begun.id)).status).toBe('PAID');
});

test('an event about an order that is not ours is taken, and changes nothing', async () => {
  stripe.tell('payment_intent.succeeded', { id: 'pi_of_another_shop', metadata: {} });
  expect(await deliver()).toEqual([200]);
});

describe('auto top-up', () => {
  /** Saves a card at Stripe, turns it on so that it buys at once, and waits for how that ended. */
  async function topUp(last4: string, isSo: (purchase: Purchase) => boolean): Promise<[string, Purchase]> {
    const accountId = await app.openAccount({ sandbox: false });
    const { checkoutUrl } = await ask<{ checkoutUrl: string }>(
      'updatePaymentMethod',
      'mutation Change($id: ID!) { updatePaymentMethod(accountId: $id) { checkoutUrl } }',
      { id: accountId },
    );
    stripe.pay(checkoutUrl.split('/').at(-1) ?? '', { last4 });
    await deliver({ times: 3 });
    const input = { accountId, enabled: true, packId: 'pack.50', threshold: 100 };
    const { purchase } = await ask<{ purchase: { id: string } }>(
      'setAutoTopUp',
      `mutation Set($input: SetAutoTopUpInput!) { setAutoTopUp(input: $input, idempotencyKey: "on") { ... on AutoTopUpReceipt { purchase { id } } } }`,
      { input },
    );
    await until(async () => isSo(await read(purchase.id)));
    return [accountId, await read(purchase.id)];
  }
  const chargesOf = () => [...stripe.keys.keys()].filter((name) => name.startsWith('charge-')).length;

  test('charges the saved card off-session, once; told ten times it grants once', async () => {
    const before = chargesOf();
    const [accountId, purchase] = await topUp('4242', ({ status }) => status === 'PAID');
    await deliver({ times: 10 });
    expect([purchase.status, await available(accountId), chargesOf() - before]).toEqual(['PAID', 150, 1]);
  });

  test('of a card that is declined fails', async () => {
    const [accountId, purchase] = await topUp('0002', ({ status }) => status === 'FAILED');
    await deliver();
    expect([purchase['declineCode'], await available(accountId)]).toEqual(['generic_decline', 100]);
  });

  test('waits for a buyer whom the bank wants, and is paid at its checkout once', async () => {
    const [accountId, purchase] = await topUp('3155', ({ checkoutUrl }) => checkoutUrl !== null);
    expect(purchase.status).toBe('PENDING');
    stripe.pay(sessionOf(purchase));
    await deliver({ times: 3 });
    expect([(await read(purchase.id)).status, await available(accountId)]).toEqual(['PAID', 150]);
  });
});
