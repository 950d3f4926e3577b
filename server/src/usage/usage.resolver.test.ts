import { parseId } from '@aibc/shared/ids';
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
        .data as unknown as { usage: Report }
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
  expect((await read({ member: 'bob' })).total).toBe(11);
  expect((await read({ operation: 'image.short' })).total).toBe(15);
  expect((await read({ operation: 'image.short', member: 'bob', project: 'spring' })).total).toBe(5);
  expect((await read({ operation: 'image.unheard', member: 'nobody' })).total).toBe(0);
  expect((await read({ project: '' })).total).toBe(6);
  expect(await read({ from: '2026-01-10' })).toMatchObject({ total: 11, previousTotal: 25 });
  expect(await read({ creditType: 'SCAN', groupBy: [] })).toEqual({
    total: 0,
    operations: 0,
    previousTotal: 0,
    rows: [],
  });
});

test('a project is found in whichever spelling it is asked for, in the span and in the one before', async () => {
  const accountId = await server.openAccount();
  const CAFE = 'caf\u00e9';
  await server.app.dataSource.query(
    `INSERT INTO usage_day (account_id, day, credit_type, operation, member, project, feature, type, credits, operations)
     SELECT $1, day, 'STANDARD', 'content.generate', 'ada', $2, 'CONTENT', 'TEXT', credits, 1
     FROM (VALUES ('2026-01-01'::date, 3), ('2026-01-02', 5)) AS u (day, credits)`,
    [parseId('acct', accountId), CAFE],
  );
  for (const project of [CAFE, CAFE.normalize('NFD')]) {
    const { data } = await server.gql<{ usage: { total: number; previousTotal: number } }>(
      'query ($input: UsageInput!) { usage(input: $input) { total previousTotal } }',
      { input: { accountId, from: '2026-01-02', to: '2026-01-02', project } },
    );
    expect(data?.usage).toEqual({ total: 5, previousTotal: 3 });
  }
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

test.each([
  ['operation', 'ID', ''],
  ['member', 'ID', 'x'.repeat(201)],
  ['member', 'ID', 'a\tb'],
])('usage of a %s that cannot be (%s %j) is refused', async (field, _, text) => {
  const accountId = await server.openAccount();
  const answer = await server.gql('query ($input: UsageInput!) { usage(input: $input) { total } }', {
    input: { accountId, from: '2026-01-01', to: '2026-01-02', [field]: text },
  });
  expect(errorsOf(answer)).toMatchObject([{ code: 'BAD_USER_INPUT', field }]);
});

const ROWS = `
  INSERT INTO usage_day (account_id, day, credit_type, operation, member, project, feature, type, credits, operations)
  SELECT $1, '2026-01-01'::date, 'STANDARD', 'content.generate', 'ada', 'p' || n, 'CONTENT', 'TEXT', 0, 1
  FROM generate_series($2::int, $3::int) n`;

/** Rows as commits of so many projects would have left them. */
async function addProjects(accountId: string, from: number, to: number): Promise<void> {
  await server.app.dataSource.query(ROWS, [parseId('acct', accountId), from, to]);
}

test('a report of 10,000 rows is answered; one row more is refused, naming groupBy, while less of it is answered', async () => {
  const accountId = await server.openAccount();
  const ask = (groupBy: string[], more: Record<string, unknown> = {}) =>
    server.gql<{ usage: { operations: number; rows: unknown[] } }>(
      'query ($input: UsageInput!) { usage(input: $input) { operations rows { project } } }',
      { input: { accountId, from: '2026-01-01', to: '2026-01-31', groupBy, ...more } },
    );
  await addProjects(accountId, 1, 10_000);
  const whole = await ask(['PROJECT']);
  expect([whole.data?.usage.operations, whole.data?.usage.rows.length]).toEqual([10_000, 10_000]);
  await addProjects(accountId, 10_001, 30_000);
  expect(errorsOf(await ask(['PROJECT']))).toMatchObject([{ code: 'BAD_USER_INPUT', field: 'groupBy' }]);
  expect((await ask(['DAY', 'MEMBER'])).data?.usage).toEqual({ operations: 30_000, rows: [{ project: null }] });
  expect((await ask(['PROJECT'], { project: 'p77' })).data?.usage).toEqual({
    operations: 1,
    rows: [{ project: 'p77' }],
  });
});

test('ten reports may be asked for in one operation, and nothing beside them', async () => {
  const accountId = await server.openAccount();
  const report = `usage(input: { accountId: "${accountId}", from: "2026-01-01", to: "2026-01-01" }) { rows { day } }`;
  const reports = (count: number) => Array.from({ length: count }, (_, index) => `r${index}: ${report}`).join(' ');
  expect((await server.gql(`{ ${reports(10)} }`)).errors).toBeUndefined();
  expect(
    errorsOf(await server.gql(`{ ${reports(10)} viewer { accounts(first: 100) { nodes: edges { node { id } } } } }`)),
  ).toMatchObject([{ code: 'QUERY_TOO_COMPLEX' }]);
});

test('reports that hang keep nobody from signing in with a key that is not known yet, nor from reading a balance and a list', async () => {
  const accountId = await server.openAccount();
  const [own, other] = await Promise.all(['ada', 'bob'].map((sub) => server.userToken(accountId, 'owner', sub)));
  const made = await server.gql<{ createApiKey: { secret: string } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    { input: { accountId, name: 'Reader', scopes: ['credits:read'] } },
  );
  const report = (token: string | undefined) =>
    server.gql(
      'query ($input: UsageInput!) { usage(input: $input) { total } }',
      { input: { accountId, from: '2026-01-01', to: '2026-01-02' } },
      token ?? null,
    );
  const keeper = server.app.dataSource.createQueryRunner();
  await keeper.startTransaction();
  await keeper.query('LOCK TABLE usage_day IN ACCESS EXCLUSIVE MODE');
  const asked = [own, own, own, own, other, other].map(report);
  const READ = `query ($id: ID!) { account(id: $id) { balance { available } entries(first: 1) { edges { node { kind } } } } }`;
  for (let reader = 0; reader < 30; reader++) {
    const read = await server.gql(READ, { id: accountId }, made.data?.createApiKey.secret ?? null);
    expect(read.errors).toBeUndefined();
  }
  await keeper.commitTransaction();
  await keeper.release();
  await Promise.all(asked);
});

test('the eleventh report of a caller at once is RATE_LIMITED with the time to wait, and the others are answered', async () => {
  const accountId = await server.openAccount();
  const token = await server.userToken(accountId, 'owner', 'hasty');
  const keeper = server.app.dataSource.createQueryRunner();
  await keeper.startTransaction();
  await keeper.query('LOCK TABLE usage_day IN ACCESS EXCLUSIVE MODE');
  const answers = Array.from({ length: 11 }, () =>
    server.gql(
      'query ($input: UsageInput!) { usage(input: $input) { total } }',
      { input: { accountId, from: '2026-01-01', to: '2026-01-02' } },
      token,
    ),
  );
  const refused = await Promise.race(answers);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  await keeper.commitTransaction();
  await keeper.release();
  expect((await Promise.all(answers)).filter(({ status }) => status === 429)).toHaveLength(1);
});
