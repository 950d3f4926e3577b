import { v7 } from 'uuid';
import { formatId } from '@aibc/shared/ids';
import { startTestApp, type TestApp } from '../testing/test-app.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

const BALANCE_AT =
  'query ($id: ID!, $at: DateTime!, $type: CreditType! = STANDARD) { balanceAt(accountId: $id, at: $at, creditType: $type) { accountId creditType at version available held waiting } }';

interface Answer {
  readonly balanceAt: {
    readonly version: number;
    readonly available: number;
    readonly held: number;
    readonly waiting: number;
  };
}

async function advance(accountId: string, to: string): Promise<void> {
  const { errors } = await server.gql(
    'mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { id } }',
    { input: { accountId, to } },
  );
  expect(errors).toBeUndefined();
}

async function reserve(accountId: string, operation: string, ttlSeconds: number): Promise<void> {
  const { data } = await server.gql<{ reserveCredits: { __typename: string } }>(
    'mutation ($input: ReserveCreditsInput!) { reserveCredits(input: $input) { __typename } }',
    { input: { accountId, idempotencyKey: v7(), operations: [{ operation }], ttlSeconds } },
  );
  expect(data?.reserveCredits.__typename).toBe('ReservationReceipt');
}

/** On PRO from 1 January: 100 held in part at noon, expired in the afternoon, a reset on 1 February. */
async function january(): Promise<string> {
  const account = await server.openAccount({ now: '2026-01-01T00:00:00Z' });
  await advance(account, '2026-01-10T12:00:00Z');
  await reserve(account, 'image.long', 3600);
  await advance(account, '2026-01-10T14:00:00Z');
  await reserve(account, 'image.short', 60);
  await advance(account, '2026-02-03T00:00:00Z');
  return account;
}

test.each([
  ['before it was there', '2025-12-31T23:59:59.999Z', [0, 0, 0]],
  ['when it was created', '2026-01-01T00:00:00.000Z', [1, 100, 0]],
  ['just before a hold', '2026-01-10T11:59:59.999Z', [1, 100, 0]],
  ['at the instant of a hold', '2026-01-10T12:00:00.000Z', [2, 80, 20]],
  ['at the instant of its expiry, written an hour later', '2026-01-10T13:00:00.000Z', [3, 100, 0]],
  ['just before the reset', '2026-01-31T23:59:59.999Z', [5, 100, 0]],
  ['at the reset', '2026-02-01T00:00:00.000Z', [6, 100, 0]],
  ['now', '2026-02-03T00:00:00.000Z', [6, 100, 0]],
  ['in another offset', '2026-01-10T13:00:00.000+01:00', [2, 80, 20]],
])('%s', async (_, at, [version, available, held]) => {
  const account = await january();
  const { data, errors } = await server.gql<Answer>(BALANCE_AT, { id: account, at });
  expect(errors).toBeUndefined();
  expect(data?.balanceAt).toEqual({
    accountId: account,
    creditType: 'STANDARD',
    at: new Date(at).toISOString(),
    version,
    available,
    held,
    waiting: 0,
  });
});

test('what is due by now is written before it is answered, and the other credit type has its own figures', async () => {
  const account = await server.openAccount({ now: '2026-01-01T00:00:00Z' });
  await reserve(account, 'image.long', 60);
  await advance(account, '2026-01-01T00:01:00Z');
  const now = { id: account, at: '2026-01-01T00:01:00Z' };
  expect((await server.gql<Answer>(BALANCE_AT, now)).data?.balanceAt).toMatchObject({ version: 3, available: 100 });
  expect((await server.gql<Answer>(BALANCE_AT, { ...now, type: 'SCAN' })).data?.balanceAt).toMatchObject({
    version: 3,
    available: 0,
    held: 0,
  });
});

test('a live account goes by the wall clock', async () => {
  const account = await server.openAccount({ sandbox: false });
  const { data } = await server.gql<Answer>(BALANCE_AT, {
    id: account,
    at: new Date(Date.now() - 60_000).toISOString(),
  });
  expect(data?.balanceAt).toMatchObject({ version: 0, available: 0 });
  const later = await server.gql<Answer>(BALANCE_AT, { id: account, at: new Date(Date.now() + 60_000).toISOString() });
  expect(later.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'at' } }]);
});

const BAD: readonly (readonly [string, Record<string, unknown>, string, string | undefined])[] = [
  ['an instant to come', { at: '2026-02-03T00:00:00.001Z' }, 'BAD_USER_INPUT', 'at'],
  ['an instant far to come', { at: '9999-12-31T23:59:59.999Z' }, 'BAD_USER_INPUT', 'at'],
  ['no instant', { at: 'yesterday' }, 'BAD_USER_INPUT', 'at'],
  ['a day', { at: '2026-01-10' }, 'BAD_USER_INPUT', 'at'],
  ['a malformed id', { id: 'acct_1' }, 'BAD_USER_INPUT', 'accountId'],
  ['an unknown account', { id: formatId('acct', v7()) }, 'NOT_FOUND', undefined],
  ['an unknown credit type', { type: 'GOLD' }, 'BAD_USER_INPUT', undefined],
];

test.each(BAD)('%s is refused at both doors', async (_, wrong, code, field) => {
  const account = await january();
  const variables = { id: account, at: '2026-01-10T12:00:00Z', ...wrong };
  const socket = await server.signedIn(server.serviceToken);
  for (const answer of [await server.gql(BALANCE_AT, variables), await socket.gql(BALANCE_AT, variables)]) {
    const [error] = answer.errors ?? [];
    expect(error?.extensions?.['code']).toBe(code);
    if (field !== undefined) expect(error?.extensions?.['field']).toBe(field);
  }
  socket.close();
});

test('the first instant that can be written is before every account', async () => {
  const account = await january();
  const { data } = await server.gql<Answer>(BALANCE_AT, { id: account, at: '0001-01-01T00:00:00Z' });
  expect(data?.balanceAt).toMatchObject({ version: 0, available: 0, held: 0, waiting: 0 });
});

test('owners, members and viewers may ask, and services with credits:read; others may not', async () => {
  const account = await january();
  const ask = async (token: string) =>
    (await server.gql<Answer>(BALANCE_AT, { id: account, at: '2026-01-10T12:00:00Z' }, token)).errors?.[0]
      ?.extensions?.['code'];
  for (const role of ['owner', 'member', 'viewer'] as const)
    expect(await ask(await server.userToken(account, role))).toBeUndefined();
  expect(await ask(await server.token({ kind: 'service', scope: 'credits:read' }))).toBeUndefined();
  expect(await ask(await server.token({ kind: 'service', scope: 'events:read' }))).toBe('FORBIDDEN');
});
