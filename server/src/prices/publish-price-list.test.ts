import pg from 'pg';
import { loadCatalog } from '../catalog/load-catalog.js';
import { type Catalog, priceListAt } from '../catalog/catalog.js';
import type { TestApp } from '../testing/test-app.js';
import { startTestApp } from '../testing/test-app.js';
import { errorsOf } from '../testing/test-errors.js';
import { until } from '../testing/test-until.js';

interface List {
  readonly version: number;
  readonly effectiveAt: string;
  readonly operations: readonly { readonly code: string; readonly credits: number }[];
}
interface Result {
  readonly __typename: string;
  readonly priceList?: List;
  readonly replayed?: boolean;
  readonly fields?: readonly string[];
  readonly field?: string;
  readonly operation?: string;
  readonly message?: string;
}

const LIST = 'version effectiveAt operations { code credits }';
const PUBLISH = `mutation ($input: PublishPriceListInput!) { publishPriceList(input: $input) { __typename
  ... on PriceListReceipt { priceList { ${LIST} } replayed } ... on Problem { message }
  ... on IdempotencyConflict { fields } ... on InvalidAmount { field } ... on OperationUnknown { operation } } }`;
const QUOTE = `query ($input: QuoteInput!) { quote(input: $input) { ... on Quote { token total expiresAt priceListVersion } } }`;
const RESERVE = `mutation ($input: ReserveCreditsInput!) { reserveCredits(input: $input) {
  ... on ReservationReceipt { reservation { held priceListVersion createdAt } } ... on Problem { message } } }`;

let server: TestApp;
let other: TestApp;
beforeAll(async () => {
  server = await startTestApp();
  other = await server.another();
});
afterAll(() => server.close());

let keys = 0;
const nextKey = () => `key-${(keys += 1)}`;
const priced = (prices: Readonly<Record<string, number>>) =>
  Object.entries(prices).map(([operation, credits]) => ({ operation, credits }));

async function publish(
  prices: Readonly<Record<string, number>>,
  more: Readonly<Record<string, unknown>> = {},
  at: TestApp = server,
  token = server.operatorToken,
): Promise<Result> {
  const input = { idempotencyKey: nextKey(), prices: priced(prices), ...more };
  const answer = await at.gql<{ publishPriceList: Result }>(PUBLISH, { input }, token);
  if (!answer.data?.publishPriceList) throw new Error(JSON.stringify(answer.errors));
  return answer.data.publishPriceList;
}

async function listAt(at: string | null, sandbox = false, of: TestApp = other): Promise<List> {
  const { data } = await of.gql<{ priceList: List }>(
    `query ($at: DateTime, $sandbox: Boolean!) { priceList(at: $at, sandbox: $sandbox) { ${LIST} } }`,
    { at, sandbox },
  );
  return data?.priceList as List;
}
const costs = (list: List | undefined): Readonly<Record<string, number>> =>
  Object.fromEntries(list?.operations.map(({ code, credits }) => [code, credits]) ?? []);

interface Quoted {
  readonly token: string;
  readonly total: number;
  readonly expiresAt: string;
  readonly priceListVersion: number;
}
async function quote(accountId: string, operation: string, of: TestApp = other): Promise<Quoted> {
  const { data } = await of.gql<{ quote: Quoted }>(QUOTE, { input: { accountId, operations: [{ operation }] } });
  return data?.quote as Quoted;
}

interface Held {
  readonly held: number;
  readonly priceListVersion: number;
  readonly createdAt: string;
}
async function reserve(accountId: string, work: Readonly<Record<string, unknown>>, of: TestApp = other): Promise<Held> {
  const { data } = await of.gql<{ reserveCredits: { reservation: Held } }>(RESERVE, {
    input: { accountId, idempotencyKey: nextKey(), ...work },
  });
  return data?.reserveCredits.reservation as Held;
}

test('a published list prices the next quote and the next reserve of every process; what it does not name keeps its cost', async () => {
  const live = await server.openAccount({ sandbox: false });
  const before = costs(await listAt(null));
  const old = await quote(live, 'image.short');
  const { priceList, replayed } = await publish(
    { 'image.short': 7, 'content.generate': 2 },
    { note: 'Dearer in spring' },
  );
  expect(replayed).toBe(false);
  expect(costs(priceList)).toEqual({ ...before, 'image.short': 7, 'content.generate': 2 });
  expect(await listAt(null)).toEqual(priceList);
  const fresh = await quote(live, 'image.short');
  expect([old.total, fresh.total, fresh.priceListVersion]).toEqual([5, 7, priceList?.version]);
  // A quote keeps the price it promised.
  const byOld = await reserve(live, { quoteToken: old.token });
  expect([byOld.held, byOld.priceListVersion]).toEqual([5, old.priceListVersion]);
  const byList = await reserve(live, { operations: [{ operation: 'image.short', quantity: 2 }] });
  expect([byList.held, byList.priceListVersion]).toEqual([14, priceList?.version]);
  const { data } = await server.gql<{ auditLog: { edges: { node: Record<string, unknown> }[] } }>(
    '{ auditLog(first: 1) { edges { node { accountId actor action summary } } } }',
    {},
    server.operatorToken,
  );
  expect(data?.auditLog.edges.map(({ node }) => node)).toEqual([
    {
      accountId: null,
      actor: 'operator:test-operator',
      action: 'price_list.published',
      summary: `Published price list ${priceList?.version} for live accounts, in force from ${priceList?.effectiveAt}: content.generate from 0 to 2, image.short from 5 to 7. Dearer in spring`,
    },
  ]);
});

test('a side has its own lists', async () => {
  const [live, sandbox] = [await server.openAccount({ sandbox: false }), await server.openAccount()];
  const [costsLive, costsSandbox] = [costs(await listAt(null)), costs(await listAt(null, true))];
  const { priceList } = await publish({ 'video.long': 1 }, { sandbox: true });
  expect(costs(priceList)).toEqual({ ...costsSandbox, 'video.long': 1 });
  expect(costs(await listAt(null))).toEqual(costsLive);
  expect([(await quote(sandbox, 'video.long')).total, (await quote(live, 'video.long')).total]).toEqual([1, 100]);
});

test('a list of a later instant takes effect then, without a touch, for quotes and holds alike', async () => {
  const live = await server.openAccount({ sandbox: false, plan: 'ENTERPRISE' });
  // However many holds are opened until then, there are credits for them.
  const { errors } = await server.gql(
    'mutation Give($input: GrantCreditsInput!) { grantCredits(input: $input) { __typename } }',
    { input: { accountId: live, credits: 1_000_000, reason: 'holds of a test', idempotencyKey: crypto.randomUUID() } },
    server.operatorToken,
  );
  expect(errors).toBeUndefined();
  const before = (await quote(live, 'audio.short')).total;
  const effectiveAt = new Date(Date.now() + 1_500).toISOString();
  const { priceList } = await publish({ 'audio.short': before + 1 }, { effectiveAt });
  expect(priceList?.effectiveAt).toBe(effectiveAt);
  expect(costs(await listAt(effectiveAt))['audio.short']).toBe(before + 1);
  const costAt = (at: number) => (at < Date.parse(effectiveAt) ? before : before + 1);
  await until(async () => {
    const { total, expiresAt } = await quote(live, 'audio.short');
    expect(total).toBe(costAt(Date.parse(expiresAt) - 600_000));
    const { held, createdAt } = await reserve(live, { operations: [{ operation: 'audio.short' }], ttlSeconds: 1 });
    expect(held).toBe(costAt(Date.parse(createdAt)));
    return held > before;
  });
});

test('what comes between keeps what a later list changes, and of two for one instant the higher version wins', async () => {
  const [sooner, later] = ['2100-01-01T00:00:00.000Z', '2100-02-01T00:00:00.000Z'];
  await publish({ 'image.mid': 21 }, { effectiveAt: later });
  const between = await publish({ 'image.mid': 11, 'image.long': 31 }, { effectiveAt: sooner });
  const again = await publish({ 'audio.mid': 41 }, { effectiveAt: sooner });
  const named = ({ 'image.mid': mid, 'image.long': long, 'audio.mid': audio }: Readonly<Record<string, number>>) => [
    mid,
    long,
    audio,
  ];
  expect(named(costs(between.priceList))).toEqual([11, 31, 30]);
  expect(named(costs(again.priceList))).toEqual([11, 31, 41]);
  expect(named(costs(await listAt(sooner)))).toEqual([11, 31, 41]);
  expect(named(costs(await listAt(later)))).toEqual([21, 31, 41]);
  expect((await listAt(sooner)).version).toBe(again.priceList?.version);
  expect(Number(again.priceList?.version)).toBeGreaterThan(Number(between.priceList?.version));
});

test('a key answers once: the first decision, refusals too; of other input it names the fields; a side has its own keys', async () => {
  const input = { idempotencyKey: 'spring', prices: priced({ 'audio.long': 55, 'video.mid': 52 }), note: 'A' };
  const first = await publish({}, input);
  expect(await publish({}, { ...input, prices: [...input.prices].reverse() }, other)).toEqual({
    ...first,
    replayed: true,
  });
  const second = await server.token({ kind: 'operator', sub: 'second' });
  expect(await publish({}, input, other, second)).toEqual({ ...first, replayed: true });
  expect(
    await publish(
      {},
      { ...input, prices: priced({ 'audio.long': 56 }), note: 'B', effectiveAt: '2101-01-01T00:00:00Z' },
    ),
  ).toMatchObject({
    __typename: 'IdempotencyConflict',
    fields: ['effectiveAt', 'prices', 'note'],
  });
  expect(await publish({}, { ...input, sandbox: true })).toMatchObject({
    __typename: 'PriceListReceipt',
    replayed: false,
  });

  const unknown = await publish({ 'image.tiny': 1 }, { idempotencyKey: 'tiny' });
  expect(unknown).toMatchObject({ __typename: 'OperationUnknown', operation: 'image.tiny' });
  expect(await publish({ 'image.tiny': 1 }, { idempotencyKey: 'tiny' })).toEqual(unknown);
  expect(await publish({ 'image.short': 1 }, { idempotencyKey: 'tiny' })).toMatchObject({ fields: ['prices'] });
  const past = await publish({ 'image.short': 1 }, { idempotencyKey: 'past', effectiveAt: '2020-01-01T00:00:00Z' });
  expect(past).toMatchObject({ __typename: 'InvalidAmount', field: 'effectiveAt' });
  expect(await publish({ 'image.short': 1 }, { idempotencyKey: 'past', effectiveAt: '2020-01-01T00:00:00Z' })).toEqual(
    past,
  );
  // What the input alone shows keeps no key.
  const twice = {
    idempotencyKey: 'malformed',
    prices: [...priced({ 'image.short': 9 }), ...priced({ 'image.short': 9 })],
  };
  expect(await publish({}, twice)).toMatchObject({ __typename: 'InvalidAmount', field: 'prices[1].operation' });
  expect(await publish({ 'image.short': 9 }, { idempotencyKey: 'malformed' })).toMatchObject({ replayed: false });
});

test('the same publication ten times at once, by two processes, is one list', async () => {
  const input = { idempotencyKey: nextKey(), prices: priced({ 'scan.none': 1, deep_scan: 2 }).slice(1) };
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => publish({}, input, index % 2 ? server : other)),
  );
  expect(new Set(answers.map(({ priceList }) => priceList?.version)).size).toBe(1);
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
});

test('publishers at once come one after the other: no version is missing, no price is lost', async () => {
  const before = await loadCatalog(server.app.dataSource);
  const codes = [
    'image.short',
    'image.mid',
    'image.long',
    'audio.short',
    'audio.mid',
    'audio.long',
    'video.short',
    'video.mid',
  ];
  const published = await Promise.all(
    codes.map((code, index) => publish({ [code]: 200 + index }, { sandbox: true }, index % 2 ? server : other)),
  );
  const versions = published.map(({ priceList }) => priceList?.version ?? 0).sort((a, b) => a - b);
  const newest = Math.max(...before.priceLists.map(({ version }) => version));
  expect(versions).toEqual(codes.map((_, index) => newest + 1 + index));
  const now = costs(await listAt(null, true));
  expect(codes.map((code) => now[code])).toEqual(codes.map((_, index) => 200 + index));
});

/** What every price must agree with: the lists as they are in the end. */
function costsBy(catalog: Catalog, at: number): readonly [credits: number | undefined, version: number] {
  const list = priceListAt(catalog, at, false);
  return [list.operations.get('regeneration.advanced')?.credits, list.version];
}

test('no instant is priced in two ways, by any process, while lists are published one after the other', async () => {
  const accounts = await Promise.all(
    Array.from({ length: 4 }, () => server.openAccount({ sandbox: false, plan: 'ENTERPRISE' })),
  );
  const seen: { at: number; credits: number; version: number }[] = [];
  let isDone = false;
  const work = async (accountId: string, of: TestApp): Promise<void> => {
    while (!isDone) {
      const { held, priceListVersion, createdAt } = await reserve(
        accountId,
        { operations: [{ operation: 'regeneration.advanced' }], ttlSeconds: 1 },
        of,
      );
      seen.push({ at: Date.parse(createdAt), credits: held, version: priceListVersion });
      const quoted = await quote(accountId, 'regeneration.advanced', of);
      seen.push({
        at: Date.parse(quoted.expiresAt) - 600_000,
        credits: quoted.total,
        version: quoted.priceListVersion,
      });
    }
  };
  const working = accounts.flatMap((accountId) => [work(accountId, server), work(accountId, other)]);
  const lists: number[] = [];
  for (let times = 0; times < 6; times++) {
    const { priceList } = await publish({ 'regeneration.advanced': 1 + (times % 2) }, {}, times % 2 ? server : other);
    lists.push(priceList?.version ?? 0);
    const count = seen.length;
    await until(() => seen.length > count + 16);
  }
  isDone = true;
  await Promise.all(working);
  const catalog = await loadCatalog(server.app.dataSource);
  const wrong = seen.filter(({ at, credits, version }) => {
    const [cost, inForce] = costsBy(catalog, at);
    return cost !== credits || inForce !== version;
  });
  expect(wrong).toEqual([]);
  // Each list was used.
  expect(new Set(seen.map(({ version }) => version))).toEqual(
    new Set([...seen.map(({ version }) => version), ...lists]),
  );
});

/** A session that stands in the gate of prices, as a batch does that does not end, or as a publication. */
async function inGate(how: 'shared' | 'alone'): Promise<{ readonly leave: () => Promise<void> }> {
  const client = new pg.Client({ connectionString: server.databaseUrl });
  await client.connect();
  await client.query(`BEGIN; SELECT pg_advisory_xact_lock${how === 'shared' ? '_shared' : ''}(4713, 1)`);
  return { leave: () => client.end() };
}

test('a publication that a batch keeps waiting gives up within seconds, writes nothing, and succeeds under the same key', async () => {
  const before = await listAt(null);
  const { leave } = await inGate('shared');
  const input = { idempotencyKey: nextKey(), prices: priced({ 'image.short': 8 }) };
  const answer = await server.gql(PUBLISH, { input }, server.operatorToken);
  expect(errorsOf(answer)).toMatchObject([{ code: 'UNAVAILABLE' }]);
  expect(await listAt(null)).toEqual(before);
  await leave();
  expect(await publish({}, input)).toMatchObject({ __typename: 'PriceListReceipt', replayed: false });
});

test.each<[string, (accountId: string) => Promise<unknown>]>([
  ['a hold', (accountId) => reserve(accountId, { operations: [{ operation: 'image.short' }] })],
  ['a quote', (accountId) => quote(accountId, 'image.short')],
  ['the list in force', () => listAt(null)],
])('while a list is being published %s waits', async (_, ask) => {
  const accountId = await server.openAccount({ sandbox: false });
  const { leave } = await inGate('alone');
  let isAnswered = false;
  const asked = ask(accountId).finally(() => (isAnswered = true));
  await until(async () => {
    const waiting = await server.app.dataSource.query<unknown[]>(
      `SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 4713 AND NOT granted`,
    );
    return waiting.length === 1;
  });
  expect(isAnswered).toBe(false);
  await leave();
  expect(await asked).toBeDefined();
});

test('starting again, with a demo too, changes no list that is there', async () => {
  const rows = () =>
    server.app.dataSource.query<unknown[]>(
      `SELECT l.version, l.effective_at, l.sandbox, p.operation_code, p.credits FROM price_list l JOIN price p ON p.price_list_version = l.version
       ORDER BY 1, 4`,
    );
  const before = await rows();
  const started = await startTestApp({
    databaseUrl: server.databaseUrl,
    env: { demo: true, auth: { jwtSecret: null, jwksUrl: null, issuer: null, audience: null, operatorSubjects: null } },
  });
  await started.close();
  expect(await rows()).toEqual(before);
});

test.each<[string, () => Promise<string> | string | null, string]>([
  ['nobody', () => null, 'UNAUTHENTICATED'],
  ['a service', () => server.serviceToken, 'FORBIDDEN'],
  ['an owner', async () => server.userToken(await server.openAccount()), 'FORBIDDEN'],
  [
    'an operator without prices:write',
    () => server.token({ kind: 'operator', scope: 'credits:grant reports:read' }),
    'FORBIDDEN',
  ],
  [
    'an operator of one account',
    async () => server.token({ kind: 'operator', accounts: { [await server.openAccount()]: 'owner' } }),
    'FORBIDDEN',
  ],
])('%s publishes nothing', async (_, tokenOf, code) => {
  const before = await listAt(null);
  const token = await tokenOf();
  const input = { idempotencyKey: nextKey(), prices: priced({ 'image.short': 1 }) };
  expect(errorsOf(await server.gql(PUBLISH, { input }, token))).toMatchObject([{ code }]);
  expect(await listAt(null)).toEqual(before);
});

test('an operator whose scope names prices:write publishes', async () => {
  const token = await server.token({ kind: 'operator', scope: 'prices:write' });
  expect(await publish({ 'image.short': 3 }, {}, server, token)).toMatchObject({ replayed: false });
});

const MANY = Array.from({ length: 101 }, (_, index) => ({ operation: `op.${index}`, credits: 1 }));
/** Whatever else is said, the answer names the field and nothing is published. */
test.each<[string, Record<string, unknown>, string, string]>([
  ['no prices', { prices: [] }, 'InvalidAmount', 'prices'],
  ['too many prices', { prices: MANY }, 'InvalidAmount', 'prices'],
  [
    'an operation twice',
    { prices: [...priced({ 'image.short': 1 }), ...priced({ 'image.short': 2 })] },
    'InvalidAmount',
    'prices[1].operation',
  ],
  [
    'a huge cost',
    { prices: priced({ 'image.mid': 1, 'image.short': 1_000_000_001 }) },
    'InvalidAmount',
    'prices[1].credits',
  ],
  ['a past instant', { effectiveAt: '2000-01-01T00:00:00Z' }, 'InvalidAmount', 'effectiveAt'],
  ['an instant long past', { effectiveAt: '0001-01-01T00:00:00Z' }, 'InvalidAmount', 'effectiveAt'],
  ['a long note', { note: 'x'.repeat(201) }, 'InvalidAmount', 'note'],
  ['an unknown operation', { prices: priced({ 'image.none': 1 }) }, 'OperationUnknown', 'image.none'],
  ['a negative cost', { prices: priced({ 'image.short': -1 }) }, 'BAD_USER_INPUT', 'prices[0].credits'],
  ['half a credit', { prices: priced({ 'image.short': 0.5 }) }, 'BAD_USER_INPUT', 'prices[0].credits'],
  ['a cost beyond numbers', { prices: priced({ 'image.short': 2 ** 53 }) }, 'BAD_USER_INPUT', 'prices[0].credits'],
  ['no code', { prices: priced({ '': 1 }) }, 'BAD_USER_INPUT', 'prices[0].operation'],
  ['a code of nothing', { prices: priced({ 'a\0': 1 }) }, 'BAD_USER_INPUT', 'prices[0].operation'],
  ['no key', { idempotencyKey: '' }, 'BAD_USER_INPUT', 'idempotencyKey'],
  ['a key with spaces', { idempotencyKey: 'a b' }, 'BAD_USER_INPUT', 'idempotencyKey'],
  ['a note of nothing to see', { note: ' ' }, 'BAD_USER_INPUT', 'note'],
  ['no instant', { effectiveAt: 'tomorrow' }, 'BAD_USER_INPUT', 'effectiveAt'],
])('%s is refused over both doors, and changes nothing', async (_, more, code, field) => {
  const before = await listAt(null);
  const inputOf = () => ({ idempotencyKey: nextKey(), prices: priced({ 'image.short': 1 }), ...more });
  const socket = await server.signedIn(server.operatorToken);
  for (const { data, errors } of [
    await server.gql<{ publishPriceList: Result }>(PUBLISH, { input: inputOf() }, server.operatorToken),
    await socket.gql<{ publishPriceList: Result }>(PUBLISH, { input: inputOf() }),
  ]) {
    const result = data?.publishPriceList;
    const [error] = errorsOf({ errors: errors ?? [] });
    expect([result?.__typename ?? error?.code, result?.field ?? result?.operation ?? error?.field]).toEqual([
      code,
      expect.stringMatching(new RegExp(`(^|\\.)${field.replace(/[[\].]/g, '\\$&')}$`)),
    ]);
  }
  socket.close();
  expect(await listAt(null)).toEqual(before);
});
