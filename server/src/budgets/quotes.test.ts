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

function set(input: Fields) {
  return ask(
    `mutation Set($input: SetBudgetInput!, $key: String!) { setBudget(input: $input, idempotencyKey: $key) { __typename
      ... on BudgetReceipt { budget { id consumed held remaining } } ... on InvalidAmount { field max } } }`,
    { input: { name: 'test', limit: 20, ...input }, key: crypto.randomUUID() },
  );
}

const lines = (operations: Readonly<Record<string, number>>) =>
  Object.entries(operations).map(([operation, quantity]) => ({ operation, quantity }));

function quote(accountId: string, operations: Readonly<Record<string, number>>, more: Fields = {}, token?: Token) {
  return ask(
    `query Quote($input: QuoteInput!) { quote(input: $input) { __typename ... on Quote { allowed sufficient shortfall setAside availableAfter
      balance { available } lines { affordableQuantity } alternatives { code }
      blockedBy { budgetId limit consumed held needed resetsAt version replayed } } ... on InvalidAmount { field } } }`,
    { input: { accountId, operations: lines(operations), ...more } },
    token,
  );
}

function reserve(accountId: string, operations: Readonly<Record<string, number>>, more: Fields = {}, token?: Token) {
  return ask<{ __typename: string; reservation: { id: string } }>(
    `mutation Reserve($input: ReserveCreditsInput!) { reserveCredits(input: $input) { __typename
      ... on ReservationReceipt { reservation { id } balance { available } } ... on BudgetExceeded { budgetId }
      ... on InsufficientCredits { message needed available setAside shortfall } } }`,
    { input: { accountId, idempotencyKey: crypto.randomUUID(), operations: lines(operations), ...more } },
    token,
  );
}

function commit(reservationId: string, more: Fields = {}) {
  return ask(
    `mutation Commit($input: CommitReservationInput!) { commitReservation(input: $input) { ... on ReservationReceipt {
      reservation { committed uncollected } } } }`,
    { input: { reservationId, idempotencyKey: crypto.randomUUID(), ...more } },
  );
}

test('a quote names the budget that would deny it, and leaves what is sufficient as it is', async () => {
  const accountId = await app.openAccount();
  expect(await quote(accountId, { 'image.short': 1 })).toMatchObject({ allowed: true, blockedBy: null, setAside: 0 });
  const { budget } = (await set({ accountId, project: 'launch', limit: 15 })) as { budget: { id: string } };
  await reserve(accountId, { 'image.mid': 1 }, { project: 'launch' });
  expect(await quote(accountId, { 'image.mid': 1 }, { project: 'launch' })).toMatchObject({
    allowed: false,
    sufficient: true,
    shortfall: 0,
    availableAfter: 80,
    blockedBy: { budgetId: budget.id, limit: 15, consumed: 0, held: 10, needed: 10, version: 3, replayed: false },
  });
  expect(await reserve(accountId, { 'image.mid': 1 }, { project: 'launch' })).toMatchObject({ budgetId: budget.id });
  expect(await quote(accountId, { 'image.short': 1 }, { project: 'launch' })).toMatchObject({ allowed: true });
  expect(await quote(accountId, { 'image.mid': 1 })).toMatchObject({ allowed: true, blockedBy: null });
  expect(await quote(accountId, { 'image.long': 6 })).toMatchObject({ allowed: false, sufficient: false });
});

test('a quote is for the asking member, or for whom a service names', async () => {
  const accountId = await app.openAccount();
  await set({ accountId, eachMember: true, limit: 10 });
  const anna = await app.userToken(accountId, 'member', 'anna');
  await reserve(accountId, { 'image.mid': 1 }, {}, anna);
  expect(await quote(accountId, { 'image.short': 1 }, {}, anna)).toMatchObject({ allowed: false });
  expect(await quote(accountId, { 'image.short': 1 }, { member: 'anna' })).toMatchObject({ allowed: false });
  expect(await quote(accountId, { 'image.short': 1 }, { member: 'carl' })).toMatchObject({ allowed: true });
  const input = { accountId, operations: lines({ 'image.short': 1 }), member: 'carl' };
  const { errors } = await app.gql(
    'query ($input: QuoteInput!) { quote(input: $input) { __typename } }',
    { input },
    anna,
  );
  expect(errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
});

test.each([
  ['project', { project: 'p'.repeat(201) }, 'InvalidAmount project'],
  ['project', { project: 'a\tb' }, 'BAD_USER_INPUT project'],
  ['member', { member: 'm'.repeat(201) }, 'InvalidAmount member'],
  ['member', { member: '' }, 'BAD_USER_INPUT member'],
])('a bad %s of a quote is named', async (_, more, expected) => {
  const input = { accountId: await app.openAccount(), operations: lines({ 'image.short': 1 }), ...more };
  const { data, errors } = await app.gql<{ quote: Fields }>(
    'query ($input: QuoteInput!) { quote(input: $input) { __typename ... on InvalidAmount { field } } }',
    { input },
  );
  const { code, field } = errors?.[0]?.extensions ?? {};
  const answered = data?.quote ?? { __typename: code, field };
  expect(`${String(answered['__typename'])} ${String(answered['field'])}`).toBe(expected);
});

test('credits that are set aside are used by their project alone, and refusals and quotes say so', async () => {
  const accountId = await app.openAccount();
  await set({ accountId, project: 'launch', setAside: true, limit: 60 });
  expect(await quote(accountId, { 'image.long': 3 })).toMatchObject({
    allowed: false,
    sufficient: false,
    shortfall: 20,
    setAside: 60,
    balance: { available: 100 },
    lines: [{ affordableQuantity: 2 }],
    alternatives: [{ code: 'image.mid' }, { code: 'image.short' }],
  });
  expect(await reserve(accountId, { 'image.long': 3 })).toEqual({
    __typename: 'InsufficientCredits',
    message: 'This needs 60 credits and 100 are available, 60 of them set aside for other work: 20 too few.',
    needed: 60,
    available: 100,
    setAside: 60,
    shortfall: 20,
  });
  expect(await quote(accountId, { 'image.long': 5 }, { project: 'launch' })).toMatchObject({
    allowed: true,
    setAside: 0,
    availableAfter: 0,
  });
  expect(await reserve(accountId, { 'image.long': 2 })).toMatchObject({ balance: { available: 60 } });
  expect(await reserve(accountId, { 'image.short': 1 })).toMatchObject({ setAside: 60, shortfall: 5 });
  const { reservation } = await reserve(accountId, { 'image.long': 2 }, { project: 'launch' });
  expect(await reserve(accountId, { 'image.short': 1 })).toMatchObject({ setAside: 20 });
  // What its holds give back is kept again.
  await commit(reservation.id, { amount: 10 });
  expect(await quote(accountId, { 'image.short': 1 })).toMatchObject({ setAside: 50, sufficient: false });
});

test('no more is set aside than is free, and older set-asides come first', async () => {
  const accountId = await app.openAccount();
  expect(await set({ accountId, project: 'a', setAside: true, limit: 101 })).toEqual({
    __typename: 'InvalidAmount',
    field: 'limit',
    max: 100,
  });
  await set({ accountId, project: 'a', setAside: true, limit: 70 });
  expect(await set({ accountId, member: 'anna', setAside: true, limit: 31 })).toMatchObject({
    field: 'limit',
    max: 30,
  });
  const { budget } = (await set({ accountId, member: 'anna', setAside: true, limit: 20 })) as {
    budget: { id: string };
  };
  const raise = (limit: number) => set({ id: budget.id, accountId, member: 'anna', setAside: true, limit });
  expect(await raise(31)).toMatchObject({ field: 'limit', max: 30 });
  expect(await raise(30)).toMatchObject({ __typename: 'BudgetReceipt' });
  expect(await quote(accountId, { 'image.short': 1 }, { project: 'a' })).toMatchObject({ setAside: 30, allowed: true });
  expect(await quote(accountId, { 'image.short': 1 })).toMatchObject({ setAside: 100, allowed: false });
  expect(await quote(accountId, { 'image.long': 5 }, { project: 'a', member: 'anna' })).toMatchObject({
    setAside: 0,
    allowed: true,
  });
  // A member is told what is kept for everybody's projects, not what is kept for others.
  const carl = await app.userToken(accountId, 'member', 'carl');
  expect(await quote(accountId, { 'image.short': 1 }, {}, carl)).toMatchObject({ setAside: 70, shortfall: 5 });
});

test('a commit beyond its hold leaves what is kept, and a late one passes it', async () => {
  const accountId = await app.openAccount();
  const late = await reserve(accountId, { 'image.long': 1 }, { ttlSeconds: 60 });
  const first = await reserve(accountId, { 'image.long': 1 }, { ttlSeconds: 86_400 });
  await ask('mutation Move($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { now } }', {
    input: { accountId, to: '2026-01-01T01:00:00.000Z' },
  });
  await set({ accountId, project: 'launch', setAside: true, limit: 75 });
  expect(await commit(first.reservation.id, { amount: 30, policy: 'IF_AVAILABLE' })).toMatchObject({
    reservation: { committed: 25, uncollected: 5 },
  });
  expect(await commit(late.reservation.id)).toMatchObject({ reservation: { committed: 20, uncollected: 0 } });
  expect(await quote(accountId, { 'image.short': 1 })).toMatchObject({ setAside: 55, balance: { available: 55 } });
});

test('the end of a window frees what it kept, and the next keeps anew', async () => {
  const accountId = await app.openAccount();
  await set({ accountId, project: 'launch', setAside: true, limit: 50, window: 'DAY' });
  await reserve(accountId, { 'image.long': 2 }, { project: 'launch', ttlSeconds: 86_400 });
  expect(await quote(accountId, { 'image.short': 1 })).toMatchObject({ setAside: 10 });
  await ask('mutation Move($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { now } }', {
    input: { accountId, to: '2026-01-02T00:00:00.000Z' },
  });
  expect(await quote(accountId, { 'image.short': 1 })).toMatchObject({ setAside: 50, balance: { available: 100 } });
});
