import type { GraphQLAnswer, TestApp } from '../testing/test-app.js';
import { startTestApp } from '../testing/test-app.js';
import { errorsOf } from '../testing/test-errors.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

interface Shown {
  readonly id: string;
  readonly [field: string]: unknown;
}

const ACCOUNT =
  'id externalId name plan { code } timeZone sandbox now period { number start end } balance { available version }';

async function create(
  input: Record<string, unknown>,
  token?: string,
): Promise<GraphQLAnswer<{ createAccount: Shown }>> {
  return server.gql(
    `mutation ($input: CreateAccountInput!) { createAccount(input: $input) { ${ACCOUNT} } }`,
    { input: { name: 'Studio', ...input } },
    token,
  );
}

async function advance(
  accountId: string,
  to: string,
  token?: string,
): Promise<GraphQLAnswer<{ advanceTestClock: Shown }>> {
  return server.gql(
    `mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { ${ACCOUNT} } }`,
    { input: { accountId, to } },
    token,
  );
}

test('an account is created inside the period its anchor gives, with that period’s allowance and nothing earlier', async () => {
  const { data } = await create({
    plan: 'PRO',
    sandbox: true,
    now: '2026-03-15T12:00:00Z',
    billingAnchor: '2025-12-31T10:00:00Z',
    timeZone: 'Europe/Berlin',
  });
  expect(data?.createAccount).toMatchObject({
    externalId: null,
    name: 'Studio',
    plan: { code: 'PRO' },
    timeZone: 'Europe/Berlin',
    sandbox: true,
    now: '2026-03-15T12:00:00.000Z',
    period: { number: 2, start: '2026-02-28T10:00:00.000Z', end: '2026-03-31T09:00:00.000Z' },
    balance: { available: 100, version: 1 },
  });
});

test('by default an account is live, on FREE, in UTC, and its first period starts now', async () => {
  const before = Date.now();
  const account = (await create({})).data?.createAccount as Shown & {
    now: string;
    period: { number: number; start: string };
  };
  expect(account).toMatchObject({
    plan: { code: 'FREE' },
    timeZone: 'UTC',
    sandbox: false,
    period: { number: 0 },
    balance: { available: 0 },
  });
  for (const instant of [account.now, account.period.start])
    expect(Math.abs(Date.parse(instant) - before)).toBeLessThan(5_000);
});

test('an externalId names one account to whoever sees it: the same input answers it, another input is refused', async () => {
  const input = { externalId: 'workspace-1', plan: 'PRO', sandbox: true, now: '2026-01-01T00:00:00Z' };
  const ids = await Promise.all(Array.from({ length: 8 }, async () => (await create(input)).data?.createAccount.id));
  expect(new Set(ids).size).toBe(1);
  expect((await create({ ...input, timeZone: 'UTC', billingAnchor: null })).data?.createAccount).toMatchObject({
    id: ids[0],
    externalId: 'workspace-1',
  });
  for (const other of [
    { name: 'Other' },
    { plan: 'FREE' },
    { timeZone: 'Asia/Tokyo' },
    { now: '2026-01-02T00:00:00Z' },
    { sandbox: false, now: null },
  ]) {
    expect(errorsOf(await create({ ...input, ...other }))).toEqual([
      { code: 'BAD_USER_INPUT', field: 'externalId', path: 'createAccount' },
    ]);
  }
  // A key of the live side does not see the sandbox.
  const key = await server.gql<{ createApiKey: { secret: string } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    { input: { name: 'Live', scopes: ['keys:admin', 'credits:read'] } },
  );
  const secret = key.data?.createApiKey.secret ?? '';
  expect(secret).toMatch(/^aibc_live_/);
  const live = (await create({ externalId: 'workspace-1', plan: 'PRO' }, secret)).data?.createAccount.id;
  expect(live).toMatch(/^acct_/);
  expect(live).not.toBe(ids[0]);
  const FIND = 'query ($id: String!) { accountByExternalId(externalId: $id) { id sandbox } }';
  expect((await server.gql(FIND, { id: 'workspace-1' }, await server.userToken(String(ids[0])))).data).toEqual({
    accountByExternalId: { id: ids[0], sandbox: true },
  });
  expect((await server.gql(FIND, { id: 'workspace-1' })).data).toEqual({
    accountByExternalId: { id: live, sandbox: false },
  });
  for (const id of ['workspace-2', 'WORKSPACE-1'])
    expect(errorsOf(await server.gql(FIND, { id }))).toEqual([{ code: 'NOT_FOUND', path: 'accountByExternalId' }]);
  const stranger = await server.userToken(await server.openAccount());
  expect(errorsOf(await server.gql(FIND, { id: 'workspace-1' }, stranger))).toEqual([
    { code: 'NOT_FOUND', path: 'accountByExternalId' },
  ]);
});

test('of two that claim an externalId on both sides at once, one has it', async () => {
  for (let round = 0; round < 5; round++) {
    const externalId = `both-${round}`;
    const answers = await Promise.all([true, false].map((sandbox) => create({ externalId, plan: 'PRO', sandbox })));
    expect(answers.flatMap(errorsOf)).toEqual([{ code: 'BAD_USER_INPUT', field: 'externalId', path: 'createAccount' }]);
  }
});

test('a refused input does not hold its externalId', async () => {
  const input = { externalId: 'workspace-3', plan: 'PRO' };
  expect(errorsOf(await create({ ...input, billingAnchor: '2199-01-01T00:00:00Z' }))).toEqual([
    { code: 'BAD_USER_INPUT', field: 'billingAnchor', path: 'createAccount' },
  ]);
  expect((await create(input)).data?.createAccount).toMatchObject({ externalId: 'workspace-3' });
});

test.each([
  ['an empty name', { name: '' }, 'name'],
  ['a name of 201 characters', { name: 'n'.repeat(201) }, 'name'],
  ['NUL in the name', { name: 'a\0' }, 'name'],
  ['an empty externalId', { externalId: '' }, 'externalId'],
  ['an externalId of 201 characters', { externalId: 'e'.repeat(201) }, 'externalId'],
  ['an unknown zone', { timeZone: 'Mars/Olympus' }, 'timeZone'],
  ['an offset for a zone', { timeZone: '+01:00' }, 'timeZone'],
  ['a clock for a live account', { now: '2026-01-01T00:00:00Z' }, 'now'],
  ['a clock in 1999', { sandbox: true, now: '1999-12-31T23:59:59.999Z' }, 'now'],
  ['a clock in 2200', { sandbox: true, now: '2200-01-01T00:00:00Z' }, 'now'],
  [
    'an anchor later than now',
    { sandbox: true, now: '2026-01-01T00:00:00Z', billingAnchor: '2026-01-01T00:00:00.001Z' },
    'billingAnchor',
  ],
  ['an anchor later than the wall clock', { billingAnchor: '2199-01-01T00:00:00Z' }, 'billingAnchor'],
  ['an anchor in the year 0', { billingAnchor: '0000-01-01T00:00:00Z' }, 'billingAnchor'],
  ['an unknown plan', { plan: 'GOLD' }, 'plan'],
])('createAccount with %s is refused', async (_, input, field) => {
  expect(errorsOf(await create(input))).toMatchObject([{ code: 'BAD_USER_INPUT', field }]);
});

test('users do not create accounts', async () => {
  const token = await server.userToken(await server.openAccount());
  expect(errorsOf(await create({}, token))).toEqual([{ code: 'FORBIDDEN', path: 'createAccount' }]);
});

test('a test clock only moves forward, at most 24 months a call, and closes what falls due on the way', async () => {
  const id = await server.openAccount({ now: '2026-01-31T00:00:00Z' });
  const refused = [{ code: 'BAD_USER_INPUT', field: 'to', path: 'advanceTestClock' }];
  expect(errorsOf(await advance(id, '2026-01-30T23:59:59.999Z'))).toEqual(refused);
  expect(errorsOf(await advance(id, '2028-01-31T00:00:00.001Z'))).toEqual(refused);
  expect((await advance(id, '2026-01-31T00:00:00Z')).data?.advanceTestClock).toMatchObject({ balance: { version: 1 } });
  expect((await advance(id, '2026-02-28T00:00:00Z')).data?.advanceTestClock).toMatchObject({
    now: '2026-02-28T00:00:00.000Z',
    period: { number: 1, start: '2026-02-28T00:00:00.000Z', end: '2026-03-31T00:00:00.000Z' },
    balance: { available: 100, version: 2 },
  });
  expect((await advance(id, '2028-02-28T00:00:00Z')).data?.advanceTestClock).toMatchObject({
    period: { number: 24 },
    balance: { available: 100, version: 25 },
  });
});

test('a live account has no clock, a stranger finds none, a viewer may not', async () => {
  const live = await server.openAccount({ sandbox: false });
  const id = await server.openAccount();
  const to = '2026-01-02T00:00:00Z';
  expect(errorsOf(await advance(live, to))).toEqual([
    { code: 'BAD_USER_INPUT', field: 'accountId', path: 'advanceTestClock' },
  ]);
  expect(errorsOf(await advance(id, to, await server.userToken(live)))).toEqual([
    { code: 'NOT_FOUND', path: 'advanceTestClock' },
  ]);
  expect(errorsOf(await advance(id, to, await server.userToken(id, 'viewer')))).toEqual([
    { code: 'FORBIDDEN', path: 'advanceTestClock' },
  ]);
  expect(errorsOf(await advance(id, to, await server.userToken(id, 'member')))).toEqual([]);
});

test('a viewer sees its accounts, newest first, in pages', async () => {
  const ids: string[] = [];
  for (let index = 0; index < 5; index += 1) ids.unshift(await server.openAccount());
  const token = await server.token({
    sub: 'ada',
    name: 'Ada',
    accounts: Object.fromEntries(ids.map((id) => [id, 'viewer'])),
  });
  const VIEWER =
    'query ($first: Int!, $after: ID) { viewer { id kind name scopes accounts(first: $first, after: $after) { edges { cursor node { id balance { available } } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }';
  interface Page {
    edges: { node: Shown }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  }
  const read = async (first: number, after: string | null, bearer: string) => {
    const answer = await server.gql<{ viewer: Shown & { accounts: Page } }>(VIEWER, { first, after }, bearer);
    return { viewer: answer.data?.viewer, errors: errorsOf(answer) };
  };
  const first = await read(3, null, token);
  expect(first.viewer).toMatchObject({
    id: 'ada',
    kind: 'USER',
    name: 'Ada',
    accounts: { pageInfo: { hasNextPage: true, hasPreviousPage: false } },
  });
  const second = await read(3, first.viewer?.accounts.pageInfo.endCursor ?? null, token);
  expect(second.viewer).toMatchObject({ accounts: { pageInfo: { hasNextPage: false, hasPreviousPage: true } } });
  expect([first, second].flatMap(({ viewer }) => viewer?.accounts.edges.map(({ node }) => node.id))).toEqual(ids);
  expect((await read(5, null, server.serviceToken)).viewer?.accounts.edges.map(({ node }) => node.id)).toEqual(ids);
  for (const [size, after, field] of [
    [0, null, 'first'],
    [101, null, 'first'],
    [5, 'x', 'after'],
  ] as const) {
    expect((await read(size, after, token)).errors).toEqual([
      { code: 'BAD_USER_INPUT', field, path: 'viewer.accounts' },
    ]);
  }
});

test('an account’s keys are for those who may administer them', async () => {
  const id = await server.openAccount();
  const owner = await server.userToken(id);
  await server.gql(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    { input: { accountId: id, name: 'CI', scopes: ['credits:read'] } },
    owner,
  );
  const KEYS = 'query ($id: ID!) { account(id: $id) { name apiKeys { name scopes last4 lastUsedAt } } }';
  expect((await server.gql(KEYS, { id }, owner)).data).toMatchObject({
    account: { apiKeys: [{ name: 'CI', scopes: ['credits:read'], lastUsedAt: null }] },
  });
  expect(errorsOf(await server.gql(KEYS, { id }, await server.userToken(id, 'member')))).toEqual([
    { code: 'FORBIDDEN', path: 'account.apiKeys' },
  ]);
});

test('the catalogue is the same for every caller and needs one', async () => {
  const CATALOG =
    '{ plans { code monthlyCredits productionRoom canPurchase price { amountMinor currency } } priceList(at: "2026-06-01T00:00:00Z") { version operations { code credits creditType size } } creditPacks { id credits bonusCredits price { amountMinor } expiresAfterMonths } }';
  const { data } = await server.gql(CATALOG);
  expect(data).toMatchObject({
    plans: [
      { code: 'FREE', monthlyCredits: 0 },
      { code: 'PRO', monthlyCredits: 100, price: { amountMinor: 2900, currency: 'USD' } },
      { code: 'ENTERPRISE' },
    ],
    creditPacks: [
      { id: 'pack.50', credits: 50, bonusCredits: 0, price: { amountMinor: 900 }, expiresAfterMonths: 12 },
      { id: 'pack.200' },
      { id: 'pack.1000', expiresAfterMonths: null },
      { id: 'scan.5' },
      { id: 'scan.20' },
    ],
  });
  expect(errorsOf(await server.gql('{ plans { code } }', {}, null))).toMatchObject([{ code: 'UNAUTHENTICATED' }]);
});

test('an account says what the caller may do with it: by role, by scope, and for services', async () => {
  const accountId = await server.openAccount();
  const may = async (token?: string) => {
    const { data } = await server.gql<{ account: { viewerScopes: string[] } }>(
      'query ($id: ID!) { account(id: $id) { viewerScopes } }',
      { id: accountId },
      token,
    );
    return data?.account.viewerScopes;
  };
  const everything = ['credits:purchase', 'credits:read', 'credits:reserve', 'events:read', 'keys:admin'];
  expect(await may(await server.userToken(accountId, 'owner'))).toEqual(everything);
  expect(await may(await server.userToken(accountId, 'member'))).toEqual([
    'credits:read',
    'credits:reserve',
    'events:read',
  ]);
  expect(await may(await server.userToken(accountId, 'viewer'))).toEqual(['credits:read', 'events:read']);
  expect(await may(server.serviceToken)).toEqual(everything);
  // Rights at another account give none here.
  const elsewhere = await server.openAccount();
  const mixed = await server.token({ sub: 'eva', accounts: { [accountId]: 'viewer', [elsewhere]: 'owner' } });
  expect(await may(mixed)).toEqual(['credits:read', 'events:read']);
});
