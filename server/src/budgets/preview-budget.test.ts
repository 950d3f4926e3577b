import { startTestApp, type TestApp } from '../testing/test-app.js';
import { replayBudget } from './replay-budget.js';
import type { CommittedLine } from '../prices/read-committed-lines.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

type Fields = Readonly<Record<string, unknown>>;

const PREVIEW = `query Preview($input: SetBudgetInput!) { previewBudget(input: $input) { __typename
  ... on BudgetPreview { from to operations credits deniedOperations deniedCredits byMember { member deniedOperations deniedCredits } }
  ... on InvalidAmount { field } } }`;

async function preview(input: Fields): Promise<Fields> {
  const { data, errors } = await app.gql<{ previewBudget: Fields }>(PREVIEW, { input: { name: 'test', ...input } });
  if (data == null) throw new Error(JSON.stringify(errors));
  return data.previewBudget;
}

async function spend(accountId: string, operation: string, quantity: number, more: Fields = {}): Promise<void> {
  const { data } = await app.gql<{ spendCredits: { __typename: string } }>(
    'mutation Spend($input: SpendCreditsInput!) { spendCredits(input: $input) { __typename } }',
    { input: { accountId, idempotencyKey: crypto.randomUUID(), operations: [{ operation, quantity }], ...more } },
  );
  expect(data?.spendCredits.__typename).toBe('ReservationReceipt');
}

async function moveClock(accountId: string, to: string): Promise<void> {
  const { errors } = await app.gql(
    'mutation Move($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { now } }',
    { input: { accountId, to } },
  );
  expect(errors).toBeUndefined();
}

test('a preview counts what was committed in the last 30 days, window by window', async () => {
  const accountId = await app.openAccount({ plan: 'ENTERPRISE' });
  await spend(accountId, 'image.long', 1, { member: 'anna' });
  await moveClock(accountId, '2026-02-10T08:00:00.000Z');
  await spend(accountId, 'image.long', 1, { member: 'anna', project: 'launch' });
  await spend(accountId, 'image.mid', 2, { member: 'carl' });
  await moveClock(accountId, '2026-02-11T08:00:00.000Z');
  await spend(accountId, 'image.long', 1, { member: 'anna' });
  await spend(accountId, 'audio.short', 1, { member: 'carl' });
  expect(await preview({ accountId, window: 'DAY', limit: 30 })).toEqual({
    __typename: 'BudgetPreview',
    from: '2026-01-12T08:00:00.000Z',
    to: '2026-02-11T08:00:00.000Z',
    operations: 5,
    credits: 75,
    deniedOperations: 3,
    deniedCredits: 35,
    byMember: [{ member: 'carl', deniedOperations: 3, deniedCredits: 35 }],
  });
  expect(await preview({ accountId, window: 'PERIOD', eachMember: true, limit: 20, type: 'IMAGE' })).toMatchObject({
    credits: 60,
    byMember: [{ member: 'anna', deniedOperations: 1, deniedCredits: 20 }],
  });
  expect(await preview({ accountId, project: 'launch', limit: 0, window: 'LIFETIME' })).toMatchObject({
    operations: 1,
    deniedCredits: 20,
  });
  expect(await preview({ accountId, setAside: true, project: 'launch', limit: 5 })).toMatchObject({
    field: 'setAside',
  });
  expect(await preview({ accountId, name: '', limit: 5 })).toMatchObject({ field: 'name' });
  const { errors } = await app.gql(
    PREVIEW,
    { input: { accountId, name: 'x', limit: 1 } },
    await app.userToken(accountId, 'member'),
  );
  expect(errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
});

test('what would have been denied does not count for what follows, and lines of one reservation fall together', () => {
  const budget = {
    creditType: 'STANDARD',
    project: null,
    member: null,
    eachMember: false,
    feature: null,
    type: null,
    window: 'LIFETIME',
    limit: 20,
  } as const;
  const line = (id: string, createdAt: number, committed: number, member = 'anna') =>
    ({
      reservation: { id, createdAt, member, creditType: 'STANDARD', project: null },
      before: { committed: 0, done: 0 },
      after: { committed, done: 1, feature: 'PRODUCTION_ROOM', type: 'IMAGE' },
    }) as CommittedLine;
  const period = { number: 0, start: 0, end: 1_000 };
  const lines = [line('c', 3, 10), line('a', 1, 15), line('b', 2, 4), line('b', 2, 4), line('d', 4, 5)];
  const { of, denied } = replayBudget(budget, lines, { timeZone: 'UTC', periods: [period] }, () => false);
  expect([of, denied]).toEqual([
    { operations: 5, credits: 38 },
    { operations: 3, credits: 18 },
  ]);
  const none = replayBudget({ ...budget, limit: 0 }, lines, { timeZone: 'UTC', periods: [period] }, () => true);
  expect(none.denied).toEqual({ operations: 0, credits: 0 });
});
