import type { TestApp } from '../testing/test-app.js';
import { startTestApp } from '../testing/test-app.js';
import { errorsOf } from '../testing/test-errors.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

const CHANGE = `mutation ($input: ChangePlanInput!) { changePlan(input: $input) { __typename ... on Problem { message }
  ... on IdempotencyConflict { fields }
  ... on PlanReceipt { replayed effectiveAt account { plan { code } nextPlan { code } period { number start end } balance { version } } balance { available waiting allowance version } } } }`;
const PREVIEW = `query ($accountId: ID!, $plan: PlanCode!, $checkout: Boolean! = false) { previewPlanChange(accountId: $accountId, plan: $plan, checkout: $checkout) {
  plan { code } effectiveAt chargeNow { amountMinor currency } creditsNow monthlyCreditsAfter creditsNowUntil waitingAfter scanWaitingAfter lost productionRoomAfter deepScansAfter } }`;

let keys = 0;
const nextKey = () => `key-${(keys += 1)}`;

async function change(accountId: string, plan: string, more: Record<string, unknown> = {}, token?: string) {
  const input = { accountId, plan, idempotencyKey: nextKey(), ...more };
  const answer = await server.gql<{ changePlan: Record<string, unknown> }>(
    CHANGE,
    { input },
    token ?? server.serviceToken,
  );
  return { result: answer.data?.changePlan, errors: errorsOf(answer) };
}

async function preview(accountId: string, plan: string, token?: string, more: Record<string, unknown> = {}) {
  const answer = await server.gql<{ previewPlanChange: Record<string, unknown> }>(
    PREVIEW,
    { accountId, plan, ...more },
    token ?? server.serviceToken,
  );
  return { result: answer.data?.previewPlanChange, errors: errorsOf(answer) };
}

async function shown(accountId: string) {
  const query =
    'query ($id: ID!) { account(id: $id) { plan { code } nextPlan { code } balance { available version } } }';
  return (await server.gql<{ account: unknown }>(query, { id: accountId })).data?.account;
}

test('up, down, taken back: the account shows its plan and the next one, and events tell of what came into force', async () => {
  const account = await server.openAccount({ plan: 'PRO', now: '2026-01-31T10:00:00Z' });
  expect((await change(account, 'ENTERPRISE')).result).toMatchObject({
    __typename: 'PlanReceipt',
    replayed: false,
    effectiveAt: '2026-01-31T10:00:00.000Z',
    account: { plan: { code: 'ENTERPRISE' }, nextPlan: null },
    balance: { available: 500, allowance: 500 },
  });
  expect((await change(account, 'PRO')).result).toMatchObject({
    effectiveAt: '2026-02-28T10:00:00.000Z',
    account: { plan: { code: 'ENTERPRISE' }, nextPlan: { code: 'PRO' } },
  });
  expect((await change(account, 'ENTERPRISE')).result).toMatchObject({ account: { nextPlan: null } });
  await change(account, 'FREE');
  const move = 'mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { plan { code } } }';
  await server.gql(move, { input: { accountId: account, to: '2026-02-28T10:00:00Z' } });
  expect(await shown(account)).toMatchObject({ plan: { code: 'FREE' }, nextPlan: null, balance: { available: 0 } });
  const events = await server.gql<{ account: { events: { edges: { node: unknown }[] } } }>(
    'query ($id: ID!) { account(id: $id) { events { edges { node { type plan message } } } } }',
    { id: account },
  );
  expect(events.data?.account.events.edges.map(({ node }) => node)).toEqual([
    {
      type: 'PLAN_CHANGED',
      plan: 'ENTERPRISE',
      message: 'The plan is Enterprise from now on; it was Pro before.',
    },
    { type: 'PLAN_CHANGED', plan: 'FREE', message: 'The plan is Free from now on; it was Enterprise before.' },
    {
      type: 'PERIOD_RESET',
      plan: null,
      message: 'A new period began with 0 credits; 500 unused of the last allowance expired.',
    },
    { type: 'BALANCE_LOW', plan: null, message: 'No credits are left.' },
  ]);
  const log = await server.gql<{ auditLog: { edges: { node: { summary: string } }[] } }>(
    'query ($id: ID!) { auditLog(accountId: $id, first: 4) { edges { node { summary } } } }',
    { id: account },
    server.operatorToken,
  );
  expect(log.data?.auditLog.edges.map(({ node }) => node.summary)).toEqual([
    'Had the plan FREE take over from ENTERPRISE at 2026-02-28T10:00:00.000Z.',
    'Kept the plan ENTERPRISE: no other takes over.',
    'Had the plan PRO take over from ENTERPRISE at 2026-02-28T10:00:00.000Z.',
    'Changed the plan from PRO to ENTERPRISE, at once.',
  ]);
});

test('FREE to paid: a period of its own, and entries say why what they did', async () => {
  const account = await server.openAccount({ plan: 'FREE', now: '2026-01-05T00:00:00Z' });
  expect((await change(account, 'PRO')).result).toMatchObject({
    effectiveAt: '2026-01-05T00:00:00.000Z',
    account: { period: { number: 1, start: '2026-01-05T00:00:00.000Z', end: '2026-02-05T00:00:00.000Z' } },
    balance: { available: 100 },
  });
  await change(account, 'ENTERPRISE');
  const entries = await server.gql<{ account: { entries: { edges: { node: { explanation: string } }[] } } }>(
    'query ($id: ID!) { account(id: $id) { entries { edges { node { explanation } } } } }',
    { id: account },
  );
  expect(entries.data?.account.entries.edges.map(({ node }) => node.explanation)).toEqual([
    '400 credits for the upgrade, until 2026-02-05.',
    "The plan's allowance of 100 credits for period 1, until 2026-02-05.",
  ]);
});

test('a key answers what was decided first; account and balance are of one version, as they are now', async () => {
  const account = await server.openAccount({ plan: 'PRO' });
  const idempotencyKey = nextKey();
  await change(account, 'ENTERPRISE', { idempotencyKey });
  await server.gql('mutation ($input: SpendCreditsInput!) { spendCredits(input: $input) { __typename } }', {
    input: { accountId: account, idempotencyKey: nextKey(), operations: [{ operation: 'image.long' }] },
  });
  expect((await change(account, 'ENTERPRISE', { idempotencyKey })).result).toMatchObject({
    replayed: true,
    effectiveAt: '2026-01-01T00:00:00.000Z',
    balance: { available: 480, version: 3 },
    account: { balance: { version: 3 } },
  });
  expect((await change(account, 'PRO', { idempotencyKey })).result).toMatchObject({ fields: ['plan'] });
  expect((await change(account, 'ENTERPRISE', { idempotencyKey, checkout: true })).result).toMatchObject({
    fields: ['checkout'],
  });
});

test('a preview and the change that follows say the same', async () => {
  const account = await server.openAccount({ plan: 'PRO', now: '2026-01-10T00:00:00Z' });
  const before = await shown(account);
  expect((await preview(account, 'ENTERPRISE')).result).toEqual({
    plan: { code: 'ENTERPRISE' },
    effectiveAt: '2026-01-10T00:00:00.000Z',
    chargeNow: null,
    creditsNow: 400,
    monthlyCreditsAfter: 500,
    creditsNowUntil: '2026-02-10T00:00:00.000Z',
    waitingAfter: 0,
    scanWaitingAfter: 0,
    lost: 0,
    productionRoomAfter: true,
    deepScansAfter: true,
  });
  expect((await preview(account, 'FREE')).result).toMatchObject({
    effectiveAt: '2026-02-10T00:00:00.000Z',
    chargeNow: null,
    creditsNow: 0,
    creditsNowUntil: null,
    monthlyCreditsAfter: 0,
    lost: 100,
    productionRoomAfter: false,
    deepScansAfter: false,
  });
  expect(await shown(account)).toEqual(before);
  expect((await change(account, 'ENTERPRISE')).result).toMatchObject({
    effectiveAt: '2026-01-10T00:00:00.000Z',
    balance: { available: 500 },
  });
});

test('who pays: owners of live accounts, and whoever tries the checkout of a sandbox account', async () => {
  const live = await server.openAccount({ plan: 'PRO', sandbox: false });
  const owner = await server.userToken(live);
  expect((await preview(live, 'ENTERPRISE', owner)).result).toMatchObject({
    chargeNow: { amountMinor: 10_000, currency: 'USD' },
  });
  expect((await preview(live, 'FREE', owner)).result).toMatchObject({ chargeNow: null });
  expect((await preview(live, 'ENTERPRISE')).result).toMatchObject({ chargeNow: null });
  expect((await change(live, 'ENTERPRISE', {}, owner)).result).toMatchObject({ __typename: 'PaymentsUnavailable' });
  expect((await change(live, 'FREE', {}, owner)).result).toMatchObject({ account: { nextPlan: { code: 'FREE' } } });
  for (const token of [server.serviceToken, server.operatorToken]) {
    expect((await change(live, 'ENTERPRISE', { checkout: true }, token)).errors).toMatchObject([
      { code: 'BAD_USER_INPUT', field: 'checkout' },
    ]);
  }
  expect((await change(live, 'ENTERPRISE')).result).toMatchObject({ account: { plan: { code: 'ENTERPRISE' } } });
  const sandbox = await server.openAccount({ plan: 'PRO' });
  const ofSandbox = await server.userToken(sandbox);
  expect((await preview(sandbox, 'ENTERPRISE', ofSandbox)).result).toMatchObject({ chargeNow: null });
  expect((await preview(sandbox, 'ENTERPRISE', ofSandbox, { checkout: true })).result).toMatchObject({
    chargeNow: { amountMinor: 10_000 },
  });
  expect((await change(sandbox, 'ENTERPRISE', {}, ofSandbox)).result).toMatchObject({
    account: { plan: { code: 'ENTERPRISE' } },
  });
});

test('rights: every role previews, owners change; services by scope', async () => {
  const account = await server.openAccount({ plan: 'PRO' });
  for (const role of ['owner', 'member', 'viewer'] as const) {
    const token = await server.userToken(account, role);
    expect((await preview(account, 'FREE', token)).errors).toEqual([]);
    const { errors } = await change(account, 'FREE', {}, token);
    expect([role, errors[0]?.code]).toEqual([role, role === 'owner' ? undefined : 'FORBIDDEN']);
  }
  const reader = await server.token({ kind: 'service', scope: 'credits:read' });
  expect((await change(account, 'PRO', {}, reader)).errors).toMatchObject([{ code: 'FORBIDDEN' }]);
  const buyer = await server.token({ kind: 'service', scope: 'credits:purchase' });
  expect((await preview(account, 'PRO', buyer)).errors).toMatchObject([{ code: 'FORBIDDEN' }]);
  const bought = await server.gql<{ changePlan: unknown }>(
    'mutation ($input: ChangePlanInput!) { changePlan(input: $input) { ... on PlanReceipt { account { nextPlan { code } } balance { available } } } }',
    { input: { accountId: account, plan: 'PRO', idempotencyKey: nextKey() } },
    buyer,
  );
  expect(bought.data?.changePlan).toEqual({ account: { nextPlan: null }, balance: { available: 100 } });
});

const nobody = `acct_${'0'.repeat(26)}`;
const BAD_INPUT: readonly [name: string, input: Record<string, unknown>, expected: Record<string, unknown>][] = [
  ['a plan that there is not', { plan: 'GOLD' }, { code: 'BAD_USER_INPUT' }],
  ['no plan', { plan: null }, { code: 'BAD_USER_INPUT' }],
  ['a malformed account', { accountId: 'acct_1' }, { code: 'BAD_USER_INPUT', field: 'accountId' }],
  ['an unknown account', { accountId: nobody }, { code: 'NOT_FOUND' }],
  ['an empty key', { idempotencyKey: '' }, { code: 'BAD_USER_INPUT', field: 'idempotencyKey' }],
  ['a key of 256 characters', { idempotencyKey: 'k'.repeat(256) }, { code: 'BAD_USER_INPUT', field: 'idempotencyKey' }],
  ['a key with a blank', { idempotencyKey: 'a b' }, { code: 'BAD_USER_INPUT', field: 'idempotencyKey' }],
  ['a way back that is no page', { returnUrl: 'javascript:alert(1)' }, { code: 'BAD_USER_INPUT', field: 'returnUrl' }],
  ['a way back that is no address', { returnUrl: 'billing' }, { code: 'BAD_USER_INPUT', field: 'returnUrl' }],
  [
    'a long way back',
    { returnUrl: `https://x.test/${'a'.repeat(2_000)}` },
    { code: 'BAD_USER_INPUT', field: 'returnUrl' },
  ],
];

describe('bad input over both doors: the typed answer, and nothing changed', () => {
  let account: string;
  let before: unknown;
  beforeAll(async () => {
    account = await server.openAccount({ plan: 'PRO' });
    before = await shown(account);
  });

  test.each(BAD_INPUT)('%s', async (_, bad, expected) => {
    const input = { accountId: account, plan: 'ENTERPRISE', idempotencyKey: nextKey(), ...bad };
    const socket = await server.signedIn(server.serviceToken);
    const answers = [await server.gql(CHANGE, { input }), await socket.gql(CHANGE, { input })];
    socket.close();
    for (const { errors = [] } of answers)
      expect(errors.map(({ extensions }) => extensions)).toEqual([expect.objectContaining(expected)]);
    expect(await shown(account)).toEqual(before);
  });

  test.each([
    ['a malformed account', { accountId: 'acct_1', plan: 'PRO' }, 'BAD_USER_INPUT'],
    ['an unknown account', { accountId: nobody, plan: 'PRO' }, 'NOT_FOUND'],
    ['a plan that there is not', { accountId: nobody, plan: 'GOLD' }, 'BAD_USER_INPUT'],
  ])('a preview of %s', async (_, variables, code) => {
    const socket = await server.signedIn(server.serviceToken);
    for (const answer of [await server.gql(PREVIEW, variables), await socket.gql(PREVIEW, variables)])
      expect((answer.errors ?? []).map(({ extensions }) => extensions?.['code'])).toEqual([code]);
    socket.close();
  });
});
