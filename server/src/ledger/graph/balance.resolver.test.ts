import { setTimeout as sleep } from 'node:timers/promises';
import type { TestApp } from '../../testing/test-app.js';
import { startTestApp } from '../../testing/test-app.js';
import { errorsOf } from '../../testing/test-errors.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

const RESERVE = `mutation ($input: ReserveCreditsInput!) { reserveCredits(input: $input) {
  __typename ... on Problem { message }
  ... on ReservationReceipt { reservation { id status reserved held member draws { source credits } lines { operation { code name } quantity credits committed } } balance { id available held version } replayed }
  ... on InsufficientCredits { needed available held shortfall smallestPack { id } upgrade { code } alternatives { code } holds { id held } replayed }
} }`;
const COMMIT = `mutation ($input: CommitReservationInput!) { commitReservation(input: $input) {
  __typename ... on Problem { message } ... on ReservationReceipt { reservation { id status committed released outcome closedAt } balance { available used usedPercent level } replayed }
} }`;

let keys = 0;
const nextKey = () => `key-${(keys += 1)}`;

async function reserve(account: string, operations: Record<string, number>, more: Record<string, unknown> = {}) {
  const input = {
    accountId: account,
    idempotencyKey: nextKey(),
    operations: Object.entries(operations).map(([operation, quantity]) => ({ operation, quantity })),
    ...more,
  };
  const { data } = await server.gql<never>(RESERVE, { input });
  return data?.['reserveCredits'] as unknown as {
    __typename: string;
    reservation: { id: string; member: string };
    [field: string]: unknown;
  };
}

test('quote, reserve with its token, commit: the balance follows', async () => {
  const account = await server.openAccount({ plan: 'PRO' });
  const user = await server.userToken(account, 'member', 'ada');
  const accountId = account;
  const QUOTE = `query ($input: QuoteInput!) { quote(input: $input) { __typename ... on Quote {
    token expiresAt total sufficient shortfall availableAfter lowAfter creditType priceListVersion balance { available version }
    lines { operation { code credits } quantity unitCredits credits affordableQuantity } alternatives { code } } } }`;
  const quoted = (
    await server.gql<never>(
      QUOTE,
      { input: { accountId, operations: [{ operation: 'image.long', quantity: 2 }] } },
      user,
    )
  ).data as unknown as {
    quote: { token: string };
  };
  expect(quoted.quote).toMatchObject({
    __typename: 'Quote',
    expiresAt: '2026-01-01T00:10:00.000Z',
    total: 40,
    sufficient: true,
    availableAfter: 60,
    lowAfter: false,
    balance: { available: 100, version: 1 },
    lines: [
      {
        operation: { code: 'image.long', credits: 20 },
        quantity: 2,
        unitCredits: 20,
        credits: 40,
        affordableQuantity: 2,
      },
    ],
    alternatives: [{ code: 'image.mid' }, { code: 'image.short' }],
  });
  const input = { accountId, idempotencyKey: nextKey(), quoteToken: quoted.quote.token };
  const reserved = (await server.gql<never>(RESERVE, { input }, user)).data?.['reserveCredits'] as unknown as {
    reservation: { id: string };
  };
  expect(reserved).toMatchObject({
    __typename: 'ReservationReceipt',
    replayed: false,
    reservation: {
      status: 'HELD',
      reserved: 40,
      held: 40,
      member: 'ada',
      draws: [{ source: 'ALLOWANCE', credits: 40 }],
    },
    balance: { id: `${accountId}:STANDARD`, available: 60, held: 40, version: 2 },
  });
  const commit = { reservationId: reserved.reservation.id, idempotencyKey: nextKey() };
  const committed = await server.gql<never>(COMMIT, { input: commit }, user);
  expect(committed.data?.['commitReservation']).toMatchObject({
    reservation: { status: 'COMMITTED', committed: 40, outcome: 'SUCCEEDED' },
    balance: { available: 60, used: 40, usedPercent: 40, level: 'OK' },
    replayed: false,
  });
  const again = await server.gql<never>(COMMIT, { input: commit }, user);
  expect(again.data?.['commitReservation']).toMatchObject({ reservation: { status: 'COMMITTED' }, replayed: true });
  const { data } = await server.gql<never>(
    `query ($id: ID!) { reservation(id: $id) { id status lines { committed operation { name } } } }`,
    {
      id: reserved.reservation.id,
    },
    user,
  );
  expect(data).toEqual({
    reservation: {
      id: reserved.reservation.id,
      status: 'COMMITTED',
      lines: [{ committed: 40, operation: { name: 'Long image' } }],
    },
  });
});

test('a refusal says what was needed, what is there, who holds the rest and what would help', async () => {
  const account = await server.openAccount({ plan: 'PRO' });
  const held = await reserve(account, { 'image.long': 4 });
  expect(await reserve(account, { 'image.long': 2 })).toMatchObject({
    __typename: 'InsufficientCredits',
    message: 'This needs 40 credits and 20 are available while 80 are on hold: 20 too few.',
    needed: 40,
    available: 20,
    held: 80,
    shortfall: 20,
    smallestPack: { id: 'pack.50' },
    upgrade: { code: 'ENTERPRISE' },
    alternatives: [{ code: 'image.mid' }, { code: 'image.short' }],
    holds: [{ id: held.reservation.id, held: 80 }],
    replayed: false,
  });
});

test('reading an account after its boundary closes the period first', async () => {
  const account = await server.openAccount({ plan: 'PRO' });
  await reserve(account, { 'image.long': 1 }, { ttlSeconds: 60 });
  await server.gql<never>('mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { id } }', {
    input: { accountId: account, to: '2026-02-01T00:00:00Z' },
  });
  const { data } = await server.gql<never>(
    `query ($id: ID!) { account(id: $id) { now plan { code name price { amountMinor currency } } period { number start end } balance { available held used allowance version nextResetAt } scan: balance(creditType: SCAN) { available level } reservations { edges { node { status } } } } balance(accountId: $id) { available version } }`,
    { id: account },
  );
  expect(data).toMatchObject({
    account: {
      now: '2026-02-01T00:00:00.000Z',
      plan: { code: 'PRO', name: 'Pro', price: { amountMinor: 2900, currency: 'USD' } },
      period: { number: 1, start: '2026-02-01T00:00:00.000Z', end: '2026-03-01T00:00:00.000Z' },
      balance: {
        available: 100,
        held: 0,
        used: 0,
        allowance: 100,
        version: 4,
        nextResetAt: '2026-03-01T00:00:00.000Z',
      },
      scan: { available: 0, level: 'EMPTY' },
      reservations: { edges: [{ node: { status: 'EXPIRED' } }] },
    },
    balance: { available: 100, version: 4 },
  });
});

test('entries: newest first, before and after, why; pages follow on', async () => {
  const account = await server.openAccount({ plan: 'PRO' });
  await server.gql<never>(
    'mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { __typename } }',
    {
      input: { accountId: account, idempotencyKey: nextKey(), credits: 30, reason: 'launch week' },
    },
    server.operatorToken,
  );
  const { reservation } = await reserve(account, { 'video.long': 1, 'image.long': 1 });
  await server.gql<never>(COMMIT, {
    input: { reservationId: reservation.id, idempotencyKey: nextKey(), amount: 100 },
  });
  const ENTRIES = `query ($id: ID!, $first: Int!, $after: ID) { account(id: $id) { entries(first: $first, after: $after) {
    edges { cursor node { id kind amount availableBefore availableAfter heldBefore heldAfter version actor at reservation { id } explanation } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
  type Page = {
    edges: { cursor: string; node: Record<string, unknown> }[];
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string };
  };
  const read = async (first: number, after: string | null) =>
    (
      (await server.gql<never>(ENTRIES, { id: account, first, after })).data as unknown as {
        account: { entries: Page };
      }
    ).account.entries;
  const all = await read(100, null);
  expect(
    all.edges.map(({ node }) => [
      node['version'],
      node['kind'],
      node['amount'],
      node['availableBefore'],
      node['availableAfter'],
      node['heldBefore'],
      node['heldAfter'],
      node['explanation'],
    ]),
  ).toEqual([
    [
      4,
      'RELEASE',
      20,
      10,
      30,
      20,
      0,
      'Gave back 20 credits held for 1 x Long video (100) and 1 x Long image (20) at price list 1, which the work did not need, to a promotion.',
    ],
    [
      4,
      'COMMIT',
      100,
      10,
      10,
      120,
      20,
      'Spent 100 credits on 1 x Long video (100) and 1 x Long image (20) at price list 1, from the monthly allowance.',
    ],
    [
      3,
      'RESERVE',
      20,
      30,
      10,
      100,
      120,
      'Held 20 of 120 credits for 1 x Long video (100) and 1 x Long image (20) at price list 1, from a promotion.',
    ],
    [
      3,
      'RESERVE',
      100,
      130,
      30,
      0,
      100,
      'Held 100 of 120 credits for 1 x Long video (100) and 1 x Long image (20) at price list 1, from the monthly allowance.',
    ],
    [2, 'GRANT', 30, 100, 130, 0, 0, 'A promotion of 30 credits, never expires: launch week.'],
    [1, 'GRANT', 100, 0, 100, 0, 0, "The plan's allowance of 100 credits for period 0, until 2026-02-01."],
  ]);
  expect(all.edges[0]?.node).toMatchObject({
    actor: 'service:test-service',
    at: '2026-01-01T00:00:00.000Z',
    reservation: { id: reservation.id },
  });
  const first = await read(4, null);
  expect(first.pageInfo).toMatchObject({
    hasNextPage: true,
    hasPreviousPage: false,
    endCursor: first.edges[3]?.cursor,
  });
  const second = await read(4, first.pageInfo.endCursor);
  expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  expect([...first.edges, ...second.edges]).toEqual(all.edges);
});

test('grants: in burn order, open ones unless all are asked for; pages follow on', async () => {
  const account = await server.openAccount({ plan: 'PRO' });
  const id = account;
  const give = async (credits: number, source: string, expiresAt: string | null) =>
    server.gql<never>(
      'mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { __typename ... on GrantReceipt { grant { source priority available expiresAt } balance { available promotional purchased } replayed } } }',
      {
        input: { accountId: id, idempotencyKey: nextKey(), credits, source, expiresAt, reason: 'test' },
      },
      server.operatorToken,
    );
  expect((await give(1, 'BONUS', null)).data?.['grantCredits']).toMatchObject({
    __typename: 'GrantReceipt',
    grant: { source: 'BONUS', priority: 30, available: 1, expiresAt: null },
    balance: { available: 101, promotional: 1, purchased: 0 },
    replayed: false,
  });
  await give(2, 'PROMOTION', null);
  await give(3, 'PROMOTION', '2026-06-01T00:00:00Z');
  await give(4, 'ADJUSTMENT', '2026-05-01T00:00:00Z');
  await give(5, 'BONUS', '2026-04-01T00:00:00Z');
  const spend = await server.gql<never>(
    'mutation ($input: SpendCreditsInput!) { spendCredits(input: $input) { __typename ... on ReservationReceipt { reservation { status committed } balance { available used } } } }',
    {
      input: { accountId: id, idempotencyKey: nextKey(), operations: [{ operation: 'image.long', quantity: 5 }] },
    },
  );
  expect(spend.data?.['spendCredits']).toMatchObject({
    reservation: { status: 'COMMITTED', committed: 100 },
    balance: { available: 15, used: 100 },
  });
  const GRANTS = `query ($id: ID!, $first: Int!, $after: ID, $all: Boolean!) { account(id: $id) { grants(first: $first, after: $after, includeSpent: $all) { edges { cursor node { granted spent } } pageInfo { hasNextPage endCursor } } } }`;
  type Page = {
    edges: { cursor: string; node: { granted: number } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  };
  const read = async (first: number, after: string | null, isAll: boolean) =>
    (
      (await server.gql<never>(GRANTS, { id, first, after, all: isAll })).data as unknown as {
        account: { grants: Page };
      }
    ).account.grants;
  const granted = (page: Page) => page.edges.map(({ node }) => node.granted);
  expect(granted(await read(50, null, false))).toEqual([4, 3, 2, 5, 1]);
  const first = await read(4, null, true);
  expect(granted(first)).toEqual([100, 4, 3, 2]);
  expect(granted(await read(4, first.pageInfo.endCursor, true))).toEqual([5, 1]);
});

test('reservations: newest first, by status, pages follow on', async () => {
  const account = await server.openAccount({ plan: 'PRO' });
  const ids: string[] = [];
  for (let index = 0; index < 5; index += 1) ids.unshift((await reserve(account, { 'image.short': 1 })).reservation.id);
  await server.gql<never>(
    'mutation ($input: ReleaseReservationInput!) { releaseReservation(input: $input) { __typename } }',
    {
      input: { reservationId: ids[2], idempotencyKey: nextKey() },
    },
  );
  const LIST = `query ($id: ID!, $first: Int!, $after: ID, $status: ReservationStatus) { account(id: $id) { reservations(first: $first, after: $after, status: $status) { edges { cursor node { id } } pageInfo { hasNextPage } } } }`;
  const read = async (first: number, after: string | null, status: string | null) => {
    const { data } = await server.gql<never>(LIST, { id: account, first, after, status });
    const { reservations } = (
      data as unknown as {
        account: { reservations: { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean } } };
      }
    ).account;
    return { ids: reservations.edges.map(({ node }) => node.id), more: reservations.pageInfo.hasNextPage };
  };
  expect(await read(50, null, null)).toEqual({ ids, more: false });
  expect(await read(2, null, 'HELD')).toEqual({ ids: [ids[0], ids[1]], more: true });
  expect(await read(2, ids[1] ?? null, 'HELD')).toEqual({ ids: [ids[3], ids[4]], more: false });
  expect(await read(2, null, 'RELEASED')).toEqual({ ids: [ids[2]], more: false });
});

test('cursors and page sizes that are none are refused, other accounts’ cursors too', async () => {
  const mine = await server.openAccount({ plan: 'PRO' });
  const other = await server.openAccount({ plan: 'PRO' });
  const foreign = (await reserve(other, { 'image.short': 1 })).reservation.id;
  const ask = async (list: string, args: string) =>
    errorsOf(
      await server.gql(`query ($id: ID!) { account(id: $id) { ${list}(${args}) { pageInfo { hasNextPage } } } }`, {
        id: mine,
      }),
    );
  for (const list of ['grants', 'reservations', 'entries']) {
    for (const first of [0, -1, 101, 2 ** 31 - 1])
      expect(await ask(list, `first: ${first}`)).toEqual([
        { code: 'BAD_USER_INPUT', field: 'first', path: `account.${list}` },
      ]);
    for (const after of ['', 'x', mine, foreign, `grant_${'0'.repeat(26)}`]) {
      const isForeign =
        (list === 'reservations' && after === foreign) || (list === 'grants' && after.startsWith('grant_'));
      expect(await ask(list, `after: ${JSON.stringify(after)}`)).toEqual([
        isForeign
          ? { code: 'NOT_FOUND', path: `account.${list}` }
          : { code: 'BAD_USER_INPUT', field: 'after', path: `account.${list}` },
      ]);
    }
  }
});

test('a hold of a live account that has ended is closed by whoever reads next', async () => {
  const account = await server.openAccount({ sandbox: false });
  const { reservation } = await reserve(account, { 'image.short': 1 }, { ttlSeconds: 1 });
  await sleep(1_050);
  const { data } = await server.gql<never>(
    'query ($id: ID!, $of: ID!) { reservation(id: $id) { status held released } balance(accountId: $of) { available held version } }',
    {
      id: reservation.id,
      of: account,
    },
  );
  expect(data).toEqual({
    reservation: { status: 'EXPIRED', held: 0, released: 5 },
    balance: { available: 100, held: 0, version: 3 },
  });
});

test.each([
  ['balance', 'query ($id: ID!) { balance(accountId: $id) { id } }', 'accountId'],
  ['account', 'query ($id: ID!) { account(id: $id) { id } }', 'id'],
  ['quote', 'query ($id: ID!) { quote(input: { accountId: $id, operations: [] }) { __typename } }', 'accountId'],
  [
    'usage',
    'query ($id: ID!) { usage(input: { accountId: $id, from: "2026-01-01", to: "2026-01-01" }) { total } }',
    'accountId',
  ],
  ['reservation', 'query ($id: ID!) { reservation(id: $id) { id } }', 'id'],
])('%s: unknown and foreign ids are not told apart, malformed ones are named', async (field, document, argument) => {
  const account = await server.openAccount();
  const isReservation = field === 'reservation';
  const foreign = isReservation ? (await reserve(account, { 'image.short': 1 })).reservation.id : account;
  const unknown = isReservation ? `rsv_${'0'.repeat(52)}` : `acct_${'0'.repeat(26)}`;
  const stranger = await server.userToken(await server.openAccount());
  const ask = async (id: string, token?: string | null) => errorsOf(await server.gql(document, { id }, token));
  expect(await ask(foreign, stranger)).toEqual([{ code: 'NOT_FOUND', path: field }]);
  expect(await ask(unknown, stranger)).toEqual([{ code: 'NOT_FOUND', path: field }]);
  expect(await ask(unknown)).toEqual([{ code: 'NOT_FOUND', path: field }]);
  expect(await ask(foreign, null)).toEqual([{ code: 'UNAUTHENTICATED', path: field }]);
  for (const malformed of [
    '',
    'x',
    foreign.slice(0, -1),
    `${foreign}0`,
    foreign.toUpperCase(),
    `${foreign.slice(0, -1)}\0`,
  ]) {
    expect(await ask(malformed)).toEqual([{ code: 'BAD_USER_INPUT', field: argument, path: field }]);
  }
  if (field !== 'quote') expect(await ask(foreign)).toEqual([]);
});
