import pg from 'pg';
import { loadCatalog } from '../catalog/load-catalog.js';
import { ledgerTypes } from '../db/ledger-types.js';
import { verifyLedger } from '../ledger/books/verify.js';
import type { TestApp } from '../testing/test-app.js';
import { startTestApp } from '../testing/test-app.js';
import { errorsOf } from '../testing/test-errors.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

const SET = `mutation ($input: SetLowBalanceLevelsInput!) { setLowBalanceLevels(input: $input) { __typename
  ... on LowBalanceLevelsReceipt { levels { creditType level threshold percent fired } balance { level available version } }
  ... on InvalidAmount { field message } } }`;
const READ = `query ($id: ID!) { account(id: $id) { lowBalanceLevels { creditType level threshold percent fired } balance { level version }
  events(types: [BALANCE_LOW, BALANCE_RECOVERED], first: 100) { edges { node { type level threshold balance { available } } } } } }`;

interface Read {
  readonly account: {
    readonly lowBalanceLevels: readonly Record<string, unknown>[];
    readonly balance: { readonly level: string; readonly version: number };
    readonly events: { readonly edges: readonly { readonly node: Record<string, unknown> }[] };
  };
}

interface Set {
  readonly setLowBalanceLevels: {
    readonly __typename: string;
    readonly field?: string;
    readonly levels?: readonly Record<string, unknown>[];
    readonly balance?: { readonly level: string; readonly available: number; readonly version: number };
  };
}

const set = async (accountId: string, levels: readonly object[], more: object = {}, token?: string) =>
  server.gql<Set>(SET, { input: { accountId, levels, ...more } }, token);
const read = async (id: string) => (await server.gql<Read>(READ, { id })).data?.account;

let keys = 0;
async function spend(accountId: string, credits: number): Promise<void> {
  const { errors } = await server.gql(
    'mutation ($input: SpendCreditsInput!) { spendCredits(input: $input) { ... on Problem { message } } }',
    {
      input: {
        accountId,
        idempotencyKey: `spend-${(keys += 1)}`,
        operations: [{ operation: 'regeneration.basic', quantity: credits }],
      },
    },
  );
  expect(errors).toBeUndefined();
}

async function grant(accountId: string, credits: number): Promise<void> {
  const { errors } = await server.gql(
    'mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { __typename } }',
    { input: { accountId, idempotencyKey: `grant-${(keys += 1)}`, credits, reason: 'test' } },
    server.operatorToken,
  );
  expect(errors).toBeUndefined();
}

/** What was told, as `BALANCE_LOW LOW 40 at 40`. */
async function told(accountId: string): Promise<string[]> {
  const account = await read(accountId);
  return (
    account?.events.edges.map(
      ({ node: { type, level, threshold, balance } }) =>
        `${String(type)} ${String(level)} ${String(threshold)} at ${String((balance as { available: number }).available)}`,
    ) ?? []
  );
}

test('a new account has LOW 20 %, CRITICAL 5 % and EMPTY of both credit types', async () => {
  const account = await read(await server.openAccount());
  expect(account?.lowBalanceLevels).toEqual([
    { creditType: 'STANDARD', level: 'LOW', threshold: 20, percent: 20, fired: false },
    { creditType: 'STANDARD', level: 'CRITICAL', threshold: 5, percent: 5, fired: false },
    { creditType: 'STANDARD', level: 'EMPTY', threshold: 0, percent: null, fired: false },
    { creditType: 'SCAN', level: 'LOW', threshold: 0, percent: 20, fired: false },
    { creditType: 'SCAN', level: 'CRITICAL', threshold: 0, percent: 5, fired: false },
    { creditType: 'SCAN', level: 'EMPTY', threshold: 0, percent: null, fired: false },
  ]);
});

test('each rule says from where on it warns again: its threshold and the margin, and exactly there it is armed', async () => {
  const accountId = await server.openAccount();
  const at = async () => {
    const { data } = await server.gql<{
      account: { lowBalanceLevels: { level: string; fired: boolean; rearmsAt: number }[] };
    }>('query ($id: ID!) { account(id: $id) { lowBalanceLevels { creditType level fired rearmsAt } } }', {
      id: accountId,
    });
    const low = data?.account.lowBalanceLevels.filter(({ level }) => level === 'LOW')[0];
    return [low?.fired, low?.rearmsAt];
  };
  expect(await at()).toEqual([false, 25]);
  await spend(accountId, 90);
  expect(await at()).toEqual([true, 25]);
  await grant(accountId, 14);
  expect(await at()).toEqual([true, 25]);
  await grant(accountId, 1);
  expect(await at()).toEqual([false, 25]);
});

test('new rules take one version and make no event; those at or above what is available start fired', async () => {
  const accountId = await server.openAccount();
  const before = (await read(accountId))?.balance.version ?? 0;
  const { data } = await set(accountId, [
    { level: 'LOW', percent: 50 },
    { level: 'LOW', credits: 100 },
    { level: 'CRITICAL', credits: 30 },
  ]);
  expect(data?.setLowBalanceLevels).toMatchObject({
    levels: [
      { level: 'LOW', threshold: 50, percent: 50, fired: false },
      { level: 'LOW', threshold: 100, percent: null, fired: true },
      { level: 'CRITICAL', threshold: 30, percent: null, fired: false },
      { level: 'EMPTY', threshold: 0, percent: null, fired: false },
    ],
    balance: { level: 'LOW', available: 100, version: before + 1 },
  });
  expect(await told(accountId)).toEqual([]);
  const audit = await server.gql<{ auditLog: { edges: { node: { action: string; summary: string } }[] } }>(
    'query ($id: ID!) { auditLog(accountId: $id) { edges { node { action summary } } } }',
    { id: accountId },
  );
  expect(audit.data?.auditLog.edges[0]?.node).toEqual({
    action: 'levels.changed',
    summary:
      'Changed the low-balance levels of STANDARD credits to LOW at 50 %, LOW at 100, CRITICAL at 30, EMPTY; they were LOW at 20 %, CRITICAL at 5 %, EMPTY.',
  });
  await spend(accountId, 50);
  await spend(accountId, 20);
  expect(await told(accountId)).toEqual(['BALANCE_LOW LOW 50 at 50', 'BALANCE_LOW CRITICAL 30 at 30']);
});

test('the same rules again change nothing, and other rules keep the base', async () => {
  const accountId = await server.openAccount();
  await spend(accountId, 85);
  expect(await told(accountId)).toEqual(['BALANCE_LOW LOW 20 at 15']);
  const rules = [{ level: 'LOW', percent: 20 }, { level: 'CRITICAL', percent: 5 }, { level: 'EMPTY' }];
  const { version } = (await read(accountId))?.balance ?? { version: 0 };
  const again = await set(accountId, rules);
  expect(again.data?.setLowBalanceLevels.balance?.version).toBe(version);
  const other = await set(accountId, [{ level: 'CRITICAL', percent: 10 }]);
  expect(other.data?.setLowBalanceLevels).toMatchObject({
    levels: [
      { level: 'CRITICAL', threshold: 10, fired: false },
      { level: 'EMPTY', fired: false },
    ],
    balance: { level: 'OK', version: version + 1 },
  });
});

test('an amount keeps its hysteresis: 41, 39, 41, 39 around 40 warn once, and 45 arms it again', async () => {
  const accountId = await server.openAccount();
  await set(accountId, [{ level: 'LOW', credits: 40 }]);
  await spend(accountId, 59);
  for (let times = 0; times < 3; times++) {
    await spend(accountId, 2);
    await grant(accountId, 2);
  }
  expect(await told(accountId)).toEqual(['BALANCE_LOW LOW 40 at 39']);
  await grant(accountId, 4);
  expect(await told(accountId)).toEqual(['BALANCE_LOW LOW 40 at 39', 'BALANCE_RECOVERED LOW 40 at 45']);
});

test('the books are right with rules of their own, over resets too', async () => {
  const accountId = await server.openAccount();
  await set(accountId, [{ level: 'LOW', credits: 40 }]);
  await spend(accountId, 70);
  await server.gql('mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { id } }', {
    input: { accountId, to: '2026-03-01T00:00:00Z' },
  });
  expect(await told(accountId)).toEqual(['BALANCE_LOW LOW 40 at 30', 'BALANCE_RECOVERED LOW 40 at 100']);
  const pool = new pg.Pool({ connectionString: server.databaseUrl, types: ledgerTypes });
  const catalog = await loadCatalog(server.app.dataSource);
  const { problems, accounts } = await verifyLedger({ pool, catalog });
  await pool.end();
  expect([problems, accounts > 0]).toEqual([[], true]);
});

test('rules of scan credits are their own', async () => {
  const accountId = await server.openAccount();
  const { data } = await set(accountId, [{ level: 'LOW', credits: 2 }], { creditType: 'SCAN' });
  expect(data?.setLowBalanceLevels).toMatchObject({
    levels: [
      { creditType: 'SCAN', level: 'LOW', threshold: 2, fired: true },
      { creditType: 'SCAN', level: 'EMPTY', threshold: 0, fired: true },
    ],
    balance: { level: 'EMPTY', available: 0 },
  });
  expect((await read(accountId))?.lowBalanceLevels).toHaveLength(5);
});

const LOW = { level: 'LOW', percent: 10 };
test.each<[readonly object[], string]>([
  [[], 'levels'],
  [[1, 2, 3, 4, 5, 6].map((credits) => ({ level: 'LOW', credits })), 'levels'],
  [[LOW, LOW], 'levels[1]'],
  [[{ level: 'EMPTY' }, { level: 'EMPTY', credits: 0 }], 'levels[1]'],
  [[{ level: 'OK', percent: 10 }], 'levels[0].level'],
  [[{ level: 'LOW' }], 'levels[0].percent'],
  [[{ level: 'LOW', percent: 10, credits: 5 }], 'levels[0].percent'],
  [[{ level: 'LOW', percent: 0 }], 'levels[0].percent'],
  [[{ level: 'LOW', percent: 100 }], 'levels[0].percent'],
  [[{ level: 'LOW', percent: -1 }], 'levels[0].percent'],
  [[{ level: 'LOW', percent: 0.00001 }], 'levels[0].percent'],
  [[{ level: 'EMPTY', percent: 1 }], 'levels[0].percent'],
  [[{ level: 'EMPTY', credits: 1 }], 'levels[0].credits'],
])('levels %j are refused, naming %s, and nothing changes', async (levels, field) => {
  const accountId = await server.openAccount();
  const before = await read(accountId);
  expect((await set(accountId, levels)).data?.setLowBalanceLevels).toMatchObject({
    __typename: 'InvalidAmount',
    field,
  });
  const socket = await server.signedIn(server.serviceToken);
  const heard = await socket.gql<Set>(SET, { input: { accountId, levels } });
  expect(heard.data?.setLowBalanceLevels).toMatchObject({ __typename: 'InvalidAmount', field });
  socket.close();
  expect(await read(accountId)).toEqual(before);
});

test.each([
  [{ level: 'LOW', credits: -1 }],
  [{ level: 'LOW', credits: 1.5 }],
  [{ level: 'LOW', percent: 'ten' }],
  [{ level: 'WORSE', percent: 10 }],
])('%j is malformed', async (level: object) => {
  const accountId = await server.openAccount();
  expect(errorsOf(await set(accountId, [level]))).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
});

test('owners set levels; members, viewers and keys without keys:admin do not', async () => {
  const accountId = await server.openAccount();
  expect((await set(accountId, [LOW], {}, await server.userToken(accountId))).errors).toBeUndefined();
  for (const role of ['member', 'viewer'] as const)
    expect(errorsOf(await set(accountId, [LOW], {}, await server.userToken(accountId, role)))).toMatchObject([
      { code: 'FORBIDDEN' },
    ]);
});
