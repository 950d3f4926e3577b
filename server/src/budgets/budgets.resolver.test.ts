import pg from 'pg';
import { loadCatalog } from '../catalog/load-catalog.js';
import { ledgerTypes } from '../db/ledger-types.js';
import { verifyLedger } from '../ledger/books/verify.js';
import { askOne } from '../testing/test-ask-one.js';
import { startTestApp, type TestApp } from '../testing/test-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

type Fields = Readonly<Record<string, unknown>>;
type Token = string | null | undefined;

const ask = <T = Fields>(document: string, variables: Fields, token?: Token) =>
  askOne<T>(app, document, variables, token);

const SHOWN = `id name project member eachMember feature type window limit hard setAside consumed held remaining resetsAt
  uses { edges { node { member consumed held remaining } } }`;

const SET = `mutation Set($input: SetBudgetInput!, $key: String!) { setBudget(input: $input, idempotencyKey: $key) { __typename
  ... on BudgetReceipt { replayed budget { ${SHOWN} } } ... on InvalidAmount { field message } ... on IdempotencyConflict { fields } } }`;

function set(input: Fields, key: string = crypto.randomUUID(), token?: Token) {
  return ask(SET, { input: { name: 'test', limit: 20, ...input }, key }, token);
}

async function made(input: Fields): Promise<string> {
  return ((await set(input)) as { budget: { id: string } }).budget.id;
}

async function budgets(accountId: string, token?: Token): Promise<Fields[]> {
  const account = await ask<{ budgets: Fields[] }>(
    `query Budgets($id: ID!) { account(id: $id) { budgets { ${SHOWN} } } }`,
    { id: accountId },
    token,
  );
  return account.budgets;
}

const RESERVED = `__typename ... on ReservationReceipt { replayed reservation { id held committed uncollected status } }
  ... on BudgetExceeded { message budgetId limit consumed held needed resetsAt version replayed }
  ... on InsufficientCredits { shortfall }`;

function reserve(accountId: string, operations: Readonly<Record<string, number>>, more: Fields = {}, token?: Token) {
  const lines = Object.entries(operations).map(([operation, quantity]) => ({ operation, quantity }));
  return ask<{ __typename: string; reservation: { id: string } }>(
    `mutation Reserve($input: ReserveCreditsInput!) { reserveCredits(input: $input) { ${RESERVED} } }`,
    { input: { accountId, idempotencyKey: crypto.randomUUID(), operations: lines, ...more } },
    token,
  );
}

function commit(reservationId: string, more: Fields = {}) {
  return ask(
    `mutation Commit($input: CommitReservationInput!) { commitReservation(input: $input) { __typename
      ... on ReservationReceipt { reservation { held committed uncollected } } ... on ReservationClosed { reservation { status } } } }`,
    { input: { reservationId, idempotencyKey: crypto.randomUUID(), ...more } },
  );
}

function moveClock(accountId: string, to: string) {
  return ask('mutation Move($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { now } }', {
    input: { accountId, to },
  });
}

async function told(accountId: string): Promise<string[]> {
  const { events } = await ask<{ events: { edges: { node: { type: string; budgetId: string | null } }[] } }>(
    `query Told($id: ID!) { account(id: $id) { events(types: [BUDGET_LOW, BUDGET_EXHAUSTED]) { edges { node { type budgetId message } } } } }`,
    { id: accountId },
  );
  return events.edges.map(({ node }) => node.type);
}

async function proveBooks(): Promise<void> {
  const pool = new pg.Pool({
    connectionString: app.databaseUrl,
    types: ledgerTypes,
    options: '-c TimeZone=UTC',
    max: 2,
  });
  try {
    const { problems, accounts } = await verifyLedger({ pool, catalog: await loadCatalog(app.app.dataSource) });
    expect([problems, accounts > 0]).toEqual([[], true]);
  } finally {
    await pool.end();
  }
}

test('a hard budget denies what goes beyond it, with its figures, and holds and commits count', async () => {
  const accountId = await app.openAccount();
  const budgetId = await made({ accountId, project: 'launch', window: 'PERIOD' });
  const { reservation } = await reserve(accountId, { 'image.mid': 1, 'image.short': 1 }, { project: 'launch' });
  expect(await reserve(accountId, { 'image.mid': 1 }, { project: 'launch' })).toMatchObject({
    __typename: 'BudgetExceeded',
    budgetId,
    limit: 20,
    consumed: 0,
    held: 15,
    needed: 10,
    resetsAt: '2026-02-01T00:00:00.000Z',
    replayed: false,
  });
  const again = { project: 'launch', idempotencyKey: 'again' };
  const denied = await reserve(accountId, { 'image.mid': 1 }, again);
  expect(await reserve(accountId, { 'image.mid': 1 })).toMatchObject({ __typename: 'ReservationReceipt' });
  await commit(reservation.id, { amount: 10 });
  expect(await reserve(accountId, { 'image.mid': 1 }, again)).toEqual({ ...denied, replayed: true });
  expect(await budgets(accountId)).toMatchObject([
    {
      id: budgetId,
      consumed: 10,
      held: 0,
      remaining: 10,
      uses: { edges: [{ node: { member: null, consumed: 10, held: 0, remaining: 10 } }] },
    },
  ]);
  expect(await reserve(accountId, { 'image.mid': 1 }, { project: 'launch' })).toMatchObject({
    __typename: 'ReservationReceipt',
  });
  await proveBooks();
});

test('a budget is made once under a key, changed by its id, and what was used stays', async () => {
  const accountId = await app.openAccount();
  const key = crypto.randomUUID();
  const input = { accountId, name: 'Images', type: 'IMAGE', window: 'LIFETIME' };
  const first = (await set(input, key)) as { budget: { id: string } };
  expect(first).toMatchObject({ replayed: false, budget: { resetsAt: null, type: 'IMAGE', hard: true } });
  expect(await set(input, key)).toEqual({ ...first, replayed: true });
  expect(await set({ ...input, limit: 30 }, key)).toEqual({ __typename: 'IdempotencyConflict', fields: ['limit'] });
  await reserve(accountId, { 'image.mid': 1 });
  const { id } = first.budget;
  expect(await set({ ...input, id, name: 'Pictures', limit: 5, hard: false })).toMatchObject({
    budget: { id, name: 'Pictures', limit: 5, hard: false, held: 10, remaining: 0 },
  });
  expect(await set({ ...input, id, type: 'VIDEO' })).toMatchObject({ __typename: 'InvalidAmount', field: 'type' });
  expect(await reserve(accountId, { 'image.mid': 1 })).toMatchObject({ __typename: 'ReservationReceipt' });
  expect(await set({ ...input, id, name: 'Pictures', limit: 5 })).toMatchObject({ budget: { hard: true } });
  expect(await reserve(accountId, { 'image.short': 1 })).toMatchObject({ __typename: 'BudgetExceeded', held: 20 });
  const remove = () => ask<string>('mutation Remove($id: ID!) { removeBudget(id: $id) }', { id });
  expect([await remove(), await remove()]).toEqual([id, id]);
  expect(await budgets(accountId)).toEqual([]);
  expect(await reserve(accountId, { 'image.short': 1 })).toMatchObject({ __typename: 'ReservationReceipt' });
  await proveBooks();
});

test('the budget with the least remaining is named', async () => {
  const accountId = await app.openAccount({ plan: 'ENTERPRISE' });
  await made({ accountId, name: 'all', limit: 30 });
  const least = await made({ accountId, name: 'images', type: 'IMAGE', limit: 15 });
  await made({ accountId, name: 'later', feature: 'PRODUCTION_ROOM', limit: 15 });
  expect(await reserve(accountId, { 'image.long': 2 })).toMatchObject({ budgetId: least, needed: 40, limit: 15 });
  expect(await reserve(accountId, { 'regeneration.basic': 20 })).toMatchObject({ __typename: 'ReservationReceipt' });
});

test('each member has a counter, a budget that names a member takes its place, and members see their own', async () => {
  const accountId = await app.openAccount({ plan: 'ENTERPRISE' });
  await made({ accountId, name: 'each', eachMember: true, window: 'DAY' });
  const ofAnna = await made({ accountId, name: 'anna', member: 'anna', window: 'DAY', limit: 40 });
  const anna = await app.userToken(accountId, 'member', 'anna');
  const carl = await app.userToken(accountId, 'member', 'carl');
  await reserve(accountId, { 'image.long': 2 }, {}, anna);
  await reserve(accountId, { 'image.mid': 1 }, {}, carl);
  expect(await reserve(accountId, { 'image.mid': 2 }, {}, carl)).toMatchObject({ limit: 20, held: 10 });
  expect(await reserve(accountId, { 'image.short': 1 }, {}, anna)).toMatchObject({ budgetId: ofAnna, held: 40 });
  expect(await budgets(accountId, carl)).toMatchObject([
    { name: 'each', held: 10, uses: { edges: [{ node: { member: 'carl', held: 10 } }] } },
  ]);
  expect(await budgets(accountId, anna)).toMatchObject([
    { name: 'each', held: 40 },
    { name: 'anna', held: 40, remaining: 0 },
  ]);
  expect(await budgets(accountId, await app.userToken(accountId))).toMatchObject([
    {
      name: 'each',
      held: 40,
      uses: { edges: [{ node: { member: 'anna', held: 40 } }, { node: { member: 'carl', held: 10 } }] },
    },
    { name: 'anna', held: 40 },
  ]);
  await proveBooks();
});

test('a window counts what was opened in it: a commit after its end belongs to it, and the next begins empty', async () => {
  const accountId = await app.openAccount({ plan: 'ENTERPRISE', now: '2026-01-07T10:20:00.000Z' });
  for (const window of ['HOUR', 'DAY', 'WEEK', 'PERIOD', 'LIFETIME'])
    await made({ accountId, name: window, window, limit: 100 });
  const shown = async () =>
    (await budgets(accountId)).map(({ consumed, held, resetsAt }) => [consumed, held, String(resetsAt).slice(0, 13)]);
  const { reservation } = await reserve(accountId, { 'image.long': 1 }, { ttlSeconds: 86_400 });
  expect(await shown()).toEqual([
    [0, 20, '2026-01-07T11'],
    [0, 20, '2026-01-08T00'],
    [0, 20, '2026-01-12T00'],
    [0, 20, '2026-02-07T10'],
    [0, 20, 'null'],
  ]);
  await moveClock(accountId, '2026-01-08T00:30:00.000Z');
  await reserve(accountId, { 'image.short': 1 }, { ttlSeconds: 86_400 });
  await commit(reservation.id);
  expect((await shown()).map(([consumed, held]) => [consumed, held])).toEqual([
    [0, 5],
    [0, 5],
    [20, 5],
    [20, 5],
    [20, 5],
  ]);
  await proveBooks();
});

test('a commit beyond the hold takes what the budget leaves, and a late one passes it', async () => {
  const accountId = await app.openAccount({ plan: 'ENTERPRISE' });
  await made({ accountId, limit: 20 });
  const first = await reserve(accountId, { 'image.mid': 1 });
  expect(await commit(first.reservation.id, { amount: 25, policy: 'IF_AVAILABLE' })).toMatchObject({
    reservation: { committed: 20, uncollected: 5 },
  });
  const id = (await budgets(accountId))[0]?.['id'];
  await set({ accountId, id, limit: 30 });
  const late = await reserve(accountId, { 'image.mid': 1 }, { ttlSeconds: 60 });
  await moveClock(accountId, '2026-01-01T01:00:00.000Z');
  expect(await budgets(accountId)).toMatchObject([{ consumed: 20, held: 0 }]);
  await reserve(accountId, { 'image.mid': 1 }, { ttlSeconds: 86_400 });
  expect(await commit(late.reservation.id)).toMatchObject({ reservation: { committed: 10 } });
  expect(await budgets(accountId)).toMatchObject([{ consumed: 30, held: 10, remaining: 0 }]);
  await proveBooks();
});

test('operations beyond what their line holds take no more than the budget of their kind leaves', async () => {
  const accountId = await app.openAccount({ plan: 'ENTERPRISE' });
  await made({ accountId, type: 'IMAGE', limit: 15 });
  const { reservation } = await reserve(accountId, { 'image.mid': 1, 'audio.short': 2 });
  expect(await commit(reservation.id, { operations: [{ operation: 'image.mid', quantity: 3 }] })).toMatchObject({
    reservation: { committed: 15, uncollected: 15 },
  });
  expect(await budgets(accountId)).toMatchObject([{ consumed: 15, held: 0 }]);
  await proveBooks();
});

test('LOW at 80 % and EXHAUSTED at 100 % are told once, and again after a release below 70 %', async () => {
  const accountId = await app.openAccount({ plan: 'ENTERPRISE' });
  await made({ accountId, hard: false, limit: 100 });
  await reserve(accountId, { 'image.long': 3 });
  const low = await reserve(accountId, { 'image.long': 1 });
  expect(await told(accountId)).toEqual(['BUDGET_LOW']);
  const full = await reserve(accountId, { 'image.long': 1, 'image.short': 1 });
  expect(await told(accountId)).toEqual(['BUDGET_LOW', 'BUDGET_EXHAUSTED']);
  await commit(full.reservation.id, { outcome: 'FAILED' });
  const again = await reserve(accountId, { 'image.long': 1 });
  expect(await told(accountId)).toHaveLength(2);
  await commit(low.reservation.id, { outcome: 'FAILED' });
  await commit(again.reservation.id, { outcome: 'FAILED' });
  await reserve(accountId, { 'image.short': 1 });
  expect(await told(accountId)).toHaveLength(2);
  await reserve(accountId, { 'image.long': 2 });
  expect(await told(accountId)).toEqual(['BUDGET_LOW', 'BUDGET_EXHAUSTED', 'BUDGET_EXHAUSTED']);
});

test('who may not set a budget is told so, and deeds stand in the audit log', async () => {
  const accountId = await app.openAccount();
  const viewer = await app.userToken(accountId, 'member');
  const { errors } = await app.gql(SET, { input: { accountId, name: 'x', limit: 1 }, key: 'k' }, viewer);
  expect(errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
  const id = await made({ accountId, name: 'Team', project: 'launch', limit: 7 });
  await set({ accountId, id, name: 'Crew', project: 'launch', limit: 8, hard: false });
  await ask('mutation Remove($id: ID!) { removeBudget(id: $id) }', { id });
  const log = await ask<{ edges: { node: { action: string; summary: string } }[] }>(
    'query Log($id: ID!) { auditLog(accountId: $id) { edges { node { action summary } } } }',
    { id: accountId },
  );
  expect(log.edges.slice(0, 3).map(({ node }) => [node.action, node.summary])).toEqual([
    ['budget.removed', 'Removed the budget Crew.'],
    [
      'budget.changed',
      'Changed the budget Team: from 7 credits (denies beyond it) to 8 credits (only warns), named Crew.',
    ],
    ['budget.made', 'Made the budget Team: 7 credits a PERIOD for the project launch; it denies beyond it.'],
  ]);
});

test.each([
  ['name', { name: '' }, 'InvalidAmount name'],
  ['name', { name: 'x'.repeat(201) }, 'InvalidAmount name'],
  ['name', { name: 'a\u202eb' }, 'BAD_USER_INPUT name'],
  ['project', { project: 'p'.repeat(201) }, 'InvalidAmount project'],
  ['project', { project: 'a\u0000' }, 'BAD_USER_INPUT project'],
  ['member', { member: '' }, 'BAD_USER_INPUT member'],
  ['member', { member: 'm'.repeat(201) }, 'InvalidAmount member'],
  ['eachMember', { member: 'anna', eachMember: true }, 'InvalidAmount eachMember'],
  ['setAside', { setAside: true }, 'InvalidAmount setAside'],
  ['setAside', { setAside: true, eachMember: true, project: 'p' }, 'InvalidAmount eachMember'],
  ['id', { id: 'budget_x' }, 'BAD_USER_INPUT id'],
  ['accountId', { accountId: 'acct_x' }, 'BAD_USER_INPUT accountId'],
  ['limit', { limit: -1 }, 'BAD_USER_INPUT limit'],
  ['limit', { limit: 1.5 }, 'BAD_USER_INPUT limit'],
  ['limit', { limit: 2 ** 53 }, 'BAD_USER_INPUT limit'],
  ['window', { window: 'YEAR' }, 'BAD_USER_INPUT window'],
  ['feature', { feature: 'NONE' }, 'BAD_USER_INPUT feature'],
  ['type', { type: 'NONE' }, 'BAD_USER_INPUT type'],
  ['hard', { hard: 'yes' }, 'BAD_USER_INPUT hard'],
  ['creditType', { creditType: 'OTHER' }, 'BAD_USER_INPUT creditType'],
])('bad %s is refused with a type or names the field, over both doors', async (_, input, expected) => {
  const accountId = await app.openAccount();
  const variables = { input: { accountId, name: 'test', limit: 5, ...input }, key: 'key' };
  const socket = await app.signedIn(app.serviceToken);
  for (const { data, errors } of [await app.gql(SET, variables), await socket.gql(SET, variables)]) {
    const { code, field } = errors?.[0]?.extensions ?? {};
    const answered = (data as { setBudget: { __typename: unknown; field: unknown } } | null | undefined)?.setBudget;
    const said = answered ?? { __typename: code, field };
    expect(`${String(said.__typename)} ${String(said.field)}`).toBe(expected);
  }
  socket.close();
});

test('uses are paged, the fullest first, and begin anew with each window', async () => {
  const accountId = await app.openAccount({ plan: 'ENTERPRISE' });
  await made({ accountId, eachMember: true, window: 'DAY', limit: 100 });
  for (const [member, quantity] of [
    ['anna', 1],
    ['bert', 3],
    ['carl', 2],
    ['dora', 1],
  ] as const)
    await reserve(accountId, { 'image.mid': quantity }, { member });
  const page = async (after: string | null) => {
    const { budgets: found } = await ask<{
      budgets: {
        uses: {
          edges: { node: { member: string; held: number } }[];
          pageInfo: { endCursor: string; hasNextPage: boolean };
        };
      }[];
    }>(
      `query Uses($id: ID!, $after: ID) { account(id: $id) { budgets { uses(first: 3, after: $after) {
        edges { node { member held } } pageInfo { endCursor hasNextPage } } } } }`,
      { id: accountId, after },
    );
    const [budget] = found;
    if (budget === undefined) throw new Error('there is no budget');
    return budget.uses;
  };
  const first = await page(null);
  expect(first.edges.map(({ node }) => `${node.member} ${node.held}`)).toEqual(['bert 30', 'carl 20', 'anna 10']);
  expect(first.pageInfo.hasNextPage).toBe(true);
  const second = await page(first.pageInfo.endCursor);
  expect(second.edges.map(({ node }) => node.member)).toEqual(['dora']);
  expect(second.pageInfo.hasNextPage).toBe(false);
  await moveClock(accountId, '2026-01-02T00:00:00.000Z');
  expect((await page(null)).edges).toEqual([]);
  expect(await budgets(accountId)).toMatchObject([{ consumed: 0, held: 0, remaining: 100 }]);
});

test('bad keys and cursors are named', async () => {
  const accountId = await app.openAccount();
  await made({ accountId });
  const { errors } = await app.gql(SET, { input: { accountId, name: 'x', limit: 1 }, key: 'a b' });
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'idempotencyKey' });
  for (const after of ['x', 'use_%', 'use_bnVsbA', `use_${Buffer.from('["1", 2]').toString('base64url')}`]) {
    const answer = await app.gql(
      'query Uses($id: ID!, $after: ID) { account(id: $id) { budgets { uses(after: $after) { edges { cursor } } } } }',
      { id: accountId, after },
    );
    expect([after, answer.errors?.[0]?.extensions?.['field']]).toEqual([after, 'after']);
  }
});
