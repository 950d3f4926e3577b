import { v7 } from 'uuid';
import type { PlanCode } from '../catalog/catalog.js';
import { clock, createTestLedger, grant, type TestLedger } from '../testing/test-ledger.js';
import { verifyLedger } from './books/verify.js';
import type { PlanFact } from './core/commands/settle-plan.js';
import type { Outcome } from './core/outcome.js';
import type { PlanPaymentState } from './core/plan-payment.js';

let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => books.close());

const START = Date.UTC(2026, 0, 31, 10);
const DAY = 86_400_000;
const OWNER = { name: 'user:ann', member: 'ann', closesAny: false };
const BILLING = { name: 'system:billing', member: 'billing', closesAny: true };

/** An account, who asks for plans on it and what a provider says of their payments. */
class Payer {
  constructor(readonly accountId: string) {}

  static async open(plan: PlanCode): Promise<Payer> {
    return new Payer(await books.open(plan, { now: START }));
  }

  ask(plan: PlanCode, key: string = v7(), provider: 'sandbox' | null = 'sandbox'): Promise<Outcome> {
    return books.ledger.submit({
      type: 'change-plan',
      accountId: this.accountId,
      actor: OWNER,
      keyed: { key, scope: 'change-plan|user:ann', input: { plan } },
      plan,
      payment: { id: v7(), provider, returnUrl: null },
    });
  }

  async order(plan: PlanCode, key?: string): Promise<PlanPaymentState> {
    const outcome = await this.ask(plan, key);
    if (outcome.kind !== 'row' || outcome.of !== 'planPayments') throw new Error(`no payment: ${outcome.kind}`);
    return outcome.row as PlanPaymentState;
  }

  async settle(id: string, fact: PlanFact, refundId: string = v7()) {
    const command = { type: 'settle-plan', accountId: this.accountId, actor: BILLING } as const;
    const outcome = await books.ledger.submit({ ...command, planPaymentId: id, fact, refundId });
    if (outcome.kind !== 'planPaid') throw new Error(`not settled: ${outcome.kind}`);
    return outcome;
  }

  async head() {
    const actor = BILLING;
    const outcome = await books.ledger.submit({ type: 'advance', accountId: this.accountId, actor });
    if (outcome.kind !== 'account') throw new Error('no account');
    const { plan, nextPlan, period, version, billing, credits } = outcome.account;
    return { plan, nextPlan, number: period.number, end: period.end, version, billing, ...credits.STANDARD };
  }

  async problems(): Promise<readonly string[]> {
    return (await verifyLedger({ ...books, accountIds: [this.accountId] })).problems;
  }
}

const paid = (amountMinor: number, paymentId = 'pay_1', subscriptionRef: string | null = 'sub_1'): PlanFact => ({
  is: 'paid',
  paymentId,
  price: { amountMinor, currency: 'USD' },
  receiptUrl: 'https://receipt.test/1',
  customerRef: 'cus_1',
  method: null,
  subscriptionRef,
});

test('FREE to paid: nothing changes before it is paid; then plan, allowance, anchor and subscription in one group', async () => {
  const payer = await Payer.open('FREE');
  const payment = await payer.order('PRO');
  expect(payment).toMatchObject({
    reason: 'BEGINS',
    status: 'PENDING',
    priceMinor: 2_900,
    currency: 'USD',
    plan: 'PRO',
    planBefore: 'FREE',
    endsAt: START + DAY,
    askedBy: 'user:ann',
  });
  expect(await payer.head()).toMatchObject({ plan: 'FREE', available: 0, billing: { planPaymentId: payment.id } });
  await payer.settle(payment.id, { is: 'opened', ref: 'chk_1', url: 'https://pay.test/1', customerRef: 'cus_1' });
  await books.ledger.submit(clock(payer.accountId, START + DAY / 2));
  const before = await payer.head();
  expect(await payer.settle(payment.id, paid(2_900))).toMatchObject({
    payment: { status: 'PAID', paymentId: 'pay_1', periodNumber: 1, checkoutUrl: 'https://pay.test/1' },
    refund: null,
    endsSubscription: null,
  });
  expect(await payer.head()).toMatchObject({
    version: before.version + 1,
    plan: 'PRO',
    available: 100,
    number: 1,
    end: Date.UTC(2026, 1, 28, 22),
    billing: {
      customerRef: 'cus_1',
      planPaymentId: null,
      subscription: { ref: 'sub_1', plan: 'PRO', price: { amountMinor: 2_900, currency: 'USD' }, status: 'ACTIVE' },
    },
  });
  expect(await payer.problems()).toEqual([]);
});

test('the same payment told ten times at once changes the plan once', async () => {
  const payer = await Payer.open('FREE');
  const { id } = await payer.order('ENTERPRISE');
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => payer.settle(id, paid(12_900), '019361d2-0b5c-7000-8000-000000000001')),
  );
  expect(answers.map(({ payment, refund }) => [payment.status, refund])).toEqual(
    Array.from({ length: 10 }, () => ['PAID', null]),
  );
  expect(await payer.head()).toMatchObject({ plan: 'ENTERPRISE', granted: 500, number: 1 });
  expect(await payer.problems()).toEqual([]);
});

test('an upgrade costs the difference of the monthly prices and grants the difference of the allowances, in its period', async () => {
  const payer = await Payer.open('FREE');
  await payer.settle((await payer.order('PRO')).id, paid(2_900));
  await books.ledger.submit(clock(payer.accountId, START + 20 * DAY));
  const payment = await payer.order('ENTERPRISE');
  expect(payment).toMatchObject({ reason: 'UPGRADES', priceMinor: 10_000 });
  await payer.settle(payment.id, paid(10_000, 'pay_2', null));
  expect(await payer.head()).toMatchObject({
    plan: 'ENTERPRISE',
    number: 1,
    available: 500,
    billing: { subscription: { ref: 'sub_1', plan: 'ENTERPRISE', price: { amountMinor: 12_900 } } },
  });
  expect(await payer.problems()).toEqual([]);
});

test('one payment is open per account: a second wish is answered with the first, whatever plan it asks for', async () => {
  const payer = await Payer.open('FREE');
  const first = await payer.order('PRO', 'a');
  expect((await payer.order('PRO', 'b')).id).toBe(first.id);
  expect((await payer.order('ENTERPRISE', 'c')).id).toBe(first.id);
  expect(await payer.ask('PRO', 'a')).toMatchObject({ kind: 'row', row: { id: first.id }, replayed: true });
  expect((await payer.head()).version).toBe(2);
  // At its end it can be paid no more, and another takes its place.
  await books.ledger.submit(clock(payer.accountId, START + DAY - 1));
  expect((await payer.order('PRO')).id).toBe(first.id);
  await books.ledger.submit(clock(payer.accountId, START + DAY));
  const second = await payer.order('ENTERPRISE');
  expect(second.id).not.toBe(first.id);
  // The money for the first is here after all: it was not spent on anything, so the plan changes by it.
  await payer.settle(first.id, paid(2_900));
  expect(await payer.head()).toMatchObject({ plan: 'PRO', billing: { planPaymentId: second.id } });
  expect(await payer.problems()).toEqual([]);
});

test.each<[string, (payer: Payer) => Promise<unknown>, number]>([
  ['is in force already', (payer) => platform(payer, 'PRO'), 2_900],
  ['cannot follow the plan in force as it was asked', (payer) => platform(payer, 'ENTERPRISE'), 2_900],
  ['has another price', () => Promise.resolve(), 2_800],
])('a payment for a plan that %s goes back in full, once, and its subscription ends', async (_, meanwhile, amount) => {
  const payer = await Payer.open('FREE');
  const { id } = await payer.order('PRO');
  await meanwhile(payer);
  const before = await payer.head();
  const refundId = v7();
  const back = { payment: { status: 'CANCELED', paymentId: null }, endsSubscription: 'sub_1' };
  const refund = { id: refundId, orderKind: 'plan', orderId: id, paymentId: 'pay_1', amountMinor: amount, ref: null };
  expect(await payer.settle(id, paid(amount), refundId)).toMatchObject({ ...back, refund });
  expect(await payer.settle(id, paid(amount), refundId)).toMatchObject({ ...back, refund });
  const { plan, available, granted, version } = await payer.head();
  expect({ plan, available, granted, version }).toEqual({
    plan: before.plan,
    available: before.available,
    granted: before.granted,
    version: before.version + 1,
  });
  expect(await payer.problems()).toEqual([]);
});

/** The platform puts the account on a plan, which it bills elsewhere. */
function platform(payer: Payer, plan: PlanCode): Promise<Outcome> {
  return books.ledger.submit({
    type: 'change-plan',
    accountId: payer.accountId,
    actor: { name: 'service:platform', member: 'platform', closesAny: true },
    keyed: { key: v7(), scope: 'change-plan|server', input: { plan } },
    plan,
    payment: null,
  });
}

test('a second payment of one order goes back; the first stays', async () => {
  const payer = await Payer.open('FREE');
  const { id } = await payer.order('PRO');
  await payer.settle(id, paid(2_900));
  expect(await payer.settle(id, paid(2_900, 'pay_2', 'sub_2'))).toMatchObject({
    payment: { status: 'PAID', paymentId: 'pay_1' },
    refund: { paymentId: 'pay_2', amountMinor: 2_900 },
    endsSubscription: 'sub_2',
  });
  expect(await payer.head()).toMatchObject({ plan: 'PRO', granted: 100, billing: { subscription: { ref: 'sub_1' } } });
  expect(await payer.problems()).toEqual([]);
});

test.each<[PlanFact, string]>([
  [{ is: 'failed', declineCode: 'card_declined' }, 'FAILED'],
  [{ is: 'canceled' }, 'CANCELED'],
])(
  '%j: nothing changes, another may be asked for, and money that comes after all changes the plan',
  async (fact, status) => {
    const payer = await Payer.open('FREE');
    const { id } = await payer.order('PRO');
    expect(await payer.settle(id, fact)).toMatchObject({ payment: { status } });
    expect(await payer.settle(id, fact)).toMatchObject({ payment: { status } });
    expect(await payer.head()).toMatchObject({ plan: 'FREE', version: 3, billing: { planPaymentId: null } });
    const second = await payer.order('PRO');
    expect(second.id).not.toBe(id);
    expect(await payer.settle(id, paid(2_900))).toMatchObject({ payment: { status: 'PAID', declineCode: null } });
    expect(await payer.head()).toMatchObject({ plan: 'PRO' });
    expect(await payer.settle(second.id, paid(2_900, 'pay_2', 'sub_2'))).toMatchObject({
      refund: { paymentId: 'pay_2' },
    });
    expect(await payer.problems()).toEqual([]);
  },
);

test('going down, or back, costs nothing and needs no payment; without a provider nothing can be paid', async () => {
  const payer = await Payer.open('PRO');
  await books.ledger.submit(grant(payer.accountId, 5));
  expect(await payer.ask('FREE')).toMatchObject({ kind: 'plan', effectiveAt: Date.UTC(2026, 1, 28, 10) });
  expect(await payer.ask('PRO')).toMatchObject({ kind: 'plan' });
  expect(await payer.ask('ENTERPRISE', v7(), null)).toMatchObject({ refusal: { kind: 'PaymentsUnavailable' } });
  expect(await payer.head()).toMatchObject({ plan: 'PRO', nextPlan: null, billing: null });
  expect(await payer.problems()).toEqual([]);
});

test('verify: a plan that was paid and says it was not', async () => {
  const payer = await Payer.open('FREE');
  await payer.settle((await payer.order('PRO')).id, paid(2_900));
  await books.pool.query(
    `UPDATE plan_payment SET status = 'CANCELED', payment_id = NULL, paid_at = NULL, period_number = NULL WHERE account_id = $1`,
    [payer.accountId],
  );
  expect((await payer.problems()).join()).toContain('plans that payments changed, less those paid');
});
