import { v7 } from 'uuid';
import { startTestApp, type TestApp } from '../testing/test-app.js';

let server: TestApp;
let account: string;

interface Granted {
  readonly source: string;
  readonly credits: number;
}
interface StatementAnswer {
  readonly opening: number;
  readonly granted: readonly Granted[];
  readonly spent: number;
  readonly expired: number;
  readonly refunded: number;
  readonly revoked: number;
  readonly closing: number;
}
interface PeriodAnswer extends Omit<StatementAnswer, 'opening' | 'closing'> {
  readonly period: { readonly number: number; readonly start: string; readonly end: string };
  readonly forfeited: number;
  readonly rolledOver: number;
  readonly operations: number;
}

const STATEMENT = `query ($id: ID!, $from: LocalDate!, $to: LocalDate!, $type: CreditType! = STANDARD) {
  account(id: $id) { statement(from: $from, to: $to, creditType: $type) {
    from to creditType opening granted { source credits } spent expired refunded revoked closing } } }`;
const PERIODS = `query ($id: ID!, $first: Int! = 12, $after: ID, $type: CreditType! = STANDARD) {
  account(id: $id) { periods(first: $first, after: $after, creditType: $type) {
    edges { cursor node { period { number start end } plan allowance granted { source credits } spent expired forfeited rolledOver refunded revoked operations open } }
    pageInfo { hasNextPage hasPreviousPage endCursor } } } }`;

async function send(field: string, type: string, input: Record<string, unknown>): Promise<string> {
  const { data, errors } = await server.gql<Record<string, { __typename: string; reservation?: { id: string } }>>(
    `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ... on ReservationReceipt { reservation { id } } } }`,
    { input: { accountId: account, idempotencyKey: v7(), ...input } },
    server.operatorToken,
  );
  expect([field, errors, data?.[field]?.__typename]).toEqual([field, undefined, expect.stringContaining('Receipt')]);
  return data?.[field]?.reservation?.id ?? '';
}

async function advance(to: string): Promise<void> {
  const { errors } = await server.gql(
    'mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { id } }',
    { input: { accountId: account, to } },
  );
  expect(errors).toBeUndefined();
}

const spend = (operation: string, quantity = 1) =>
  send('spendCredits', 'SpendCreditsInput', { operations: [{ operation, quantity }] });

/** On PRO in Amsterdam, with resets at its midnights: January, February and the first days of March. */
beforeAll(async () => {
  server = await startTestApp();
  account = await server.openAccount({ now: '2025-12-31T23:00:00Z', timeZone: 'Europe/Amsterdam' });
  // It ends at the very instant of the reset.
  await server.gql(
    'mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { __typename } }',
    {
      input: {
        accountId: account,
        idempotencyKey: v7(),
        credits: 30,
        expiresAt: '2026-01-31T23:00:00Z',
        reason: 'gift',
      },
    },
    server.operatorToken,
  );
  await advance('2026-01-10T12:00:00Z');
  await spend('image.long');
  await advance('2026-01-31T20:00:00Z');
  const held = await send('reserveCredits', 'ReserveCreditsInput', {
    operations: [{ operation: 'video.mid' }],
    ttlSeconds: 86_400,
  });
  await advance('2026-01-31T22:59:59.999Z');
  await spend('media.upload', 2);
  await advance('2026-01-31T23:00:00Z');
  await spend('image.short');
  await advance('2026-02-01T10:00:00Z');
  const { errors } = await server.gql(
    'mutation ($input: ReleaseReservationInput!) { releaseReservation(input: $input) { __typename } }',
    { input: { reservationId: held, idempotencyKey: v7() } },
  );
  expect(errors).toBeUndefined();
  await advance('2026-02-15T12:00:00Z');
  await spend('regeneration.basic', 3);
  await advance('2026-03-02T12:00:00Z');
});
afterAll(() => server.close());

async function statement(from: string, to: string, type = 'STANDARD'): Promise<StatementAnswer> {
  const { data, errors } = await server.gql<{ account: { statement: StatementAnswer } }>(STATEMENT, {
    id: account,
    from,
    to,
    type,
  });
  expect(errors).toBeUndefined();
  return data?.account.statement as StatementAnswer;
}

async function periods(variables: Record<string, unknown> = {}) {
  const { data, errors } = await server.gql<{
    account: { periods: { edges: { cursor: string; node: PeriodAnswer }[]; pageInfo: Record<string, unknown> } };
  }>(PERIODS, { id: account, ...variables });
  expect(errors).toBeUndefined();
  if (data == null) throw new Error('nothing was answered');
  return data.account.periods;
}

const granted = (text: string): Granted[] =>
  text === ''
    ? []
    : text.split(' ').map((one) => ({ source: one.split(':')[0] ?? '', credits: Number(one.split(':')[1]) }));

test.each([
  // The 30 of the gift and the 30 left of the allowance end with January; 50 are held across the reset.
  ['January', '2026-01-01', '2026-01-31', 0, 'ALLOWANCE:100 PROMOTION:30', 20, 60, 50],
  // What the hold gives back after its grant has ended, and the reset of 1 March.
  ['February', '2026-02-01', '2026-02-28', 50, 'ALLOWANCE:100', 8, 142, 0],
  ['March so far and to come', '2026-03-01', '2026-03-31', 0, 'ALLOWANCE:100', 0, 0, 100],
  ['the last day of January', '2026-01-31', '2026-01-31', 110, '', 0, 60, 50],
  [
    'the first day of February, the spend at its first instant too',
    '2026-02-01',
    '2026-02-01',
    50,
    'ALLOWANCE:100',
    5,
    50,
    95,
  ],
  ['all of it', '2025-06-01', '2026-06-30', 0, 'ALLOWANCE:300 PROMOTION:30', 28, 202, 100],
  ['before it was there', '2025-11-01', '2025-12-31', 0, '', 0, 0, 0],
  ['days to come', '2027-01-01', '2027-12-31', 100, '', 0, 0, 100],
])('the statement of %s', async (_, from, to, opening, sources, spent, expired, closing) => {
  expect(await statement(from, to)).toEqual({
    from,
    to,
    creditType: 'STANDARD',
    opening,
    granted: granted(sources),
    spent,
    expired,
    refunded: 0,
    revoked: 0,
    closing,
  });
});

test('the other credit type has a statement of its own', async () => {
  expect(await statement('2026-01-01', '2026-03-31', 'SCAN')).toMatchObject({ opening: 0, granted: [], closing: 0 });
});

test('periods, newest first', async () => {
  const { edges } = await periods();
  const rest = { plan: 'PRO', allowance: 100, rolledOver: 0, refunded: 0, revoked: 0 };
  expect(edges.map(({ node }) => node)).toEqual([
    {
      ...rest,
      period: { number: 2, start: '2026-02-28T23:00:00.000Z', end: '2026-03-31T22:00:00.000Z' },
      granted: granted('ALLOWANCE:100'),
      spent: 0,
      expired: 0,
      forfeited: 0,
      operations: 0,
      open: true,
    },
    {
      ...rest,
      period: { number: 1, start: '2026-01-31T23:00:00.000Z', end: '2026-02-28T23:00:00.000Z' },
      granted: granted('ALLOWANCE:100'),
      spent: 8,
      expired: 142,
      forfeited: 92,
      operations: 4,
      open: false,
    },
    {
      ...rest,
      period: { number: 0, start: '2025-12-31T23:00:00.000Z', end: '2026-01-31T23:00:00.000Z' },
      granted: granted('ALLOWANCE:100 PROMOTION:30'),
      spent: 20,
      expired: 60,
      forfeited: 30,
      operations: 3,
      open: false,
    },
  ]);
});

test('periods sum to the statement of their span, and one page after the other is all of them', async () => {
  const nodes: PeriodAnswer[] = [];
  let after: unknown = null;
  for (let page = 0; page < 3; page++) {
    const { edges, pageInfo } = await periods({ first: 1, after });
    nodes.push(...edges.map(({ node }) => node));
    expect(pageInfo).toMatchObject({ hasNextPage: page < 2, hasPreviousPage: page > 0 });
    after = pageInfo['endCursor'];
  }
  expect(nodes.map(({ period }) => period.number)).toEqual([2, 1, 0]);
  for (const [newest, oldest, from, to] of [
    [1, 2, '2026-01-01', '2026-02-28'],
    [0, 1, '2026-02-01', '2026-03-31'],
    [0, 2, '2026-01-01', '2026-03-31'],
  ] as const) {
    const span = nodes.slice(newest, oldest + 1);
    const whole = await statement(from, to);
    for (const field of ['spent', 'expired', 'refunded', 'revoked'] as const)
      expect([field, span.reduce((sum, one) => sum + one[field], 0)]).toEqual([field, whole[field]]);
    const total = (all: readonly Granted[]) => all.reduce((sum, { credits }) => sum + credits, 0);
    expect(total(span.flatMap((one) => one.granted))).toBe(total(whole.granted));
  }
});

const BAD: readonly (readonly [what: string, document: string, wrong: Record<string, unknown>, field: string])[] = [
  ['a span that ends before it begins', STATEMENT, { from: '2026-02-01', to: '2026-01-31' }, 'to'],
  ['a span of more than 1,098 days', STATEMENT, { from: '2020-01-01', to: '2026-01-01' }, 'to'],
  ['a span from before 1970', STATEMENT, { from: '1969-12-31', to: '1970-01-01' }, 'from'],
  ['a day that no calendar has', STATEMENT, { from: '2026-02-30', to: '2026-03-01' }, 'from'],
  ['an instant for a day', STATEMENT, { from: '2026-02-01', to: '2026-03-01T00:00:00Z' }, 'to'],
  ['no period', PERIODS, { first: 0 }, 'first'],
  ['too many periods', PERIODS, { first: 101 }, 'first'],
  ['fewer than none', PERIODS, { first: -1 }, 'first'],
  ['a cursor that is none', PERIODS, { after: 'period_1' }, 'after'],
  ['a cursor of another list', PERIODS, { after: 'entry_000000000000000000000000000000000000000000' }, 'after'],
];

test.each(BAD)('%s is refused at both doors', async (_, document, wrong, field) => {
  const socket = await server.signedIn(server.serviceToken);
  const variables = { id: account, ...wrong };
  for (const { errors } of [await server.gql(document, variables), await socket.gql(document, variables)])
    expect(errors?.map(({ extensions }) => [extensions?.['code'], extensions?.['field']])).toEqual([
      ['BAD_USER_INPUT', field],
    ]);
  socket.close();
});

test('owners, members and viewers may ask, and services with credits:read; others may not', async () => {
  const span = { id: account, from: '2026-01-01', to: '2026-01-31' };
  const ask = async (token: string) => {
    const codes = [];
    for (const document of [STATEMENT, PERIODS])
      codes.push((await server.gql(document, span, token)).errors?.[0]?.extensions?.['code']);
    return codes;
  };
  for (const role of ['owner', 'member', 'viewer'] as const)
    expect(await ask(await server.userToken(account, role))).toEqual([undefined, undefined]);
  expect(await ask(await server.token({ kind: 'service', scope: 'credits:read' }))).toEqual([undefined, undefined]);
  expect(await ask(await server.token({ kind: 'service', scope: 'events:read' }))).toEqual(['FORBIDDEN', 'FORBIDDEN']);
});
