import type { TestApp } from '../testing/test-app.js';
import { startTestApp } from '../testing/test-app.js';
import { errorsOf } from '../testing/test-errors.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

let keys = 0;
const nextKey = () => `key-${(keys += 1)}`;

test('usage: every breakdown sums to the same total, days are the account’s, the span before is compared', async () => {
  const account = await server.openAccount({
    plan: 'ENTERPRISE',
    now: '2026-01-10T03:00:00Z',
    billingAnchor: '2026-01-01T00:00:00Z',
    timeZone: 'America/New_York',
  });
  const accountId = account;
  const spend = async (operations: Record<string, number>, more: Record<string, unknown> = {}) =>
    server.gql<never>('mutation ($input: SpendCreditsInput!) { spendCredits(input: $input) { __typename } }', {
      input: {
        accountId,
        idempotencyKey: nextKey(),
        operations: Object.entries(operations).map(([operation, quantity]) => ({ operation, quantity })),
        ...more,
      },
    });
  await spend({ 'image.short': 2, 'audio.short': 1 }, { project: 'spring', member: 'ada' });
  await server.gql<never>('mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { id } }', {
    input: { accountId, to: '2026-01-10T12:00:00Z' },
  });
  await spend({ 'image.short': 1 }, { project: 'spring', member: 'bob' });
  await spend({ 'regeneration.advanced': 3, 'content.generate': 2 }, { member: 'bob' });
  const USAGE = `query ($input: UsageInput!) { usage(input: $input) { total operations previousTotal rows { day feature type operation project member credits operations } } }`;
  type Report = { total: number; operations: number; previousTotal: number; rows: Record<string, unknown>[] };
  const read = async (more: Record<string, unknown>) =>
    (
      (await server.gql<never>(USAGE, { input: { accountId, from: '2026-01-09', to: '2026-01-10', ...more } }))
        .data as never as { usage: Report }
    ).usage;
  const DIMENSIONS = ['FEATURE', 'TYPE', 'OPERATION', 'DAY', 'PROJECT', 'MEMBER'];
  for (const groupBy of [[], DIMENSIONS, ...DIMENSIONS.map((one) => [one]), ['DAY', 'MEMBER']]) {
    const report = await read({ groupBy });
    expect([report.total, report.operations, report.previousTotal]).toEqual([36, 9, 0]);
    expect(report.rows.reduce((sum, row) => sum + Number(row['credits']), 0)).toBe(36);
  }
  expect((await read({})).rows.map(({ day, credits, operations }) => [day, credits, operations])).toEqual([
    ['2026-01-09', 25, 3],
    ['2026-01-10', 11, 6],
  ]);
  expect(
    (await read({ groupBy: ['PROJECT', 'MEMBER'] })).rows.map(({ project, member, credits }) => [
      project,
      member,
      credits,
    ]),
  ).toEqual([
    [null, 'bob', 6],
    ['spring', 'ada', 25],
    ['spring', 'bob', 5],
  ]);
  expect(
    (await read({ groupBy: ['TYPE'], feature: 'CONTENT' })).rows.map(({ type, credits, operations }) => [
      type,
      credits,
      operations,
    ]),
  ).toEqual([
    ['REGENERATION', 6, 3],
    ['TEXT', 0, 2],
  ]);
  expect((await read({ project: 'spring' })).total).toBe(30);
  expect((await read({ project: '' })).total).toBe(6);
  expect(await read({ from: '2026-01-10' })).toMatchObject({ total: 11, previousTotal: 25 });
  expect(await read({ creditType: 'SCAN', groupBy: [] })).toEqual({
    total: 0,
    operations: 0,
    previousTotal: 0,
    rows: [],
  });
});

test.each([
  ['2026-01-02', '2026-01-01', 'to'],
  ['2020-01-01', '2026-01-01', 'to'],
  ['0001-01-01', '2026-01-01', 'from'],
  ['2026-02-30', '2026-03-01', 'from'],
  ['2026-02-01', 'tomorrow', 'to'],
])('usage from %s to %s is refused, naming %s', async (from, to, field) => {
  const accountId = await server.openAccount();
  const answer = await server.gql('query ($input: UsageInput!) { usage(input: $input) { total } }', {
    input: { accountId, from, to },
  });
  expect(errorsOf(answer)).toMatchObject([{ code: 'BAD_USER_INPUT', field }]);
});
