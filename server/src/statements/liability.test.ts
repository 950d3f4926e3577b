import { v7 } from 'uuid';
import { parseId } from '@aibc/shared/ids';
import { startTestApp, type TestApp } from '../testing/test-app.js';
import { paidFact, purchase, purchaseOf, settle } from '../testing/test-purchases.js';

let server: TestApp;
beforeEach(async () => {
  server = await startTestApp();
});
afterEach(() => server.close());

const LIABILITY =
  'query ($at: LocalDate, $sandbox: Boolean! = false) { liability(at: $at, sandbox: $sandbox) { at rows { creditType currency unspentCredits paidMinor purchases } } }';

interface Answer {
  readonly liability: { readonly at: string; readonly rows: readonly Record<string, unknown>[] };
}

async function liability(variables: Record<string, unknown>): Promise<Answer['liability']> {
  const { data, errors } = await server.gql<Answer>(LIABILITY, variables, server.operatorToken);
  expect(errors).toBeUndefined();
  if (data == null) throw new Error('nothing was answered');
  return data.liability;
}

let payments = 0;

/** Buys a pack and pays for it. */
async function buy(account: string, packId: string): Promise<void> {
  const id = parseId('acct', account) ?? '';
  const { ledger } = server.app;
  const bought = purchaseOf(await ledger.submit(purchase(id, packId)));
  const paid = purchaseOf(await ledger.submit(settle(id, bought.id, paidFact(bought, `payment-${(payments += 1)}`))));
  expect(paid.status).toBe('PAID');
}

async function advance(accountId: string, to: string): Promise<void> {
  const { errors } = await server.gql(
    'mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { id } }',
    { input: { accountId, to } },
  );
  expect(errors).toBeUndefined();
}

async function spend(accountId: string, operation: string, quantity: number): Promise<void> {
  const { data } = await server.gql<{ spendCredits: { __typename: string } }>(
    'mutation ($input: SpendCreditsInput!) { spendCredits(input: $input) { __typename } }',
    { input: { accountId, idempotencyKey: v7(), operations: [{ operation, quantity }] } },
  );
  expect(data?.spendCredits.__typename).toBe('ReservationReceipt');
}

async function hold(accountId: string, operation: string): Promise<void> {
  const { data } = await server.gql<{ reserveCredits: { __typename: string } }>(
    'mutation ($input: ReserveCreditsInput!) { reserveCredits(input: $input) { __typename } }',
    { input: { accountId, idempotencyKey: v7(), ttlSeconds: 86_400, operations: [{ operation }] } },
  );
  expect(data?.reserveCredits.__typename).toBe('ReservationReceipt');
}

test('by the end of each day: what was bought, what is spent of it, what expires; by each purchase’s own price, rounded down', async () => {
  const account = await server.openAccount({ now: '2026-01-01T00:00:00Z' });
  await buy(account, 'pack.50');
  await buy(account, 'scan.5');
  await advance(account, '2026-01-02T12:00:00Z');
  // 100 of the allowance, then 7 of the 50.
  await spend(account, 'image.long', 5);
  await spend(account, 'regeneration.basic', 7);
  await advance(account, '2026-01-03T10:00:00Z');
  await buy(account, 'pack.200');
  await hold(account, 'video.mid');
  const other = await server.openAccount({ now: '2026-01-03T00:00:00Z' });
  await buy(other, 'pack.50');
  await advance(account, '2027-02-01T00:00:00Z');

  const standard = (unspentCredits: number, paidMinor: number, purchases: number) => ({
    creditType: 'STANDARD',
    currency: 'USD',
    unspentCredits,
    paidMinor,
    purchases,
  });
  const scan = { creditType: 'SCAN', currency: 'USD', unspentCredits: 5, paidMinor: 3500, purchases: 1 };
  const at = async (day: string) => (await liability({ at: day, sandbox: true })).rows;
  expect(await at('2025-12-31')).toEqual([]);
  expect(await at('2026-01-01')).toEqual([standard(50, 900, 1), scan]);
  // 43 of 50 at 9.00: 7.74.
  expect(await at('2026-01-02')).toEqual([standard(43, 774, 1), scan]);
  // The 20 of the bonus are no liability, what is held is one.
  expect(await at('2026-01-03')).toEqual([standard(293, 774 + 3200 + 900, 3), scan]);
  expect(await at('2026-12-30')).toEqual([standard(293, 774 + 3200 + 900, 3), scan]);
  // Those of 1 January end with a period, at midnight: what closes it belongs to the day before.
  expect(await at('2026-12-31')).toEqual([standard(250, 3200 + 900, 2)]);
  expect(await at('2027-01-02')).toEqual([standard(250, 3200 + 900, 2)]);
  expect(await at('2027-01-03')).toEqual([standard(50, 900, 1)]);
  expect((await liability({})).rows).toEqual([]);
});

test('live accounts by default, yesterday by default, and nothing of sandbox accounts', async () => {
  const account = await server.openAccount({ sandbox: false });
  await buy(account, 'pack.50');
  const sandbox = await server.openAccount();
  await buy(sandbox, 'scan.5');
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  const yesterday = day(1);
  const { at, rows } = await liability({});
  expect([yesterday, day(1)]).toContain(at);
  // It was bought today, but for who runs this at midnight.
  if (at === yesterday) expect(rows).toEqual([]);
  expect((await liability({ at: '2026-06-30', sandbox: true })).rows).toMatchObject([{ creditType: 'SCAN' }]);
});

const BAD: readonly (readonly [string, Record<string, unknown>])[] = [
  ['a day of live accounts that has not ended', { at: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10) }],
  ['a day to come', { at: '2199-01-01' }],
  ['a day before 1970', { at: '1969-12-31', sandbox: true }],
  ['no day', { at: 'yesterday' }],
  ['a day that no calendar has', { at: '2026-02-30' }],
];

test('bad days are refused at both doors', async () => {
  const socket = await server.signedIn(server.operatorToken);
  for (const [what, variables] of BAD)
    for (const { errors } of [
      await server.gql(LIABILITY, variables, server.operatorToken),
      await socket.gql(LIABILITY, variables),
    ])
      expect([what, errors?.map(({ extensions }) => [extensions?.['code'], extensions?.['field']])]).toEqual([
        what,
        [['BAD_USER_INPUT', 'at']],
      ]);
  socket.close();
});

test('operators with reports:read over all accounts, and nobody else', async () => {
  const account = await server.openAccount();
  const code = async (token: string | null) =>
    (await server.gql(LIABILITY, {}, token)).errors?.[0]?.extensions?.['code'];
  expect(await code(null)).toBe('UNAUTHENTICATED');
  expect(await code(server.serviceToken)).toBe('FORBIDDEN');
  expect(await code(await server.userToken(account))).toBe('FORBIDDEN');
  expect(await code(await server.token({ kind: 'operator', scope: 'credits:read' }))).toBe('FORBIDDEN');
  expect(await code(await server.token({ kind: 'operator', accounts: { [account]: 'owner' } }))).toBe('FORBIDDEN');
  expect(await code(await server.token({ kind: 'operator', scope: 'reports:read' }))).toBeUndefined();
});
