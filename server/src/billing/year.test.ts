import pg from 'pg';
import { loadCatalog } from '../catalog/load-catalog.js';
import { ISO_IN_UTC, ledgerTypes } from '../db/ledger-types.js';
import { verifyLedger } from '../ledger/books/verify.js';
import { askOne } from '../testing/test-ask-one.js';
import { startTestApp, type TestApp } from '../testing/test-app.js';
import { until } from '../testing/test-until.js';

/* A year of an account's life, through the API alone: it is on a test clock, and its periods are the months of 2026. */

interface Entry {
  readonly id: string;
  readonly kind: 'GRANT' | 'RESERVE' | 'COMMIT' | 'RELEASE' | 'EXPIRE' | 'REFUND' | 'REVOKE';
  readonly amount: number;
  readonly at: string;
  readonly version: number;
  readonly availableBefore: number;
  readonly availableAfter: number;
  readonly heldBefore: number;
  readonly heldAfter: number;
  readonly cause: string;
}
interface Movements {
  readonly granted: readonly { readonly source: string; readonly credits: number }[];
  readonly spent: number;
  readonly expired: number;
  readonly refunded: number;
  readonly revoked: number;
}
interface Statement extends Movements {
  readonly opening: number;
  readonly closing: number;
}
interface Period extends Movements {
  readonly period: { readonly number: number; readonly start: string; readonly end: string };
  readonly plan: string;
  readonly open: boolean;
}
interface Event {
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly credits: number | null;
  readonly balance: { readonly version: number };
}
interface Purchase {
  readonly id: string;
  readonly checkoutUrl: string;
  readonly [field: string]: unknown;
}
interface Page<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: { readonly hasNextPage: boolean };
}

let app: TestApp;
let accountId: string;
beforeAll(async () => {
  app = await startTestApp();
  accountId = await app.openAccount({ now: '2026-01-01T00:00:00Z', timeZone: 'UTC' });
});
afterAll(() => app.close());

const ask = <T>(query: string, variables: Record<string, unknown>, token = app.operatorToken) =>
  askOne<T>(app, query, variables, token);

/** A mutation with a key of its own; it has to succeed. */
async function make<T = Purchase>(field: string, type: string, input: Record<string, unknown>, shown = ''): Promise<T> {
  const answer = await ask<{ __typename: string } & T>(
    `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ${shown} } }`,
    { input: { idempotencyKey: crypto.randomUUID(), ...input } },
  );
  expect([field, answer.__typename]).toEqual([field, expect.stringMatching(/Receipt|Changed|Account/)]);
  return answer;
}

const on = (to: string) =>
  ask('mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { id } }', {
    input: { accountId, to: `2026-${to}:00Z` },
  });
const spend = (operation: string, quantity: number) =>
  make('spendCredits', 'SpendCreditsInput', { accountId, operations: [{ operation, quantity }] });
const changePlan = (plan: string) => make('changePlan', 'ChangePlanInput', { accountId, plan });

async function hold(operation: string, quantity: number): Promise<string> {
  const input = { accountId, operations: [{ operation, quantity }], ttlSeconds: 86_400 };
  const shown = '... on ReservationReceipt { reservation { id } }';
  const answer = await make<{ reservation: { id: string } }>('reserveCredits', 'ReserveCreditsInput', input, shown);
  return answer.reservation.id;
}

const commit = (reservationId: string, amount: number) =>
  make('commitReservation', 'CommitReservationInput', { reservationId, amount });

const BOUGHT = 'id status checkoutUrl refunded { amountMinor } refundableCredits unrecovered';

async function buy(packId: string): Promise<Purchase> {
  const shown = `... on PurchaseReceipt { purchase { ${BOUGHT} } }`;
  const { purchase } = await make<{ purchase: Purchase }>(
    'purchaseCredits',
    'PurchaseCreditsInput',
    { accountId, packId, savePaymentMethod: true },
    shown,
  );
  await settle(purchase, 'succeed');
  return purchase;
}

async function settle({ checkoutUrl }: Purchase, outcome: string): Promise<void> {
  const body = JSON.stringify({ outcome });
  const response = await fetch(checkoutUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect([outcome, response.status]).toEqual([outcome, 200]);
}

interface Balance {
  readonly available: number;
  readonly held: number;
  readonly waiting: number;
  readonly version: number;
}

const balance = async (): Promise<Balance> =>
  (
    await ask<{ balance: Balance }>(
      'query ($id: ID!) { account(id: $id) { balance { available held waiting version } } }',
      { id: accountId },
    )
  ).balance;

/** All of a list of the account, a page at a time, in the order of the list. */
async function listAll<T>(list: string, shown: string, args = ''): Promise<T[]> {
  const all: T[] = [];
  let after: string | null = null;
  for (;;) {
    const query = `query ($id: ID!, $after: ID) { account(id: $id) { ${list}(first: 20, after: $after ${args}) {
      edges { cursor node { ${shown} } } pageInfo { hasNextPage } } } }`;
    const page: Page<T> = (await ask<Record<string, Page<T>>>(query, { id: accountId, after }))[list] as Page<T>;
    all.push(...page.edges.map(({ node }) => node));
    after = page.edges.at(-1)?.cursor ?? null;
    if (!page.pageInfo.hasNextPage) return all;
  }
}

const first = (month: number): string => new Date(Date.UTC(2026, month, 1)).toISOString();
const dayOf = (instant: string): string => instant.slice(0, 10);
const SAME_MONTHS = Array.from({ length: 12 }, (_, month) => month);

/** What a month's entries add up to: what ends at the instant of a reset belongs to the month before, all else to the month of its instant. */
function addUp(entries: readonly Entry[], month: number) {
  const [from, to] = [Date.parse(first(month)), Date.parse(first(month + 1))];
  const of = (...kinds: Entry['kind'][]): number =>
    entries
      .filter(({ kind, at }) => {
        const instant = Date.parse(at);
        const isIn = kind === 'EXPIRE' ? instant > from && instant <= to : instant >= from && instant < to;
        return isIn && kinds.includes(kind);
      })
      .reduce((sum, { amount }) => sum + amount, 0);
  return {
    granted: of('GRANT'),
    spent: of('COMMIT'),
    expired: of('EXPIRE'),
    refunded: of('REFUND'),
    revoked: of('REVOKE'),
  };
}

const total = ({ granted, spent, expired, refunded, revoked }: Movements) => ({
  granted: granted.reduce((sum, { credits }) => sum + credits, 0),
  spent,
  expired,
  refunded,
  revoked,
});

test('a year with resets, packs, a refund, plans, an expiry, a top-up, a chargeback, holds over boundaries and a new price', async () => {
  // January: a pack of 200 + 20 of which the bonus is used; the rest goes back.
  await on('01-05T10:00');
  await spend('video.long', 1);
  const pack = await buy('pack.200');
  await spend('image.long', 1);
  await on('01-10T10:00');
  const refunded = await make<{ purchase: Purchase }>(
    'refundPurchase',
    'RefundPurchaseInput',
    { purchaseId: pack.id },
    `... on PurchaseReceipt { purchase { ${BOUGHT} } }`,
  );
  expect(refunded.purchase).toMatchObject({ status: 'PARTIALLY_REFUNDED', refunded: { amountMinor: 2_880 } });
  const second = await buy('pack.50');
  await on('01-31T20:00');
  const january = await hold('image.mid', 3);
  // February: what the hold gives back stays bought; up, and down at the boundary.
  await on('02-01T02:00');
  await commit(january, 20);
  await on('02-10T09:00');
  await changePlan('ENTERPRISE');
  await spend('video.long', 2);
  await changePlan('PRO');
  await on('02-28T23:00');
  const february = await hold('video.long', 1);
  // March: the hold is of credits that have ended; up again.
  await on('03-01T05:00');
  await commit(february, 60);
  await on('03-05T09:00');
  await changePlan('ENTERPRISE');
  await on('03-31T12:00');
  const march = await hold('audio.long', 2);
  await on('04-01T00:00');
  await commit(march, 100);
  // April: credits that somebody gave expire unused.
  await make('grantCredits', 'GrantCreditsInput', {
    accountId,
    credits: 40,
    reason: 'sorry',
    expiresAt: '2026-04-20T00:00:00Z',
  });
  await on('04-25T00:00');
  // May: another price, for sandbox accounts.
  await spend('image.mid', 1);
  await make('publishPriceList', 'PublishPriceListInput', {
    sandbox: true,
    prices: [{ operation: 'image.mid', credits: 12 }],
  });
  await on('05-02T00:00');
  await spend('image.mid', 2);
  // June: it tops up by itself.
  await on('06-15T00:00');
  const input = { accountId, enabled: true, packId: 'pack.50', threshold: 20 };
  await ask(
    'mutation ($input: SetAutoTopUpInput!, $key: String!) { setAutoTopUp(input: $input, idempotencyKey: $key) { __typename } }',
    {
      input,
      key: crypto.randomUUID(),
    },
  );
  const { available } = await balance();
  await spend('content.generate', 1);
  await spend('regeneration.basic', available - 10);
  await until(async () => (await balance()).available === 60);
  // July: the bank takes back what was paid in it.
  await on('07-08T00:00');
  const disputed = await buy('pack.50');
  await settle(disputed, 'dispute');
  // Until the end of the year, over five boundaries at once.
  await on('08-03T00:00');
  await changePlan('PRO');
  await on('12-31T23:59');
  await ask('mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { id } }', {
    input: { accountId, to: '2027-01-01T00:00:00Z' },
  });

  const entries = (
    await listAll<Entry>(
      'entries',
      'id kind amount at version availableBefore availableAfter heldBefore heldAfter cause',
      ', creditType: STANDARD',
    )
  ).toReversed();
  await checkEntries(entries);
  await checkMonths(entries);
  await checkEvents();
  const shown = await listAll<Purchase>('purchases', `${BOUGHT} origin`);
  expect(shown.map(({ status }) => status)).toEqual(['DISPUTED', 'PAID', 'PAID', 'PARTIALLY_REFUNDED']);
  expect(shown.map(({ origin }) => origin)).toEqual(['OWNER', 'AUTO', 'OWNER', 'OWNER']);
  expect(shown[2]?.id).toBe(second.id);
}, 120_000);

/** Every entry goes on where the one before ended, and the last is what the account has. */
async function checkEntries(entries: readonly Entry[]): Promise<void> {
  const delta = { GRANT: [1, 0], RESERVE: [-1, 1], COMMIT: [0, -1], RELEASE: [1, -1] } as const;
  const leaves = [-1, 0] as const;
  let [available, held, version] = [0, 0, 0];
  for (const entry of entries) {
    const [free, bound] = entry.kind in delta ? delta[entry.kind as keyof typeof delta] : leaves;
    expect([entry.availableBefore, entry.heldBefore]).toEqual([available, held]);
    [available, held] = [available + free * entry.amount, held + bound * entry.amount];
    expect([entry.availableAfter, entry.heldAfter]).toEqual([available, held]);
    expect(entry.version).toBeGreaterThanOrEqual(version);
    version = entry.version;
  }
  const now = await balance();
  expect([available, held]).toEqual([now.available + now.waiting, now.held]);
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  const pool = new pg.Pool({ connectionString: app.databaseUrl, types: ledgerTypes, options: ISO_IN_UTC, max: 1 });
  const { problems } = await verifyLedger({ pool, catalog: await loadCatalog(app.app.dataSource) });
  await pool.end();
  expect(problems).toEqual([]);
}

/** Each month's statement is its period, and what its entries add up to; one opens as the one before closed. */
async function checkMonths(entries: readonly Entry[]): Promise<void> {
  const moved = 'granted { source credits } spent expired refunded revoked';
  const periods = (await listAll<Period>('periods', `period { number start end } plan open ${moved}`)).toReversed();
  expect(periods.map(({ period }) => period.number)).toEqual([...SAME_MONTHS, 12]);
  expect(periods.map(({ plan }) => plan)).toEqual(
    'PRO ENTERPRISE ENTERPRISE ENTERPRISE ENTERPRISE ENTERPRISE ENTERPRISE ENTERPRISE PRO PRO PRO PRO PRO'.split(' '),
  );
  let closed = 0;
  for (const month of SAME_MONTHS) {
    const { period, open, plan: _, ...movements } = periods[month] as Period;
    expect([open, Date.parse(period.start), Date.parse(period.end)]).toEqual([
      false,
      Date.parse(first(month)),
      Date.parse(first(month + 1)),
    ]);
    const { statement } = await ask<{ statement: Statement }>(
      `query ($id: ID!, $from: LocalDate!, $to: LocalDate!) { account(id: $id) { statement(from: $from, to: $to) { opening closing ${moved} } } }`,
      { id: accountId, from: dayOf(first(month)), to: dayOf(new Date(Date.parse(first(month + 1)) - 1).toISOString()) },
    );
    const { opening, closing, ...said } = statement;
    expect([month, said]).toEqual([month, movements]);
    const sums = addUp(entries, month);
    expect([month, total(said)]).toEqual([month, sums]);
    expect(opening).toBe(closed);
    expect(closing).toBe(opening + sums.granted - sums.spent - sums.expired - sums.refunded - sums.revoked);
    closed = closing;
  }
}

/** Every event once, in the order of what happened; a consumer that stops anywhere and goes on misses none. */
async function checkEvents(): Promise<void> {
  const events = await listAll<Event>('events', 'id type at credits balance { version }');
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  for (const [index, event] of events.entries()) {
    const before = events[index - 1];
    if (!before) continue;
    expect(event.balance.version).toBeGreaterThanOrEqual(before.balance.version);
    expect(Date.parse(event.at)).toBeGreaterThanOrEqual(Date.parse(before.at));
  }
  const told = events.filter(({ type }) => !type.startsWith('BALANCE_'));
  expect(told.map(({ type, at }) => `${dayOf(at).slice(5)} ${type}`)).toEqual(YEAR);
}

/** All that the year told, but for low balances. */
const YEAR = [
  '01-05 PURCHASE_PAID',
  '01-05 GRANT_ADDED',
  '01-05 GRANT_ADDED',
  '01-10 PURCHASE_REFUNDED',
  '01-10 PURCHASE_PAID',
  '01-10 GRANT_ADDED',
  '02-01 PERIOD_RESET',
  '02-10 PLAN_CHANGED',
  '03-01 PLAN_CHANGED',
  '03-01 PERIOD_RESET',
  '03-05 PLAN_CHANGED',
  '04-01 PERIOD_RESET',
  '04-01 GRANT_ADDED',
  '04-13 GRANT_EXPIRING',
  '04-17 GRANT_EXPIRING',
  '04-19 GRANT_EXPIRING',
  '04-20 GRANT_EXPIRED',
  '05-01 PERIOD_RESET',
  '06-01 PERIOD_RESET',
  '06-15 PURCHASE_PAID',
  '06-15 GRANT_ADDED',
  '07-01 PERIOD_RESET',
  '07-08 PURCHASE_PAID',
  '07-08 GRANT_ADDED',
  '07-08 AUTO_TOP_UP_OFF',
  '08-01 PERIOD_RESET',
  '09-01 PLAN_CHANGED',
  '09-01 PERIOD_RESET',
  '10-01 PERIOD_RESET',
  '11-01 PERIOD_RESET',
  '12-01 PERIOD_RESET',
  '01-01 PERIOD_RESET',
];
