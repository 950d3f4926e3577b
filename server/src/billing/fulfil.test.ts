import { createTestLedger, type TestLedger } from '../testing/test-ledger.js';
import { purchase, purchaseOf } from '../testing/test-purchases.js';
import { v7 } from 'uuid';
import { fulfil, type FulfilDeps } from './fulfil.js';
import { type PaymentFact, PaymentsDown } from './payment-provider.js';

let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => books.close());

function fulfilment(): FulfilDeps & { readonly unknown: PaymentFact[]; readonly errors: unknown[] } {
  const unknown: PaymentFact[] = [];
  const errors: unknown[] = [];
  return {
    ledger: books.ledger,
    nextId: v7,
    providerOf: () => null,
    removals: { expect: () => Promise.resolve(), finish: () => Promise.resolve() },
    onUnknown: (fact) => unknown.push(fact),
    onError: (error) => errors.push(error),
    unknown,
    errors,
  };
}

const MONEY = { price: { amountMinor: 3200, currency: 'USD' }, receiptUrl: null, customerRef: null, method: null };

function paid(accountId: string, orderId: string, paymentId: string): PaymentFact {
  return { is: 'paid', kind: 'purchase', accountId, orderId, paymentId, subscriptionRef: null, ...MONEY };
}

test('a fact that many tell at once is done once, and all are answered the same', async () => {
  const account = await books.open('PRO');
  const { id } = purchaseOf(await books.ledger.submit(purchase(account, 'pack.200')));
  const deps = fulfilment();
  const told = await Promise.all(Array.from({ length: 10 }, () => fulfil(deps, paid(account, id, 'pay_1'))));
  expect(new Set(told.map((one) => `${one?.status} ${one?.grantId}`)).size).toBe(1);
  expect(told[0]?.status).toBe('PAID');
  expect([deps.unknown, deps.errors]).toEqual([[], []]);
});

test('the credits and the word that they are paid are one entry group, and there are no others', async () => {
  const account = await books.open('PRO');
  const { id } = purchaseOf(await books.ledger.submit(purchase(account, 'pack.200')));
  const deps = fulfilment();
  const told = await Promise.all(Array.from({ length: 10 }, () => fulfil(deps, paid(account, id, 'pay_6'))));
  const { rows } = await books.pool.query<{ version: number; command: string; amount: number; grant: string }>(
    `SELECT version, command, amount, grant_id AS grant FROM journal WHERE account_id = $1 AND version > 2 ORDER BY version, ordinal`,
    [account],
  );
  const { version, grantId, bonusGrantId } = told[0] ?? {};
  expect(rows).toEqual([
    { version, command: 'pay-purchase', amount: 200, grant: grantId },
    { version, command: 'pay-purchase', amount: 20, grant: bonusGrantId },
  ]);
});

test('what is told of no order of ours is reported, and changes nothing', async () => {
  const account = await books.open('PRO');
  const deps = fulfilment();
  const facts: PaymentFact[] = [
    paid(account, v7(), 'pay_2'),
    paid(v7(), v7(), 'pay_3'),
    { is: 'canceled', kind: 'purchase', accountId: account, orderId: v7() },
  ];
  for (const fact of facts) expect(await fulfil(deps, fact)).toBeNull();
  expect(deps.unknown).toEqual(facts);
});

test('money that cannot be sent back now is reported, and owed', async () => {
  const account = await books.open('PRO');
  const { id } = purchaseOf(await books.ledger.submit(purchase(account, 'pack.200')));
  const deps = fulfilment();
  await fulfil(deps, paid(account, id, 'pay_4'));
  expect((await fulfil(deps, paid(account, id, 'pay_5')))?.paymentId).toBe('pay_4');
  expect(deps.errors).toEqual([expect.any(PaymentsDown)]);
  const { rows } = await books.pool.query<{ payment_id: string }>(
    'SELECT payment_id FROM refund WHERE account_id = $1 AND ref IS NULL',
    [account],
  );
  expect(rows).toEqual([{ payment_id: 'pay_5' }]);
});
