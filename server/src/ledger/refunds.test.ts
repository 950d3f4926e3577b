import { v7 } from 'uuid';
import { clock, commit, createTestLedger, keyed, release, reserve, type TestLedger } from '../testing/test-ledger.js';
import { closeVerified } from '../testing/test-verified.js';
import { paidFact, purchase, purchaseOf, settle } from '../testing/test-purchases.js';
import type { DisputeIs } from './core/commands/dispute-purchase.js';
import type { RefundPreviewAnswer } from './core/outcome.js';
import type { PurchaseState } from './core/purchase.js';
import type { CreditState } from './core/state.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 1);
const SYSTEM = { name: 'system', member: 'system', closesAny: true } as const;

let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => closeVerified(books));

async function buy(account: string, packId = 'pack.200'): Promise<PurchaseState> {
  const begun = purchaseOf(await books.ledger.submit(purchase(account, packId)));
  return purchaseOf(await books.ledger.submit(settle(account, begun.id, paidFact(begun, `pay_${v7()}`))));
}

function refundOf(accountId: string, purchaseId: string, key = v7()) {
  return books.ledger.submit({
    type: 'refund-purchase',
    accountId,
    actor: SYSTEM,
    keyed: keyed('refund', key, { purchaseId }),
    purchaseId,
    refundId: v7(),
  });
}

async function refund(account: string, { id }: PurchaseState): Promise<PurchaseState> {
  return purchaseOf(await refundOf(account, id));
}

async function preview(accountId: string, { id }: PurchaseState): Promise<RefundPreviewAnswer> {
  const outcome = await books.ledger.submit({ type: 'preview-refund', accountId, actor: SYSTEM, purchaseId: id });
  if (outcome.kind !== 'refund-preview') throw new Error(outcome.kind);
  return outcome;
}

async function dispute(
  accountId: string,
  { id }: PurchaseState,
  is: DisputeIs,
  disputeId = 'du_1',
  amountMinor = 3_200,
) {
  const outcome = await books.ledger.submit({
    type: 'dispute-purchase',
    accountId,
    actor: SYSTEM,
    purchaseId: id,
    is,
    disputeId,
    amountMinor,
    grantId: v7(),
    bonusGrantId: v7(),
  });
  if (outcome.kind !== 'disputed') throw new Error(outcome.kind);
  return outcome.purchase;
}

async function hold(accountId: string, operation: string, ttlSeconds = 900): Promise<string> {
  const outcome = await books.ledger.submit(reserve(accountId, { [operation]: 1 }, { ttlSeconds }));
  if (outcome.kind !== 'reservation') throw new Error(JSON.stringify(outcome));
  return outcome.reservation.id;
}

async function creditsOf(accountId: string): Promise<CreditState> {
  const outcome = await books.ledger.submit({ type: 'advance', accountId, actor: SYSTEM });
  if (outcome.kind !== 'account') throw new Error(outcome.kind);
  return outcome.account.credits.STANDARD;
}

async function moneySent(accountId: string): Promise<number[]> {
  const { rows } = await books.pool.query<{ amount_minor: number }>(
    `SELECT amount_minor FROM refund WHERE account_id = $1 ORDER BY version`,
    [accountId],
  );
  return rows.map(({ amount_minor }) => amount_minor);
}

test('the examples of the law: 130 and then 50 of 200 + 20, as the preview says', async () => {
  const account = await books.open('PRO', { now: START });
  await books.ledger.submit(reserve(account, { 'video.long': 1 }, { spend: true }));
  const bought = await buy(account);
  // 20 of the bonus are spent, 50 of the paid credits held.
  await books.ledger.submit(reserve(account, { 'image.long': 1 }, { spend: true }));
  const held = await hold(account, 'video.mid');
  expect(await preview(account, bought)).toMatchObject({
    refundedCredits: 130,
    revokedCredits: 20,
    amountMinor: 2_080,
    problem: null,
  });
  const first = await refund(account, bought);
  expect(first).toMatchObject({ status: 'PARTIALLY_REFUNDED', refundedCredits: 130, refundedMinor: 2_080 });
  expect(await creditsOf(account)).toMatchObject({ available: 0, held: 50, refunded: 130, revoked: 20 });
  expect(await preview(account, bought)).toMatchObject({
    problem: 'NOTHING_UNUSED',
    refundedCredits: 0,
    amountMinor: 0,
  });
  await books.ledger.submit(release(account, held));
  expect(await refund(account, bought)).toMatchObject({ refundedCredits: 180, refundedMinor: 2_880 });
  expect(await moneySent(account)).toEqual([2_080, 800]);
});

test('a whole pack goes back once, whatever the keys; a repeated key answers the first decision', async () => {
  const account = await books.open('PRO', { now: START });
  const bought = await buy(account);
  const key = v7();
  const answers = await Promise.all([1, 2, 3].map(() => refundOf(account, bought.id, key)));
  expect(answers.map((outcome) => purchaseOf(outcome).status)).toEqual(['REFUNDED', 'REFUNDED', 'REFUNDED']);
  expect(answers.filter((outcome) => outcome.kind === 'row' && outcome.replayed)).toHaveLength(2);
  const others = await Promise.all([1, 2].map(() => refundOf(account, bought.id)));
  for (const outcome of others)
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { kind: 'RefundNotAllowed', reason: 'NOTHING_UNUSED' } });
  expect(await moneySent(account)).toEqual([3_200]);
  expect(await creditsOf(account)).toMatchObject({ available: 100, refunded: 200, revoked: 20 });
});

test('the window ends after its days; work that may still land keeps its part, and the window open', async () => {
  const account = await books.open('PRO', { now: START });
  await books.ledger.submit(reserve(account, { 'video.long': 1 }, { spend: true }));
  const bought = await buy(account, 'pack.50');
  await books.ledger.submit(clock(account, START + 14 * DAY - HOUR));
  const held = await hold(account, 'video.mid', 60);
  await books.ledger.submit(clock(account, START + 14 * DAY - HOUR + 60_000));
  expect(await preview(account, bought)).toMatchObject({ problem: 'WORK_MAY_STILL_LAND' });
  await books.ledger.submit(clock(account, START + 14 * DAY + HOUR));
  expect(await preview(account, bought)).toMatchObject({ problem: 'WORK_MAY_STILL_LAND' });
  const landed = await books.ledger.submit(commit(account, held, { amount: 30 }));
  expect(landed.kind).toBe('reservation');
  expect(await preview(account, bought)).toMatchObject({ problem: 'WINDOW_PASSED' });
});

test('what a refund leaves is enough for every late commit', async () => {
  const account = await books.open('PRO', { now: START });
  await books.ledger.submit(reserve(account, { 'video.long': 1 }, { spend: true }));
  const bought = await buy(account);
  const held = await hold(account, 'video.mid', 60);
  await books.ledger.submit(clock(account, START + 61_000));
  expect(await refund(account, bought)).toMatchObject({ refundedCredits: 170 });
  expect(await creditsOf(account)).toMatchObject({ available: 50 });
  const landed = await books.ledger.submit(commit(account, held));
  expect(landed).toMatchObject({ kind: 'reservation', reservation: { committed: 50, uncollected: 0 } });
});

describe('a dispute', () => {
  test('takes what is left, and what holds give back; lost, it says what was paid out twice', async () => {
    const account = await books.open('PRO', { now: START });
    await books.ledger.submit(reserve(account, { 'video.long': 1 }, { spend: true }));
    const bought = await buy(account);
    await books.ledger.submit(reserve(account, { 'image.long': 1 }, { spend: true }));
    const held = await hold(account, 'video.mid');
    const refunded = await refund(account, bought);
    expect(refunded.refundedMinor).toBe(2_080);
    expect(await dispute(account, bought, 'opened')).toMatchObject({ status: 'DISPUTED' });
    expect(await preview(account, bought)).toMatchObject({ problem: 'DISPUTED' });
    await books.ledger.submit(release(account, held));
    expect(await creditsOf(account)).toMatchObject({ available: 0, held: 0, revoked: 70 });
    expect(await dispute(account, bought, 'lost')).toMatchObject({ status: 'CHARGED_BACK', unrecoveredMinor: 2_080 });
    // Told again, or late, it changes nothing.
    const { version } = await dispute(account, bought, 'lost');
    expect((await dispute(account, bought, 'opened')).version).toBe(version);
    expect((await dispute(account, bought, 'won')).version).toBe(version);
  });

  test('won gives back what was revoked of each with the old end, and what holds release from then on stays', async () => {
    const account = await books.open('PRO', { now: START });
    await books.ledger.submit(reserve(account, { 'video.long': 1 }, { spend: true }));
    const bought = await buy(account);
    const held = await hold(account, 'video.mid');
    await dispute(account, bought, 'opened');
    expect(await creditsOf(account)).toMatchObject({ available: 0, held: 50, revoked: 170 });
    expect(await dispute(account, bought, 'won')).toMatchObject({ status: 'PAID', disputedMinor: 0 });
    expect(await creditsOf(account)).toMatchObject({ available: 170, held: 50, purchased: 170 });
    await books.ledger.submit(release(account, held));
    expect(await creditsOf(account)).toMatchObject({ available: 220, held: 0 });
    const { rows } = await books.pool.query<{ expires_at: number }>(
      `SELECT DISTINCT expires_at FROM credit_grant WHERE account_id = $1 AND purchase_id = $2`,
      [account, bought.id],
    );
    expect(rows).toHaveLength(1);
    expect(await refund(account, bought)).toMatchObject({
      status: 'REFUNDED',
      refundedCredits: 200,
      refundedMinor: 3_200,
    });
    expect(await creditsOf(account)).toMatchObject({ available: 0 });
  });

  test('that was won gives nothing back while another of the same payment is open', async () => {
    const account = await books.open('PRO', { now: START });
    const bought = await buy(account);
    await dispute(account, bought, 'opened', 'du_first');
    expect(await dispute(account, bought, 'won', 'du_second')).toMatchObject({ status: 'DISPUTED' });
    expect(await creditsOf(account)).toMatchObject({ available: 100, revoked: 220 });
    expect(await dispute(account, bought, 'won', 'du_first')).toMatchObject({ status: 'PAID' });
    expect(await creditsOf(account)).toMatchObject({ available: 320 });
  });

  test('that is told only at its end does all of it at once; one told before the payment waits for that', async () => {
    const account = await books.open('PRO', { now: START });
    const bought = await buy(account);
    expect(await dispute(account, bought, 'lost', 'du_late')).toMatchObject({
      status: 'CHARGED_BACK',
      unrecoveredMinor: 0,
    });
    expect(await creditsOf(account)).toMatchObject({ available: 100, revoked: 220 });
    const begun = purchaseOf(await books.ledger.submit(purchase(account, 'pack.50')));
    expect(await dispute(account, begun, 'opened')).toMatchObject({ status: 'PENDING' });
    const won = await buy(account, 'pack.50');
    expect(await dispute(account, won, 'won', 'du_won')).toMatchObject({ status: 'PAID' });
    expect(await dispute(account, won, 'opened', 'du_won')).toMatchObject({ status: 'PAID' });
    expect(await dispute(account, won, 'opened', 'du_other', 900)).toMatchObject({ status: 'DISPUTED' });
  });
});

test('a purchase that is unknown is not found', async () => {
  const account = await books.open('PRO', { now: START });
  expect(await refundOf(account, v7())).toMatchObject({ kind: 'notFound' });
});
