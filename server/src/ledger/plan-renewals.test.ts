import { v7 } from 'uuid';
import { refundIdOf } from '../billing/fulfil.js';
import type { PlanCode } from '../catalog/catalog.js';
import {
  advance,
  clock,
  createTestLedger,
  release,
  reserve,
  reservationIdOf,
  type TestLedger,
} from '../testing/test-ledger.js';
import { verifyLedger } from './books/verify.js';
import type { RenewalFact } from './core/commands/renew-plan.js';
import type { PlanPaymentState } from './core/plan-payment.js';
import { PLAN_PAYMENT } from './rows/plan-payment-rows.js';
import type { Row } from './wire/flight.js';

let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(async () => {
  const { problems } = await verifyLedger(books);
  await books.close();
  expect(problems).toEqual([]);
});

const START = Date.UTC(2026, 0, 10);
const DAY = 86_400_000;
/** The boundaries of an account that began on the 10th of January. */
const FEB = Date.UTC(2026, 1, 10);
const MAR = Date.UTC(2026, 2, 10);
const APR = Date.UTC(2026, 3, 10);
const PROVIDER = { name: 'system:billing', member: 'billing', closesAny: true };
const PRICE = { PRO: 2_900, ENTERPRISE: 12_900, FREE: 0 };

/** An account on a plan that its owner pays by a subscription. */
class Subscriber {
  private constructor(readonly id: string) {}

  static async open(plan: PlanCode = 'PRO'): Promise<Subscriber> {
    const subscriber = new Subscriber(await books.open('FREE', { now: START }));
    const outcome = await subscriber.change(plan, true);
    if (outcome.kind !== 'row') throw new Error(`no payment: ${outcome.kind}`);
    await books.ledger.submit({
      type: 'settle-plan',
      accountId: subscriber.id,
      actor: PROVIDER,
      planPaymentId: outcome.row.id,
      fact: {
        is: 'paid',
        paymentId: v7(),
        price: { amountMinor: PRICE[plan], currency: 'USD' },
        receiptUrl: null,
        customerRef: 'cus_1',
        method: { ref: 'pm_1', brand: 'visa', last4: '4242', expiresMonth: 12, expiresYear: 2099 },
        subscriptionRef: 'sub_1',
      },
      refundId: v7(),
    });
    return subscriber;
  }

  change(plan: PlanCode, pays = false) {
    return books.ledger.submit({
      type: 'change-plan',
      accountId: this.id,
      actor: { name: 'user:ann', member: 'ann', closesAny: false },
      keyed: { key: v7(), scope: 'change-plan|user:ann', input: { plan } },
      plan,
      payment: pays ? { id: v7(), provider: 'sandbox', returnUrl: null } : null,
    });
  }

  async at(now: number): Promise<this> {
    await books.ledger.submit(clock(this.id, now));
    return this;
  }

  async renewals(): Promise<PlanPaymentState[]> {
    const { rows } = await books.pool.query<Row>(
      `SELECT ${PLAN_PAYMENT.select('p')} FROM plan_payment p WHERE p.account_id = $1 AND p.reason = 'RENEWS' ORDER BY p.created_at`,
      [this.id],
    );
    return PLAN_PAYMENT.read(rows).map((row) => ({ ...row }));
  }

  /** The provider tells of the renewal of a period. */
  async tell(boundary: number, fact: RenewalFact, subscriptionRef = 'sub_1') {
    const planPaymentId = (await this.renewals()).find(({ createdAt }) => createdAt === boundary)?.id ?? null;
    const refundId = fact.is === 'paid' ? refundIdOf(fact.paymentId) : v7();
    const command = { type: 'renew-plan', accountId: this.id, actor: PROVIDER } as const;
    const outcome = await books.ledger.submit({ ...command, subscriptionRef, planPaymentId, fact, refundId });
    if (outcome.kind !== 'renewed') throw new Error(`not renewed: ${outcome.kind}`);
    return outcome.refund;
  }

  async head() {
    const outcome = await books.ledger.submit(advance(this.id));
    if (outcome.kind !== 'account') throw new Error('no account');
    const { plan, nextPlan, period, version, billing, credits } = outcome.account;
    const { available, waiting, ...rest } = credits.STANDARD;
    const status = billing?.subscription?.status;
    return { plan, nextPlan, number: period.number, version, status, ...rest, waiting, usable: available - waiting };
  }

  async told(): Promise<string[]> {
    const { rows } = await books.pool.query<{ type: string }>(
      `SELECT type FROM event WHERE account_id = $1 ORDER BY version, ordinal`,
      [this.id],
    );
    return rows.map(({ type }) => type).filter((type) => type.startsWith('PLAN'));
  }

  async hold(quantity: number): Promise<string> {
    const work = reserve(this.id, { 'image.short': quantity }, { ttlSeconds: 86_400 });
    return reservationIdOf(await books.ledger.submit(work));
  }

  release(id: string) {
    return books.ledger.submit(release(this.id, id));
  }
}

const paid = (paymentId: string, amountMinor = 2_900): RenewalFact => ({
  is: 'paid',
  paymentId,
  price: { amountMinor, currency: 'USD' },
  receiptUrl: null,
});
const FAILED: RenewalFact = { is: 'failed', declineCode: 'card_declined' };
const ENDED: RenewalFact = { is: 'ended' };

test('the reset grants the allowance before anybody has paid; the payment is recorded once and changes nothing else', async () => {
  const subscriber = await (await Subscriber.open()).at(FEB);
  expect(await subscriber.head()).toMatchObject({ number: 2, usable: 100, waiting: 0, status: 'ACTIVE' });
  expect(await subscriber.renewals()).toMatchObject([
    {
      status: 'PENDING',
      plan: 'PRO',
      priceMinor: 2_900,
      periodNumber: 2,
      createdAt: FEB,
      endsAt: MAR,
      isSettled: false,
    },
  ]);
  const before = await subscriber.head();
  const answers = await Promise.all(Array.from({ length: 10 }, () => subscriber.tell(FEB, paid('pay_feb'))));
  expect(answers).toEqual(Array.from({ length: 10 }, () => null));
  expect(await subscriber.head()).toEqual({ ...before, version: before.version + 1 });
  expect(await subscriber.renewals()).toMatchObject([{ status: 'PAID', paymentId: 'pay_feb', isSettled: true }]);
  // Told of a failure late: it is paid.
  await subscriber.tell(FEB, FAILED);
  expect(await subscriber.head()).toMatchObject({ status: 'ACTIVE', usable: 100 });
  expect(await subscriber.told()).toEqual(['PLAN_CHANGED']);
});

test('the first failed charge: what is left of that allowance waits, what its holds give back too, until it is paid', async () => {
  const subscriber = await (await Subscriber.open()).at(FEB);
  const first = await subscriber.hold(4);
  const second = await subscriber.hold(2);
  await Promise.all([subscriber.tell(FEB, FAILED), subscriber.tell(FEB, FAILED)]);
  expect(await subscriber.head()).toMatchObject({ plan: 'PRO', status: 'PAST_DUE', usable: 0, waiting: 70, held: 30 });
  expect(await subscriber.told()).toEqual(['PLAN_CHANGED', 'PLAN_PAYMENT_FAILED']);
  expect(await books.ledger.submit(reserve(subscriber.id, { 'image.short': 1 }))).toMatchObject({
    kind: 'refused',
    refusal: { kind: 'InsufficientCredits', available: 0 },
  });
  await subscriber.release(first);
  expect(await subscriber.head()).toMatchObject({ usable: 0, waiting: 90, held: 10 });
  await subscriber.tell(FEB, paid('late'));
  expect(await subscriber.head()).toMatchObject({ status: 'ACTIVE', usable: 90, waiting: 0, held: 10 });
  await subscriber.release(second);
  expect(await subscriber.head()).toMatchObject({ usable: 100, waiting: 0, held: 0 });
});

test('the provider gives up: FREE at once, what waits is revoked, and so is what holds give back later; money that comes then goes back', async () => {
  const subscriber = await (await Subscriber.open()).at(FEB);
  const held = await subscriber.hold(4);
  await subscriber.tell(FEB, FAILED);
  await subscriber.at(FEB + DAY / 2);
  await Promise.all([subscriber.tell(FEB, ENDED), subscriber.tell(FEB, ENDED)]);
  expect(await subscriber.head()).toMatchObject({
    plan: 'FREE',
    status: 'ENDED',
    number: 2,
    usable: 0,
    waiting: 0,
    revoked: 80,
    held: 20,
  });
  await subscriber.release(held);
  expect(await subscriber.head()).toMatchObject({ usable: 0, waiting: 0, revoked: 100, held: 0 });
  expect(await subscriber.told()).toEqual(['PLAN_CHANGED', 'PLAN_PAYMENT_FAILED', 'PLAN_CHANGED']);
  const refund = await subscriber.tell(FEB, paid('too_late'));
  expect(refund).toMatchObject({ paymentId: 'too_late', amountMinor: 2_900, ref: null });
  expect(await subscriber.tell(FEB, paid('too_late'))).toEqual(refund);
  expect(await subscriber.head()).toMatchObject({ plan: 'FREE', usable: 0 });
  // What failed after that is not news.
  const { version } = await subscriber.head();
  await subscriber.tell(FEB, FAILED);
  await subscriber.tell(FEB, ENDED);
  expect(await subscriber.head()).toMatchObject({ version });
  await subscriber.at(MAR);
  expect(await subscriber.renewals()).toHaveLength(1);
});

test('unpaid over a boundary: what waited expires, the new allowance waits from its grant, each is told of once; a late payment counts for the present', async () => {
  const subscriber = await (await Subscriber.open()).at(FEB);
  await subscriber.tell(FEB, FAILED);
  await subscriber.at(MAR);
  expect(await subscriber.head()).toMatchObject({
    number: 3,
    usable: 0,
    waiting: 100,
    expired: 200,
    status: 'PAST_DUE',
  });
  expect(await subscriber.renewals()).toMatchObject([{ status: 'FAILED' }, { status: 'FAILED', declineCode: null }]);
  await subscriber.tell(MAR, FAILED);
  await subscriber.tell(MAR, FAILED);
  expect(await subscriber.told()).toEqual(['PLAN_CHANGED', 'PLAN_PAYMENT_FAILED', 'PLAN_PAYMENT_FAILED']);
  // The charge of February is voided at the provider; a payment that still comes for it counts for March.
  await subscriber.tell(FEB, { is: 'voided' });
  await Promise.all(Array.from({ length: 5 }, () => subscriber.tell(FEB, paid('feb_at_last'))));
  expect(await subscriber.head()).toMatchObject({ usable: 100, waiting: 0, status: 'ACTIVE' });
  expect(await subscriber.renewals()).toMatchObject([
    { status: 'PAID', paymentId: 'feb_at_last', periodNumber: 3 },
    { status: 'CANCELED', paymentId: null, isSettled: false },
  ]);
  // And what is paid for March then is paid twice.
  expect(await subscriber.tell(MAR, paid('mar'))).toMatchObject({ paymentId: 'mar', amountMinor: 2_900 });
  await subscriber.tell(MAR, { is: 'voided' });
  await subscriber.at(APR);
  // Told once more in April, it does not count again.
  expect(await subscriber.tell(FEB, paid('feb_at_last'))).toBeNull();
  expect(await subscriber.head()).toMatchObject({ usable: 100, status: 'ACTIVE' });
  expect((await subscriber.renewals()).map(({ status }) => status)).toEqual(['PAID', 'CANCELED', 'PENDING']);
});

test('a payment of which is told periods later, without a failure before, pays its own period', async () => {
  const subscriber = await (await Subscriber.open()).at(APR);
  expect(await subscriber.head()).toMatchObject({ number: 4, usable: 100, status: 'ACTIVE' });
  for (const boundary of [MAR, FEB, APR]) expect(await subscriber.tell(boundary, paid(`for ${boundary}`))).toBeNull();
  expect(await subscriber.renewals()).toMatchObject(
    [2, 3, 4].map((periodNumber) => ({ status: 'PAID', periodNumber })),
  );
  expect(await subscriber.head()).toMatchObject({ usable: 100, status: 'ACTIVE' });
});

test('a downgrade renews at the lower price; more than that goes back in part, less in full, as if it had failed', async () => {
  const subscriber = await Subscriber.open('ENTERPRISE');
  await subscriber.change('PRO');
  await subscriber.at(FEB);
  expect(await subscriber.renewals()).toMatchObject([{ plan: 'PRO', planBefore: 'ENTERPRISE', priceMinor: 2_900 }]);
  expect(await subscriber.tell(FEB, paid('dear', 12_900))).toMatchObject({ amountMinor: 10_000, paymentId: 'dear' });
  expect(await subscriber.head()).toMatchObject({ plan: 'PRO', usable: 100, status: 'ACTIVE' });
  await subscriber.at(MAR);
  expect(await subscriber.tell(MAR, paid('cheap', 100))).toMatchObject({ amountMinor: 100, paymentId: 'cheap' });
  expect(await subscriber.tell(MAR, paid('cheap', 100))).toMatchObject({ amountMinor: 100 });
  expect(await subscriber.head()).toMatchObject({ usable: 0, waiting: 100, status: 'PAST_DUE' });
  expect(await subscriber.told()).toEqual(['PLAN_CHANGED', 'PLAN_CHANGED', 'PLAN_PAYMENT_FAILED']);
});

test('to FREE at the boundary: nothing renews, and a payment for it all the same goes back', async () => {
  const subscriber = await Subscriber.open();
  await subscriber.change('FREE');
  await subscriber.at(FEB);
  expect(await subscriber.head()).toMatchObject({ plan: 'FREE', status: 'ENDED', number: 2 });
  expect(await subscriber.renewals()).toEqual([]);
});

test('ended at the provider with the period paid: FREE takes over at the boundary, and can be taken back only by paying', async () => {
  const subscriber = await (await Subscriber.open()).at(START + DAY);
  await subscriber.tell(FEB, ENDED);
  expect(await subscriber.head()).toMatchObject({
    plan: 'PRO',
    nextPlan: 'FREE',
    status: 'ENDED',
    usable: 100,
    revoked: 0,
  });
  await subscriber.at(FEB);
  expect(await subscriber.head()).toMatchObject({ plan: 'FREE', nextPlan: null, usable: 0 });
});

test('ended before anybody told of the charge: what is left of the unpaid allowance goes, what was spent stays spent', async () => {
  const subscriber = await (await Subscriber.open()).at(FEB);
  await books.ledger.submit(reserve(subscriber.id, { 'image.short': 5 }, { spend: true }));
  await subscriber.tell(FEB, ENDED);
  expect(await subscriber.head()).toMatchObject({ plan: 'FREE', usable: 0, spent: 25, revoked: 75 });
});

test('of another subscription: nothing changes, and its payments go back', async () => {
  const subscriber = await (await Subscriber.open()).at(FEB);
  await subscriber.tell(FEB, ENDED, 'sub_0');
  await subscriber.tell(FEB, FAILED, 'sub_0');
  await subscriber.tell(FEB, { is: 'voided' });
  expect(await subscriber.head()).toMatchObject({ plan: 'PRO', usable: 100, status: 'ACTIVE' });
});

test('an upgrade while a charge is unpaid: its own credits can be used, what is owed stays owed', async () => {
  const subscriber = await (await Subscriber.open()).at(FEB);
  await subscriber.tell(FEB, FAILED);
  const outcome = await subscriber.change('ENTERPRISE', true);
  if (outcome.kind !== 'row') throw new Error(`no payment: ${outcome.kind}`);
  expect(outcome.row).toMatchObject({ reason: 'UPGRADES', methodRef: 'pm_1', priceMinor: 10_000 });
  await books.ledger.submit({
    type: 'settle-plan',
    accountId: subscriber.id,
    actor: PROVIDER,
    planPaymentId: outcome.row.id,
    fact: {
      ...paid('up', 10_000),
      is: 'paid',
      paymentId: 'up',
      price: { amountMinor: 10_000, currency: 'USD' },
      receiptUrl: null,
      customerRef: null,
      method: null,
      subscriptionRef: null,
    },
    refundId: v7(),
  });
  expect(await subscriber.head()).toMatchObject({ plan: 'ENTERPRISE', usable: 400, waiting: 100, status: 'PAST_DUE' });
  await subscriber.tell(FEB, paid('late'));
  expect(await subscriber.head()).toMatchObject({ usable: 500, waiting: 0, status: 'ACTIVE' });
  await subscriber.at(MAR);
  expect((await subscriber.renewals()).map(({ priceMinor }) => priceMinor)).toEqual([2_900, 12_900]);
});

test('verify: an allowance that waits though it is paid, and a renewal that is gone', async () => {
  const subscriber = await (await Subscriber.open()).at(FEB);
  await subscriber.tell(FEB, FAILED);
  const problems = async () => (await verifyLedger({ ...books, accountIds: [subscriber.id] })).problems.join();
  const put = (status: string) =>
    books.pool.query(`UPDATE plan_payment SET status = $2 WHERE account_id = $1 AND reason = 'RENEWS'`, [
      subscriber.id,
      status,
    ]);
  expect(await problems()).toBe('');
  await put('CANCELED');
  expect(await problems()).toContain('status of what is owed');
  await put('FAILED');
  expect(await problems()).toBe('');
});
