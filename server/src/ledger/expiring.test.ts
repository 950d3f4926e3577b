import { startTestApp, type TestApp } from '../testing/test-app.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

let keys = 0;
async function send(field: string, type: string, input: object, token = server.serviceToken): Promise<void> {
  const { errors } = await server.gql(
    `mutation ($input: ${type}!) { ${field}(input: $input) { __typename } }`,
    { input: { ...(type === 'AdvanceTestClockInput' ? {} : { idempotencyKey: `k-${(keys += 1)}` }), ...input } },
    token,
  );
  expect(errors).toBeUndefined();
}

const grant = (accountId: string, credits: number, expiresAt: string, more: object = {}) =>
  send(
    'grantCredits',
    'GrantCreditsInput',
    { accountId, credits, expiresAt, reason: 'test', ...more },
    server.operatorToken,
  );
const move = (accountId: string, to: string) => send('advanceTestClock', 'AdvanceTestClockInput', { accountId, to });

interface Event {
  readonly type: string;
  readonly at: string;
  readonly credits: number | null;
  readonly grantId: string | null;
  readonly message: string;
  readonly balance: { readonly version: number };
}

async function events(id: string): Promise<readonly Event[]> {
  const { data } = await server.gql<{ account: { events: { edges: { node: Event }[] } } }>(
    'query ($id: ID!) { account(id: $id) { events(first: 100) { edges { node { type at credits grantId message balance { version } } } } } }',
    { id },
  );
  return data?.account.events.edges.map(({ node }) => node) ?? [];
}

const shown = async (id: string) =>
  (await events(id)).map(
    ({ type, at, credits }) => `${at.slice(5, 16)} ${type}${credits === null ? '' : ` ${credits}`}`,
  );

test('credits that end are announced 7, 3 and 1 times 24 hours before, with what is left then', async () => {
  const accountId = await server.openAccount({ plan: 'FREE' });
  await grant(accountId, 50, '2026-01-21T12:00:00Z');
  await move(accountId, '2026-01-17T00:00:00Z');
  await send('spendCredits', 'SpendCreditsInput', {
    accountId,
    operations: [{ operation: 'regeneration.basic', quantity: 20 }],
  });
  await move(accountId, '2026-01-20T11:59:59Z');
  expect(await shown(accountId)).toEqual([
    '01-01T00:00 GRANT_ADDED 50',
    '01-14T12:00 GRANT_EXPIRING 50',
    '01-18T12:00 GRANT_EXPIRING 30',
  ]);
  await move(accountId, '2026-01-22T00:00:00Z');
  const all = await events(accountId);
  expect(all.slice(3).map(({ type, at, credits, message }) => [type, at, credits, message])).toEqual([
    ['GRANT_EXPIRING', '2026-01-20T12:00:00.000Z', 30, '30 credits will expire in a day.'],
    ['GRANT_EXPIRED', '2026-01-21T12:00:00.000Z', 30, '30 credits expired unused.'],
    ['BALANCE_LOW', '2026-01-21T12:00:00.000Z', null, 'No credits are left.'],
  ]);
  expect(new Set(all.filter(({ type }) => type.startsWith('GRANT_')).map(({ grantId }) => grantId)).size).toBe(1);
});

test('nothing is announced of the allowance, of what never ends, of what is held or spent, and of days that are over', async () => {
  const accountId = await server.openAccount();
  await grant(accountId, 50, '2026-01-04T00:00:00Z', { source: 'PROMOTION' });
  await grant(accountId, 5, '2026-01-08T00:00:00Z', { creditType: 'SCAN' });
  await send('reserveCredits', 'ReserveCreditsInput', {
    accountId,
    operations: [{ operation: 'deep_scan', quantity: 5 }],
    ttlSeconds: 86_400,
  });
  await move(accountId, '2026-02-02T00:00:00Z');
  expect((await shown(accountId)).filter((line) => line.includes('GRANT_EXPIRING'))).toEqual([
    '01-03T00:00 GRANT_EXPIRING 50',
    '01-05T00:00 GRANT_EXPIRING 5',
    '01-07T00:00 GRANT_EXPIRING 5',
  ]);
});

test('at one instant: holds, then what ended, then notices by age, then the period', async () => {
  const accountId = await server.openAccount({ now: '2026-01-31T23:00:00Z', billingAnchor: '2026-01-01T00:00:00Z' });
  await grant(accountId, 1, '2026-02-04T00:00:00Z');
  await grant(accountId, 2, '2026-02-01T00:00:00Z');
  await grant(accountId, 3, '2026-02-08T00:00:00Z');
  await send('reserveCredits', 'ReserveCreditsInput', {
    accountId,
    operations: [{ operation: 'content.generate' }],
    ttlSeconds: 3_600,
  });
  await move(accountId, '2026-02-01T00:00:00Z');
  const told = (await events(accountId)).slice(3);
  expect(told.map(({ type, credits }) => [type, credits])).toEqual([
    ['RESERVATION_EXPIRED', 0],
    ['GRANT_EXPIRED', 2],
    ['GRANT_EXPIRING', 1],
    ['GRANT_EXPIRING', 3],
    ['PERIOD_RESET', null],
  ]);
  expect(told.map(({ at }) => at)).toEqual(told.map(() => '2026-02-01T00:00:00.000Z'));
  const versions = told.map(({ balance }) => balance.version);
  expect(versions).toEqual(versions.map((_, index) => (versions[0] ?? 0) + index));
});

test('steps that end at the instants of notices tell each once, as one step over all of them does', async () => {
  const stepped = await server.openAccount({ plan: 'FREE' });
  const jumped = await server.openAccount({ plan: 'FREE' });
  for (const accountId of [stepped, jumped])
    for (const credits of [1, 2, 3]) await grant(accountId, credits, '2026-01-21T12:00:00Z');
  for (const day of ['14', '14', '18', '20']) await move(stepped, `2026-01-${day}T12:00:00Z`);
  for (const accountId of [stepped, jumped]) await move(accountId, '2026-01-22T00:00:00Z');
  const lines = await shown(stepped);
  expect(lines.filter((line) => line.includes('GRANT_EXPIRING'))).toHaveLength(9);
  expect(lines).toEqual(await shown(jumped));
});

test('an entry of nothing: a notice moves no credits and shows in no list of entries', async () => {
  const accountId = await server.openAccount({ plan: 'FREE' });
  await grant(accountId, 50, '2026-01-09T00:00:00Z');
  await move(accountId, '2026-01-03T00:00:00Z');
  const { data } = await server.gql<{ account: { balance: { version: number }; entries: { edges: unknown[] } } }>(
    'query ($id: ID!) { account(id: $id) { balance { version } entries { edges { node { id } } } } }',
    { id: accountId },
  );
  expect([data?.account.balance.version, data?.account.entries.edges.length]).toEqual([3, 1]);
});
