import { v7 } from 'uuid';
import { clock, commit, createTestLedger, grant, release, reservationIdOf, reserve } from '../testing/test-ledger.js';
import { closeVerified } from '../testing/test-verified.js';
import type { TestLedger } from '../testing/test-ledger.js';
import { paidFact, PROVIDER, purchase, purchaseOf, settle } from '../testing/test-purchases.js';
import { boughtBy, saveMethod, setTopUp } from '../testing/test-top-ups.js';
import { OPEN_PURCHASES_MAX } from './core/new-purchase.js';
import type { TopUp } from './core/billing.js';
import type { Outcome } from './core/outcome.js';
import type { PurchaseState } from './core/purchase.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);

let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => closeVerified(books));

type Options = Parameters<typeof setTopUp>[1];

/** A PRO account with 100 credits, a saved method and auto top-up of 50 at 20. */
async function toppedUp(options: Options = {}): Promise<string> {
  const account = await books.open('PRO', { now: START });
  await books.ledger.submit(saveMethod(account));
  await books.ledger.submit(setTopUp(account, options));
  return account;
}

const spend = (account: string, operations: Record<string, number>) =>
  books.ledger.submit(reserve(account, operations, { spend: true }));
const statuses = async (account: string) => (await boughtBy(books, account)).map(({ status }) => status);

async function inFlight(account: string): Promise<PurchaseState> {
  const open = (await boughtBy(books, account)).filter(({ status }) => status === 'PENDING');
  if (open[0] === undefined || open.length > 1) throw new Error(`${open.length} purchases are in flight`);
  return open[0];
}

async function pay(account: string): Promise<PurchaseState> {
  const open = await inFlight(account);
  return purchaseOf(await books.ledger.submit(settle(account, open.id, paidFact(open, `pay_${open.id}`))));
}

async function decline(account: string): Promise<void> {
  const open = await inFlight(account);
  await books.ledger.submit(settle(account, open.id, { is: 'failed', declineCode: 'card_declined' }));
}

async function topUpOf(account: string, creditType: 'STANDARD' | 'SCAN' = 'STANDARD'): Promise<TopUp> {
  const { rows } = await books.pool.query<{ billing: string }>(
    'SELECT billing FROM ledger_account WHERE account_id = $1',
    [account],
  );
  return (JSON.parse(rows[0]?.billing ?? '{}') as { topUps: Record<string, TopUp> }).topUps[creditType] as TopUp;
}

async function toldOf(account: string): Promise<string[]> {
  const { rows } = await books.pool.query<{ type: string; facts: string }>(
    `SELECT type, facts FROM event WHERE account_id = $1 AND type NOT LIKE 'BALANCE%' AND type NOT LIKE 'GRANT%' ORDER BY version, ordinal`,
    [account],
  );
  return rows.map(({ type, facts }) => {
    const { because } = JSON.parse(facts) as { because?: string };
    return because === undefined ? type : `${type} ${because}`;
  });
}

function refusalOf(outcome: Outcome): unknown {
  if (outcome.kind !== 'refused') throw new Error(`not refused: ${JSON.stringify(outcome)}`);
  return outcome.refusal;
}

describe('it buys', () => {
  test('when a reserve leaves available at or below the threshold: PENDING in the same group, with the saved method', async () => {
    const account = await toppedUp();
    await books.ledger.submit(reserve(account, { 'image.mid': 7 }));
    expect(await boughtBy(books, account)).toEqual([]);
    const outcome = await books.ledger.submit(reserve(account, { 'image.mid': 1 }));
    const [bought] = await boughtBy(books, account);
    expect(bought).toMatchObject({
      origin: 'AUTO',
      status: 'PENDING',
      packId: 'pack.50',
      boughtBy: 'system',
      provider: 'sandbox',
      methodRef: expect.stringContaining('pm_'),
      periodNumber: 0,
      checkoutRef: null,
      version: outcome.kind === 'reservation' ? outcome.balance.version : -1,
    });
    expect(await topUpOf(account)).toMatchObject({ pendingId: bought?.id, purchases: 1, periodNumber: 0 });
  });

  test('after a spend, after a commit, and never while one is in flight', async () => {
    const account = await toppedUp({ purchasesPerPeriodMax: 20 });
    await spend(account, { 'image.mid': 8 });
    await spend(account, { 'image.short': 1 });
    expect(await statuses(account)).toEqual(['PENDING']);
    expect((await pay(account)).status).toBe('PAID');
    // 15 left of the allowance and 50 bought: 65, all but 20 held by one reserve that is above it, committed beyond.
    const held = reservationIdOf(await books.ledger.submit(reserve(account, { 'image.mid': 4 })));
    expect(await statuses(account)).toEqual(['PAID']);
    await books.ledger.submit(commit(account, held, { amount: 45, policy: 'IF_AVAILABLE' }));
    expect(await statuses(account)).toEqual(['PAID', 'PENDING']);
  });

  test('because of a refusal at the threshold, or one that the pack would have covered; the refusal is answered and kept', async () => {
    const account = await toppedUp();
    // 100 available, 200 needed, the pack brings 50: not for that.
    expect(refusalOf(await books.ledger.submit(reserve(account, { 'image.long': 10 })))).toMatchObject({
      shortfall: 100,
    });
    expect(await boughtBy(books, account)).toEqual([]);
    const command = reserve(account, { 'image.mid': 15 }, { key: 'short' });
    const refused = await books.ledger.submit(command);
    expect(refused).toMatchObject({
      kind: 'refused',
      replayed: false,
      refusal: { kind: 'InsufficientCredits', needed: 150, available: 100, shortfall: 50 },
    });
    expect(await statuses(account)).toEqual(['PENDING']);
    const repeated = await books.another().submit({ ...command, reservationId: v7() });
    expect(repeated).toEqual({ ...refused, replayed: true });
    await pay(account);
    expect(refusalOf(await books.ledger.submit(command))).toEqual(refusalOf(refused));
    expect(await statuses(account)).toEqual(['PAID']);
  });

  test('at once when it is turned on at or below the threshold, and the preview says so', async () => {
    const account = await books.open('PRO', { now: START });
    await books.ledger.submit(saveMethod(account));
    const preview = async (threshold: number) => {
      const { type: _, keyed: __, ...said } = setTopUp(account, { threshold });
      return books.ledger.submit({ type: 'preview-top-up', ...said });
    };
    expect(await preview(99)).toMatchObject({ kind: 'topUpPreview', buysNow: false, mostMinor: 2_700 });
    expect(await preview(100)).toMatchObject({ buysNow: true, price: { amountMinor: 900, currency: 'USD' } });
    expect(await boughtBy(books, account)).toEqual([]);
    const set = await books.ledger.submit(setTopUp(account, { threshold: 100, key: 'on' }));
    const [bought] = await boughtBy(books, account);
    expect(set).toMatchObject({ kind: 'topUp', purchaseId: bought?.id, replayed: false });
    expect(await books.ledger.submit(setTopUp(account, { threshold: 100, key: 'on' }))).toMatchObject({
      kind: 'topUp',
      purchaseId: bought?.id,
      replayed: true,
    });
    expect(refusalOf(await books.ledger.submit(setTopUp(account, { threshold: 99, key: 'on' })))).toEqual({
      kind: 'IdempotencyConflict',
      fields: ['threshold'],
    });
    expect(await preview(100)).toMatchObject({ buysNow: false });
  });

  test('after its own last grant, up to the cap of the period, and again in the next period', async () => {
    const account = await toppedUp({ threshold: 130, purchasesPerPeriodMax: 2 });
    await pay(account);
    expect(await statuses(account)).toEqual(['PAID']);
    await spend(account, { 'image.mid': 10 });
    expect(await statuses(account)).toEqual(['PAID', 'PENDING']);
    await pay(account);
    await spend(account, { 'image.short': 1 });
    expect(await statuses(account)).toEqual(['PAID', 'PAID']);
    expect(await topUpOf(account)).toMatchObject({ purchases: 2, pendingId: null });
    await books.ledger.submit(clock(account, Date.UTC(2026, 1, 1)));
    expect(await statuses(account)).toEqual(['PAID', 'PAID']);
    await spend(account, { 'image.mid': 8 });
    expect(await statuses(account)).toEqual(['PAID', 'PAID', 'PENDING']);
    expect(await topUpOf(account)).toMatchObject({ purchases: 1, periodNumber: 1 });
  });

  test('twice in a row where one grant is not enough', async () => {
    const account = await toppedUp({ threshold: 160 });
    await pay(account);
    expect(await statuses(account)).toEqual(['PAID', 'PENDING']);
    await pay(account);
    expect(await statuses(account)).toEqual(['PAID', 'PAID']);
  });

  test('scan credits by a rule of their own', async () => {
    const account = await books.open('PRO', { now: START });
    await books.ledger.submit(saveMethod(account));
    await books.ledger.submit(setTopUp(account, { threshold: 20 }));
    expect(refusalOf(await books.ledger.submit(setTopUp(account, { creditType: 'SCAN', threshold: 0 })))).toMatchObject(
      {
        kind: 'InvalidAmount',
        field: 'packId',
      },
    );
    await books.ledger.submit(setTopUp(account, { creditType: 'SCAN', packId: 'scan.5', threshold: 0 }));
    expect((await boughtBy(books, account)).map(({ packId }) => packId)).toEqual(['scan.5']);
    await spend(account, { 'image.mid': 8 });
    expect((await boughtBy(books, account)).map(({ packId }) => packId)).toEqual(['scan.5', 'pack.50']);
  });
});

describe('it does not buy', () => {
  test('because of a release, a grant, a revoke, a refund, an expiry, a reset, or anything that is caught up', async () => {
    const account = await toppedUp({ threshold: 20 });
    const bought = purchaseOf(await books.ledger.submit(purchase(account, 'pack.50')));
    await books.ledger.submit(settle(account, bought.id, paidFact(bought, 'pay_own')));
    const given = grant(account, 30, { expiresAt: START + HOUR });
    await books.ledger.submit(given);
    const held = reservationIdOf(await books.ledger.submit(reserve(account, { 'image.mid': 10 }, { ttlSeconds: 60 })));
    // 50 bought and 30 given are left, and 100 are held.
    await books.ledger.submit({
      type: 'refund-purchase',
      accountId: account,
      actor: PROVIDER,
      keyed: { key: v7(), scope: 'refund-purchase|server', input: {} },
      purchaseId: bought.id,
      refundId: v7(),
    });
    await books.ledger.submit({
      type: 'revoke',
      accountId: account,
      actor: PROVIDER,
      keyed: { key: v7(), scope: 'revoke|server', input: {} },
      grantId: given.grantId,
      reason: 'test',
    });
    const other = reservationIdOf(await books.ledger.submit(commit(account, held, { amount: 75, final: true })));
    expect(other).toBe(held);
    // 25 are left: the last one who moved them was above the threshold.
    expect(await boughtBy(books, account)).toEqual([]);
    const last = reservationIdOf(await books.ledger.submit(reserve(account, { 'content.generate': 1 })));
    await books.ledger.submit(release(account, last));
    await books.ledger.submit(clock(account, Date.UTC(2026, 3, 1)));
    expect(await boughtBy(books, account)).toEqual([]);
  });

  test('when a grant ends and leaves nothing, a reset brings nothing enough, or a hold expires', async () => {
    const account = await toppedUp({ threshold: 150 });
    await decline(account);
    await books.ledger.submit(grant(account, 100, { expiresAt: START + 3 * HOUR }));
    await books.ledger.submit(reserve(account, { 'image.short': 1 }, { ttlSeconds: 60 }));
    // 195 are above the threshold; the end of the hold and of the grant leave 100, the reset too.
    await books.ledger.submit(clock(account, START + 2 * HOUR));
    await books.ledger.submit(clock(account, START + 4 * HOUR));
    await books.ledger.submit(clock(account, Date.UTC(2026, 1, 2)));
    expect(await statuses(account)).toEqual(['FAILED']);
    await books.ledger.submit(reserve(account, { 'image.short': 1 }));
    expect(await statuses(account)).toEqual(['FAILED', 'PENDING']);
  });

  test('because of a pack that somebody bought, though it leaves available at the threshold', async () => {
    const account = await toppedUp({ threshold: 400, purchasesPerPeriodMax: 1 });
    await decline(account);
    await books.ledger.submit(clock(account, START + 2 * HOUR));
    const bought = purchaseOf(await books.ledger.submit(purchase(account, 'pack.50')));
    await books.ledger.submit(settle(account, bought.id, paidFact(bought, 'pay_other')));
    expect(await statuses(account)).toEqual(['FAILED']);
  });

  test('for an account on which nobody set it, whatever it spends', async () => {
    const account = await books.open('PRO', { now: START });
    await spend(account, { 'image.mid': 10 });
    expect(refusalOf(await spend(account, { 'image.mid': 1 }))).toMatchObject({ kind: 'InsufficientCredits' });
    expect(await boughtBy(books, account)).toEqual([]);
  });

  test('while a hundred purchases wait to be paid', async () => {
    const account = await toppedUp();
    const commands = Array.from({ length: OPEN_PURCHASES_MAX }, () => purchase(account, 'pack.50'));
    await Promise.all(commands.map((command) => books.ledger.submit(command)));
    await spend(account, { 'image.mid': 9 });
    expect(await boughtBy(books, account)).toEqual([]);
    await books.ledger.submit(settle(account, commands[0]?.purchaseId ?? '', { is: 'canceled' }));
    await spend(account, { 'image.short': 1 });
    expect(await statuses(account)).toEqual(['PENDING']);
  });
});

describe('a declined charge', () => {
  test('fails the purchase, does not count, and stops it for an hour of the account', async () => {
    const account = await toppedUp();
    await spend(account, { 'image.mid': 8 });
    await decline(account);
    expect(await topUpOf(account)).toMatchObject({ purchases: 0, declines: 1, declinedAt: START, pendingId: null });
    await books.ledger.submit(clock(account, START + HOUR - 1));
    await spend(account, { 'image.short': 1 });
    expect(await statuses(account)).toEqual(['FAILED']);
    await books.ledger.submit(clock(account, START + HOUR));
    await spend(account, { 'image.short': 1 });
    expect(await statuses(account)).toEqual(['FAILED', 'PENDING']);
    expect(await topUpOf(account)).toMatchObject({ purchases: 1 });
  });

  test('three in a row turn it off; one that was paid between begins anew; turned on again it buys at once', async () => {
    const account = await toppedUp({ threshold: 100, purchasesPerPeriodMax: 20 });
    let at = START;
    const later = async () => {
      await books.ledger.submit(clock(account, (at += HOUR)));
      await spend(account, { 'image.short': 1 });
    };
    await decline(account);
    await later();
    await decline(account);
    await later();
    await pay(account);
    await spend(account, { 'image.mid': 5 });
    for (let times = 0; times < 3; times++) {
      await decline(account);
      await later();
    }
    expect(await statuses(account)).toEqual(['FAILED', 'FAILED', 'PAID', 'FAILED', 'FAILED', 'FAILED']);
    expect((await toldOf(account)).slice(-2)).toEqual(['PURCHASE_FAILED', 'AUTO_TOP_UP_OFF DECLINED']);
    expect(await topUpOf(account)).toMatchObject({ offBecause: 'DECLINED', declines: 3 });
    await later();
    expect((await boughtBy(books, account)).length).toBe(6);
    await books.ledger.submit(setTopUp(account, { threshold: 100 }));
    expect((await statuses(account)).at(-1)).toBe('PENDING');
    expect(await topUpOf(account)).toMatchObject({ offBecause: null, declines: 0, declinedAt: null });
  });

  test('that was paid after all still grants, counts and ends the row', async () => {
    const account = await toppedUp({ threshold: 100 });
    const { id } = await inFlight(account);
    await decline(account);
    const failed = (await boughtBy(books, account))[0] as PurchaseState;
    const paid = purchaseOf(await books.ledger.submit(settle(account, id, paidFact(failed, 'pay_late'))));
    expect(paid.status).toBe('PAID');
    expect(await topUpOf(account)).toMatchObject({ purchases: 1, declines: 0, declinedAt: null });
  });
});

describe('a purchase in flight', () => {
  test('that the bank wants the buyer for waits with its checkout, and nothing else is bought', async () => {
    const account = await toppedUp({ threshold: 100 });
    const { id } = await inFlight(account);
    const asks = { is: 'needsBuyer', url: '/checkout/x', ref: 'cs_1' } as const;
    for (let times = 0; times < 2; times++) await books.ledger.submit(settle(account, id, asks));
    await spend(account, { 'image.short': 1 });
    expect(await boughtBy(books, account)).toMatchObject([
      { status: 'PENDING', needsBuyer: true, checkoutUrl: '/checkout/x', checkoutRef: 'cs_1' },
    ]);
    expect(await toldOf(account)).toEqual(['PURCHASE_ACTION_REQUIRED']);
    // Nobody answers the bank: it ends a day later, counts, and the next work buys anew.
    await books.ledger.submit(clock(account, START + 24 * HOUR));
    expect(await statuses(account)).toEqual(['CANCELED']);
    expect(await topUpOf(account)).toMatchObject({ purchases: 1, pendingId: null });
    await spend(account, { 'image.short': 1 });
    expect(await statuses(account)).toEqual(['CANCELED', 'PENDING']);
  });

  test('begins once, however many reserve at once through two processes', async () => {
    const account = await toppedUp({ threshold: 90 });
    const other = books.another();
    const work = Array.from({ length: 40 }, (_, index) =>
      (index % 2 === 0 ? books.ledger : other).submit(reserve(account, { 'image.short': 1 })),
    );
    const outcomes = await Promise.all(work);
    expect(outcomes.filter(({ kind }) => kind === 'reservation')).toHaveLength(20);
    expect(await statuses(account)).toEqual(['PENDING']);
  });

  test('stays when it is turned off, and blocks the next when it is turned on again', async () => {
    const account = await toppedUp({ threshold: 100 });
    const { id } = await inFlight(account);
    await books.ledger.submit(setTopUp(account, { off: true }));
    expect(await topUpOf(account)).toMatchObject({ offBecause: 'TURNED_OFF', pendingId: id });
    await books.ledger.submit(setTopUp(account, { threshold: 100 }));
    expect(await statuses(account)).toEqual(['PENDING']);
    await pay(account);
    expect(await toldOf(account)).toEqual(['PURCHASE_PAID']);
  });
});

describe('it is turned off', () => {
  test('by a dispute, of both kinds of credits', async () => {
    const account = await toppedUp();
    await books.ledger.submit(setTopUp(account, { creditType: 'SCAN', packId: 'scan.5', threshold: 0 }));
    const bought = await pay(account);
    await books.ledger.submit({
      type: 'dispute-purchase',
      accountId: account,
      actor: PROVIDER,
      purchaseId: bought.id,
      is: 'opened',
      disputeId: 'dp_1',
      amountMinor: 3500,
      grantId: v7(),
      bonusGrantId: v7(),
    });
    expect(await toldOf(account)).toEqual(['PURCHASE_PAID', 'AUTO_TOP_UP_OFF DISPUTED', 'AUTO_TOP_UP_OFF DISPUTED']);
    expect([(await topUpOf(account)).offBecause, (await topUpOf(account, 'SCAN')).offBecause]).toEqual([
      'DISPUTED',
      'DISPUTED',
    ]);
    await spend(account, { 'image.mid': 9 });
    expect(await statuses(account)).toEqual(['DISPUTED']);
  });

  test('by the plan FREE, at the boundary, and on FREE it cannot be turned on', async () => {
    const account = await toppedUp();
    await books.ledger.submit({
      type: 'change-plan',
      accountId: account,
      actor: PROVIDER,
      keyed: { key: v7(), scope: 'change-plan|server', input: { plan: 'FREE' } },
      plan: 'FREE',
      payment: null,
    });
    expect((await topUpOf(account)).offBecause).toBeNull();
    await books.ledger.submit(clock(account, Date.UTC(2026, 1, 1)));
    expect(await topUpOf(account)).toMatchObject({ offBecause: 'PLAN' });
    expect(await toldOf(account)).toEqual(['PLAN_CHANGED', 'PERIOD_RESET', 'AUTO_TOP_UP_OFF PLAN']);
    expect(refusalOf(await books.ledger.submit(setTopUp(account)))).toEqual({
      kind: 'PurchaseNotAllowed',
      plan: 'FREE',
      upgrade: 'PRO',
    });
    expect(await boughtBy(books, account)).toEqual([]);
  });

  test('with the payment method, and cannot be turned on without one', async () => {
    const account = await toppedUp();
    const remove = { type: 'remove-method', accountId: account, actor: PROVIDER } as const;
    expect(await books.ledger.submit(remove)).toEqual({ kind: 'method', method: null });
    expect(await toldOf(account)).toEqual(['AUTO_TOP_UP_OFF NO_PAYMENT_METHOD']);
    expect(await books.ledger.submit(remove)).toEqual({ kind: 'method', method: null });
    const key = v7();
    expect(refusalOf(await books.ledger.submit(setTopUp(account, { key })))).toEqual({ kind: 'PaymentMethodMissing' });
    await books.ledger.submit(saveMethod(account));
    expect(await books.ledger.submit(setTopUp(account, { key }))).toMatchObject({
      refusal: { kind: 'PaymentMethodMissing' },
      replayed: true,
    });
    expect(await books.ledger.submit(setTopUp(account))).toMatchObject({ kind: 'topUp' });
  });
});

test('refusals to turn it on: no such pack, nobody who takes money; turning off what never was on changes nothing', async () => {
  const account = await books.open('PRO', { now: START });
  await books.ledger.submit(saveMethod(account));
  expect(refusalOf(await books.ledger.submit(setTopUp(account, { packId: 'pack.7' })))).toEqual({
    kind: 'PackUnknown',
    packId: 'pack.7',
  });
  expect(refusalOf(await books.ledger.submit(setTopUp(account, { provider: null })))).toEqual({
    kind: 'PaymentsUnavailable',
  });
  const off = setTopUp(account, { off: true });
  const answer = await books.ledger.submit(off);
  expect(answer).toMatchObject({ kind: 'topUp', purchaseId: null, account: { version: 2 } });
  expect(await books.ledger.submit(off)).toMatchObject({ kind: 'topUp', replayed: true });
});

test('what is so already is answered, and writes nothing', async () => {
  const account = await toppedUp();
  const again = await books.ledger.submit(setTopUp(account));
  expect(again).toMatchObject({ kind: 'topUp', account: { version: 3 } });
  expect(await books.ledger.submit(setTopUp(account, { threshold: 21 }))).toMatchObject({ account: { version: 4 } });
});

describe('a payment method', () => {
  const methodOf = async (account: string) => {
    const { rows } = await books.pool.query<{ billing: string }>(
      'SELECT billing FROM ledger_account WHERE account_id = $1',
      [account],
    );
    return (JSON.parse(rows[0]?.billing ?? '{}') as { method: { ref: string } | null }).method?.ref ?? null;
  };

  test('is replaced by the next; word of an old one, or of a removed one, changes nothing', async () => {
    const account = await books.open('PRO', { now: START });
    const [first, second] = [saveMethod(account, 'pm_1'), saveMethod(account, 'pm_2')];
    await books.ledger.submit(first);
    await books.ledger.submit(second);
    await books.ledger.submit(first);
    expect(await methodOf(account)).toBe('pm_2');
    await books.ledger.submit({ type: 'remove-method', accountId: account, actor: PROVIDER });
    for (const late of [first, second]) await books.ledger.submit(late);
    expect(await methodOf(account)).toBeNull();
    await books.ledger.submit(saveMethod(account, 'pm_3'));
    expect(await methodOf(account)).toBe('pm_3');
  });

  test('that a purchase saved is the account’s, and what is in flight keeps the one that it began with', async () => {
    const account = await toppedUp({ threshold: 100 });
    const [pending] = await boughtBy(books, account);
    const bought = purchaseOf(await books.ledger.submit(purchase(account, 'pack.50')));
    const { method } = saveMethod(account, 'pm_new');
    await books.ledger.submit(
      settle(account, bought.id, { ...paidFact(bought, 'pay_saving'), customerRef: `cus_${account}`, method }),
    );
    expect(await methodOf(account)).toBe('pm_new');
    expect((await boughtBy(books, account))[0]?.methodRef).toBe(pending?.methodRef);
  });
});

test('the audit log tells who set it, what it bought by itself and why it went off', async () => {
  const account = await toppedUp({ threshold: 100 });
  await decline(account);
  await books.ledger.submit({ type: 'remove-method', accountId: account, actor: PROVIDER });
  const { rows } = await books.pool.query<{ action: string; actor: string }>(
    'SELECT action, actor FROM audit_entry WHERE account_id = $1 ORDER BY audit_id',
    [account],
  );
  expect(rows.filter(({ action }) => action !== 'account.created')).toEqual([
    { action: 'payment_method.saved', actor: 'system' },
    { action: 'top_up.set', actor: 'user:anna' },
    { action: 'top_up.begun', actor: 'system' },
    { action: 'payment_method.removed', actor: 'system' },
    { action: 'top_up.ended', actor: 'system' },
  ]);
});
