import { v7 } from 'uuid';
import { FaultyClient, type FaultPlan } from '../testing/test-faults.js';
import { closeVerified } from '../testing/test-verified.js';
import { clock, createTestLedger, grant, type TestLedger } from '../testing/test-ledger.js';
import { paidFact, purchase, purchaseOf, settle } from '../testing/test-purchases.js';
import { OPEN_PURCHASES_MAX } from './core/new-purchase.js';
import type { PurchaseState } from './core/purchase.js';
import type { Outcome } from './core/outcome.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);

let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => closeVerified(books));

async function begin(account: string, packId = 'pack.200'): Promise<PurchaseState> {
  return purchaseOf(await books.ledger.submit(purchase(account, packId)));
}

interface Told {
  readonly type: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What was told of an account beside its levels. */
async function toldOf(account: string): Promise<Told[]> {
  const { rows } = await books.pool.query<{ type: string; facts: string }>(
    `SELECT type, facts FROM event WHERE account_id = $1 AND type NOT LIKE 'BALANCE%' ORDER BY version, ordinal`,
    [account],
  );
  return rows.map(({ type, facts }) => ({ type, facts: JSON.parse(facts) as Told['facts'] }));
}

interface Bought {
  readonly source: string;
  readonly granted: number;
  readonly expires_at: string | null;
}

async function grantsOf({ accountId, id }: PurchaseState): Promise<Bought[]> {
  const { rows } = await books.pool.query<Bought>(
    `SELECT source, granted, expires_at FROM credit_grant WHERE account_id = $1 AND purchase_id = $2 ORDER BY source DESC`,
    [accountId, id],
  );
  return rows;
}

function refusalOf(outcome: Outcome): unknown {
  if (outcome.kind !== 'refused') throw new Error(`not refused: ${JSON.stringify(outcome)}`);
  return outcome.refusal;
}

test('a paid pack brings its credits and its bonus in one group, until twelve months later in the zone of the account', async () => {
  const account = await books.open('PRO', { now: Date.UTC(2028, 1, 29, 11), timeZone: 'Pacific/Apia' });
  const bought = await begin(account);
  expect(bought).toMatchObject({ status: 'PENDING', credits: 200, bonusCredits: 20, priceMinor: 3200, grantId: null });
  const outcome = await books.ledger.submit(settle(account, bought.id, paidFact(bought, 'pay_1')));
  const paid = purchaseOf(outcome);
  expect(paid).toMatchObject({
    status: 'PAID',
    isSettled: true,
    paymentId: 'pay_1',
    paidAt: Date.UTC(2028, 1, 29, 11),
  });
  // 1 March 2028, 00:00 there, and a year on.
  expect(paid.expiresAt).toBe(Date.UTC(2029, 1, 28, 11));
  expect(await grantsOf(paid)).toEqual([
    { source: 'PURCHASE', granted: 200, expires_at: paid.expiresAt },
    { source: 'BONUS', granted: 20, expires_at: paid.expiresAt },
  ]);
  expect(await toldOf(account)).toEqual([
    { type: 'PURCHASE_PAID', facts: { purchaseId: paid.id, credits: 220 } },
    { type: 'GRANT_ADDED', facts: { grantId: paid.grantId, credits: 200 } },
    { type: 'GRANT_ADDED', facts: { grantId: paid.bonusGrantId, credits: 20 } },
  ]);
});

test('a payment that ten tell at once, through two writers, grants once', async () => {
  const account = await books.open('PRO');
  const bought = await begin(account);
  const other = books.another();
  const told = Array.from({ length: 10 }, (_, index) =>
    (index % 2 === 0 ? books.ledger : other).submit(settle(account, bought.id, paidFact(bought, 'pay_2'))),
  );
  const purchases = (await Promise.all(told)).map(purchaseOf);
  expect(new Set(purchases.map(({ status, grantId }) => `${status} ${grantId}`)).size).toBe(1);
  expect((await grantsOf(bought)).map(({ granted }) => granted)).toEqual([200, 20]);
  expect((await toldOf(account)).filter(({ type }) => type === 'PURCHASE_PAID')).toHaveLength(1);
});

test.each([
  ['declined', { is: 'failed', declineCode: 'card_declined' }, 'FAILED'],
  ['canceled', { is: 'canceled' }, 'CANCELED'],
] as const)('a payment that comes for a %s purchase still grants', async (_, fact, status) => {
  const account = await books.open('PRO');
  const bought = await begin(account, 'scan.20');
  expect(purchaseOf(await books.ledger.submit(settle(account, bought.id, fact)))).toMatchObject({
    status,
    isSettled: true,
  });
  const paid = purchaseOf(await books.ledger.submit(settle(account, bought.id, paidFact(bought, `pay_${status}`))));
  expect(paid).toMatchObject({ status: 'PAID', declineCode: null });
  expect((await grantsOf(bought)).map(({ granted }) => granted)).toEqual([20, 2]);
  const late = purchaseOf(await books.ledger.submit(settle(account, bought.id, fact)));
  expect(late).toEqual(paid);
  const failures = (await toldOf(account)).filter(({ type }) => type === 'PURCHASE_FAILED');
  expect(failures).toHaveLength(status === 'FAILED' ? 1 : 0);
});

test('a second payment for one purchase goes back in full, once, and grants nothing', async () => {
  const account = await books.open('PRO');
  const bought = await begin(account);
  await books.ledger.submit(settle(account, bought.id, paidFact(bought, 'pay_first')));
  const told = Array.from({ length: 5 }, () =>
    books.ledger.submit(settle(account, bought.id, paidFact(bought, 'pay_second'))),
  );
  const refunds = (await Promise.all(told)).map((outcome) => (outcome.kind === 'settled' ? outcome.refund : null));
  expect(new Set(refunds.map((refund) => refund?.id)).size).toBe(1);
  expect(refunds[0]).toMatchObject({ paymentId: 'pay_second', amountMinor: 3200, reason: 'UNWANTED', ref: null });
  const refundId = refunds[0]?.id ?? '';
  const send = {
    type: 'send-refund',
    accountId: account,
    actor: { name: 'system', member: 'system', closesAny: true },
    refundId,
  } as const;
  expect(await books.ledger.submit({ ...send, ref: 're_1' })).toMatchObject({
    kind: 'refund',
    refund: { ref: 're_1' },
  });
  expect(await books.ledger.submit({ ...send, ref: 're_2' })).toMatchObject({
    kind: 'refund',
    refund: { ref: 're_1' },
  });
  const again = await books.ledger.submit(settle(account, bought.id, paidFact(bought, 'pay_second')));
  expect(again).toMatchObject({ kind: 'settled', refund: null, purchase: { paymentId: 'pay_first' } });
  expect((await grantsOf(bought)).map(({ granted }) => granted)).toEqual([200, 20]);
});

test.each([
  ['of less', { amountMinor: 3199, currency: 'USD' }],
  ['in another currency', { amountMinor: 3200, currency: 'EUR' }],
])('a payment %s goes back, and the purchase has ended', async (_, price) => {
  const account = await books.open('PRO');
  const bought = await begin(account);
  const outcome = await books.ledger.submit(
    settle(account, bought.id, { ...paidFact(bought, `pay_${price.currency}`), price }),
  );
  expect(outcome).toMatchObject({ refund: price, purchase: { status: 'CANCELED', isSettled: true, grantId: null } });
  expect(await grantsOf(bought)).toEqual([]);
});

test('a payment goes back when the account may own no more by then', async () => {
  const account = await books.open('PRO');
  const bought = await begin(account);
  await Promise.all(Array.from({ length: 999 }, () => books.ledger.submit(grant(account, 1_000_000_000_000))));
  await books.ledger.submit(grant(account, 999_999_999_900 - 100));
  expect(refusalOf(await books.ledger.submit(purchase(account, 'pack.50')))).toMatchObject({ field: 'packId' });
  const outcome = await books.ledger.submit(settle(account, bought.id, paidFact(bought, 'pay_much')));
  expect(outcome).toMatchObject({ refund: { amountMinor: 3200 }, purchase: { status: 'CANCELED' } });
});

test('an unpaid purchase ends after 24 hours, before a grant that ends at the same instant, and is paid late all the same', async () => {
  const account = await books.open('PRO', { now: START });
  const bought = await begin(account);
  await books.ledger.submit(grant(account, 7, { expiresAt: START + 24 * HOUR }));
  await books.ledger.submit(clock(account, START + 24 * HOUR - 1));
  expect(purchaseOf(await books.ledger.submit({ ...openOf(bought), ref: 'cs_1' })).status).toBe('PENDING');
  await books.ledger.submit(clock(account, START + 24 * HOUR));
  const { rows } = await books.pool.query<{ command: string }>(
    'SELECT command FROM journal WHERE account_id = $1 AND at = $2 ORDER BY version',
    [account, new Date(START + 24 * HOUR).toISOString()],
  );
  expect(rows.map(({ command }) => command)).toEqual(['end-purchase', 'expire-grant']);
  const ended = purchaseOf(await books.ledger.submit({ ...openOf(bought), ref: 'cs_2' }));
  expect(ended).toMatchObject({ status: 'CANCELED', isSettled: false, checkoutRef: 'cs_1' });
  const told = purchaseOf(await books.ledger.submit(settle(account, bought.id, { is: 'canceled' })));
  expect(told).toMatchObject({ status: 'CANCELED', isSettled: true });
  const paid = purchaseOf(await books.ledger.submit(settle(account, bought.id, paidFact(bought, 'pay_late'))));
  expect(paid.status).toBe('PAID');
});

function openOf({ accountId, id }: PurchaseState) {
  const actor = { name: 'system', member: 'system', closesAny: true } as const;
  return {
    type: 'open-checkout',
    accountId,
    actor,
    purchaseId: id,
    url: 'https://pay.example/1',
    customerRef: null,
  } as const;
}

test('the bank asks for the buyer once, and the purchase waits', async () => {
  const account = await books.open('PRO');
  const bought = await begin(account);
  for (let times = 0; times < 3; times++) {
    const fact = { is: 'needsBuyer', url: 'https://bank.example/1', ref: 'cs_9' } as const;
    expect(purchaseOf(await books.ledger.submit(settle(account, bought.id, fact)))).toMatchObject({
      status: 'PENDING',
      needsBuyer: true,
      checkoutUrl: 'https://bank.example/1',
      checkoutRef: 'cs_9',
    });
  }
  expect((await toldOf(account)).map(({ type }) => type)).toEqual(['PURCHASE_ACTION_REQUIRED']);
  const paid = purchaseOf(await books.ledger.submit(settle(account, bought.id, paidFact(bought, 'pay_bank'))));
  expect(paid).toMatchObject({ status: 'PAID', needsBuyer: false });
});

test('what a payment says of customer and payment method is kept on the account', async () => {
  const account = await books.open('PRO');
  const bought = await begin(account);
  const method = { ref: 'pm_1', brand: 'visa', last4: '4242', expiresMonth: 12, expiresYear: 2030 };
  await books.ledger.submit(
    settle(account, bought.id, { ...paidFact(bought, 'pay_saved'), customerRef: 'cus_1', method }),
  );
  const { rows } = await books.pool.query<{ billing: string }>(
    'SELECT billing FROM ledger_account WHERE account_id = $1',
    [account],
  );
  expect(JSON.parse(rows[0]?.billing ?? '')).toEqual({ customerRef: 'cus_1', method, subscription: null, topUps: {} });
});

test('what may not be bought is refused, and the refusal is kept under its key', async () => {
  const [free, pro] = [await books.open('FREE'), await books.open('PRO')];
  const { ledger } = books;
  expect(refusalOf(await ledger.submit(purchase(free, 'pack.50')))).toEqual({
    kind: 'PurchaseNotAllowed',
    plan: 'FREE',
    upgrade: 'PRO',
  });
  expect(refusalOf(await ledger.submit(purchase(pro, 'pack.7')))).toEqual({ kind: 'PackUnknown', packId: 'pack.7' });
  const key = v7();
  const none = purchase(pro, 'pack.50', { key, provider: null });
  expect(await ledger.submit(none)).toMatchObject({ refusal: { kind: 'PaymentsUnavailable' }, replayed: false });
  expect(await ledger.submit(purchase(pro, 'pack.50', { key }))).toMatchObject({
    refusal: { kind: 'PaymentsUnavailable' },
    replayed: true,
  });
  expect(await ledger.submit(purchase(pro, 'pack.200', { key }))).toMatchObject({
    refusal: { kind: 'IdempotencyConflict', fields: ['packId'] },
  });
});

test('a key buys once, through two writers at once, and its repetition shows the purchase as it is now', async () => {
  const account = await books.open('PRO');
  const other = books.another();
  const outcomes = await Promise.all(
    Array.from({ length: 6 }, (_, index) =>
      (index % 2 === 0 ? books.ledger : other).submit(purchase(account, 'pack.50', { key: 'once' })),
    ),
  );
  const [bought] = outcomes.map(purchaseOf) as [PurchaseState];
  expect(new Set(outcomes.map((outcome) => purchaseOf(outcome).id)).size).toBe(1);
  expect(outcomes.filter((outcome) => outcome.kind === 'row' && !outcome.replayed)).toHaveLength(1);
  await other.submit(settle(account, bought.id, paidFact(bought, 'pay_once')));
  expect(await books.ledger.submit(purchase(account, 'pack.50', { key: 'once' }))).toMatchObject({
    kind: 'row',
    of: 'purchases',
    replayed: true,
    row: { id: bought.id, status: 'PAID' },
    balance: { available: 150, purchased: 50 },
  });
});

test('at most a hundred purchases of an account wait to be paid', async () => {
  const account = await books.open('PRO', { now: START });
  const commands = Array.from({ length: OPEN_PURCHASES_MAX }, () => purchase(account, 'pack.50'));
  await Promise.all(commands.map((command) => books.ledger.submit(command)));
  const key = v7();
  expect(await books.ledger.submit(purchase(account, 'pack.50', { key }))).toEqual({
    kind: 'tooManyOpen',
    until: START + 24 * HOUR,
  });
  await books.ledger.submit(settle(account, commands[0]?.purchaseId ?? '', { is: 'canceled' }));
  expect(purchaseOf(await books.ledger.submit(purchase(account, 'pack.50', { key }))).status).toBe('PENDING');
});

test('nothing is known of a purchase that is not there, or of another account', async () => {
  const [one, other] = [await books.open('PRO'), await books.open('PRO')];
  const bought = await begin(one);
  for (const command of [
    settle(other, bought.id, paidFact(bought, 'pay_foreign')),
    settle(one, v7(), { is: 'canceled' }),
    { ...openOf(bought), accountId: other, ref: 'cs_1' },
  ] as const)
    expect(await books.ledger.submit(command)).toEqual({ kind: 'notFound' });
});

test.each(['encode', 'raise', 'conflict', 'cut before', 'answer lost'] as const)(
  'a write that goes wrong (%s) leaves a payment untold or granted once',
  async (fault) => {
    const account = await books.open('PRO');
    const bought = await begin(account);
    const plan: FaultPlan = {
      at: fault === 'answer lost' ? 'COMMIT' : 'ledger.write',
      fault,
      passes: 0,
      happened: false,
    };
    const faulty = books.another({
      connect: (config) => new FaultyClient(config, plan),
      lanes: 1,
      onError: () => {},
    });
    const told = settle(account, bought.id, paidFact(bought, `pay_${fault}`));
    await faulty.submit(told).catch(() => {});
    const grants = (await grantsOf(bought)).map(({ granted }) => granted);
    expect(plan.happened).toBe(true);
    expect(grants).toEqual(fault === 'encode' || fault === 'raise' ? [] : [200, 20]);
    expect(purchaseOf(await books.ledger.submit(told)).status).toBe('PAID');
    expect((await grantsOf(bought)).map(({ granted }) => granted)).toEqual([200, 20]);
  },
);
