import { parseId } from '@aibc/shared/ids';
import pg from 'pg';
import type { TestApp } from '../../testing/test-app.js';
import { startTestApp } from '../../testing/test-app.js';
import { recordQueries } from '../../testing/test-queries.js';
import type { SentQuery } from '../../testing/test-queries.js';

let server: TestApp;
let client: pg.Client;
beforeAll(async () => {
  server = await startTestApp();
  client = new pg.Client({ connectionString: server.databaseUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await server.close();
});

let keys = 0;
const nextKey = () => `key-${(keys += 1)}`;

/** An account with two reservations of each status, two entries and more of each credit type, and events of several types. */
async function openWithAll(): Promise<string> {
  const accountId = await server.openAccount({ plan: 'ENTERPRISE', now: '2026-01-01T00:00:00Z' });
  const send = async (field: string, type: string, input: Record<string, unknown>, token?: string): Promise<string> => {
    const receipt = field === 'grantCredits' ? '__typename' : '... on ReservationReceipt { reservation { id } }';
    const { data, errors } = await server.gql<Record<string, { reservation?: { id: string } }>>(
      `mutation ($input: ${type}!) { ${field}(input: $input) { ${receipt} } }`,
      { input: { idempotencyKey: nextKey(), ...input } },
      token ?? server.serviceToken,
    );
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data?.[field]?.reservation?.id ?? '';
  };
  const grant = { accountId, credits: 50, creditType: 'SCAN', source: 'PROMOTION', reason: 'test' };
  await send('grantCredits', 'GrantCreditsInput', grant, server.operatorToken);
  const reserve = (operation: string, ttlSeconds = 3_600, more: Record<string, string> = {}) =>
    send('reserveCredits', 'ReserveCreditsInput', {
      accountId,
      operations: [{ operation, quantity: 1 }],
      ttlSeconds,
      ...more,
    });
  for (const operation of ['image.short', 'deep_scan']) {
    await reserve(operation, 1);
    await send('commitReservation', 'CommitReservationInput', { reservationId: await reserve(operation) });
    await send('releaseReservation', 'ReleaseReservationInput', { reservationId: await reserve(operation) });
  }
  const move = 'mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { id } }';
  await server.gql(move, { input: { accountId, to: '2026-01-01T00:00:02Z' } });
  const wanted = { reference: 'wanted', project: 'wanted', member: 'wanda' };
  for (const operation of ['image.short', 'deep_scan']) await reserve(operation, 3_600, wanted);
  return accountId;
}

/** Copies one row of a table so many times, each with changes of its own; `n` is the copy's number. */
const copies = (table: string, where: string, changes: string): string =>
  `INSERT INTO ${table} SELECT p.* FROM ${table} t, generate_series(1, $2::int) n, LATERAL jsonb_populate_record(t, jsonb_build_object(${changes})) p
   WHERE t.ctid = (SELECT ctid FROM ${table} WHERE account_id = $1::uuid AND ${where} LIMIT 1)`;

/** What lies after the rows that are there: groups that moved nothing, refusals, and of one kind entries, reservations and events. */
const buried = (creditType: string, status: string): readonly string[] => [
  `INSERT INTO journal (account_id, version, ordinal, command, actor, at)
   SELECT $1::uuid, 1000000 + n, 0, 'spend', 'user:ada', now() FROM generate_series(1, $2::int) n`,
  `INSERT INTO journal (account_id, version, ordinal, command, actor, at, idempotency_key, scope, input, outcome)
   SELECT $1::uuid, NULL, 0, 'reserve', 'user:ada', now(), 'buried' || n, 'reserve|user:ada', '{}', '{}' FROM generate_series(1, $2::int) n`,
  copies(
    'journal',
    `credit_type = '${creditType}'`,
    `'version', 3000000 + n, 'idempotency_key', NULL, 'scope', NULL, 'input', NULL, 'outcome', NULL`,
  ),
  copies('reservation', `status = '${status}'`, `'reservation_id', 'f' || substr(md5(n::text), 2)`),
  copies('event', `type = 'RESERVATION_EXPIRED'`, `'version', 3000000 + n, 'feed_seq', nextval('event_feed_seq')`),
];

async function bury(accountId: string, rows: number, creditType: string, status: string): Promise<void> {
  for (const statement of buried(creditType, status)) await client.query(statement, [parseId('acct', accountId), rows]);
  await client.query('ANALYZE');
}

interface PlanNode {
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Rows that a plan touched at its leaves, those it threw away counted. */
function rowsRead(node: PlanNode): number {
  const below = (node.Plans ?? []).reduce((sum, child) => sum + rowsRead(child), 0);
  const removed = (node['Rows Removed by Filter'] ?? 0) * node['Actual Loops'];
  return removed + below + (node.Plans === undefined ? node['Actual Rows'] * node['Actual Loops'] : 0);
}

/** Rows that the statements of an answer read of the tables with a history. */
async function countRows(sent: readonly SentQuery[]): Promise<number> {
  let rows = 0;
  for (const { text, values } of sent) {
    if (!/^(\/\*.*?\*\/)?\s*SELECT/.test(text) || !/FROM "?(journal|reservation|event)"?\b/.test(text)) continue;
    const explained = await client.query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
      values as unknown[],
    );
    rows += rowsRead(explained.rows[0]?.['QUERY PLAN'][0]?.Plan as PlanNode);
  }
  return rows;
}

type Lists = Record<string, { edges: { node: Record<string, string> }[] }>;

/** Asks for a page of a list and gives what it shows, with how many rows were read for it. */
async function ask(accountId: string, list: string, shown: string) {
  let nodes: Record<string, string>[] = [];
  const sent = await recordQueries(async () => {
    const { data, errors } = await server.gql<{ account: Lists }>(
      `query ($id: ID!) { account(id: $id) { list: ${list} { edges { node { ${shown} } } } } }`,
      { id: accountId },
    );
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    nodes = data?.account['list']?.edges.map(({ node }) => node) ?? [];
  });
  return { nodes, rows: await countRows(sent) };
}

const LISTS: readonly [list: string, shown: string, buriedUnder: { creditType: string; status: string }][] = [
  ['entries(first: 1)', 'creditType', { creditType: 'STANDARD', status: 'RELEASED' }],
  ['entries(first: 2, creditType: SCAN)', 'creditType', { creditType: 'STANDARD', status: 'RELEASED' }],
  ['entries(first: 2, creditType: STANDARD)', 'creditType', { creditType: 'SCAN', status: 'COMMITTED' }],
  ['reservations(first: 2, status: COMMITTED)', 'status', { creditType: 'STANDARD', status: 'RELEASED' }],
  ['reservations(first: 2, status: EXPIRED)', 'status', { creditType: 'SCAN', status: 'COMMITTED' }],
  ['reservations(first: 2, status: RELEASED)', 'status', { creditType: 'SCAN', status: 'COMMITTED' }],
  ['reservations(first: 2, status: HELD)', 'status', { creditType: 'SCAN', status: 'COMMITTED' }],
  ['reservations(first: 2)', 'status', { creditType: 'SCAN', status: 'COMMITTED' }],
  ['events(first: 2, types: [PERIOD_RESET, PURCHASE_PAID])', 'type', { creditType: 'SCAN', status: 'COMMITTED' }],
  ['events(first: 2)', 'type', { creditType: 'SCAN', status: 'COMMITTED' }],
  ['events(first: 2, newestFirst: true)', 'type', { creditType: 'SCAN', status: 'COMMITTED' }],
  [
    'events(first: 2, newestFirst: true, types: [PERIOD_RESET, PURCHASE_PAID])',
    'type',
    { creditType: 'SCAN', status: 'COMMITTED' },
  ],
  ['reservations(first: 2, reference: "wanted")', 'project', { creditType: 'SCAN', status: 'COMMITTED' }],
  ['reservations(first: 2, project: "wanted")', 'project', { creditType: 'SCAN', status: 'COMMITTED' }],
  ['reservations(first: 2, member: "wanda")', 'project', { creditType: 'STANDARD', status: 'RELEASED' }],
  ['entries(first: 2, filter: { reference: "wanted" })', 'kind', { creditType: 'STANDARD', status: 'RELEASED' }],
  ['entries(first: 2, filter: { project: "wanted" })', 'kind', { creditType: 'SCAN', status: 'COMMITTED' }],
  ['entries(first: 2, filter: { member: "wanda" })', 'kind', { creditType: 'SCAN', status: 'COMMITTED' }],
];

test('a page costs what it shows, whatever lies between: a thousand rows or a hundred thousand', async () => {
  const read = new Map<string, number[]>();
  for (const size of [1_000, 100_000]) {
    for (const [creditType, status] of [
      ['STANDARD', 'RELEASED'],
      ['SCAN', 'COMMITTED'],
    ] as const) {
      const accountId = await openWithAll();
      await bury(accountId, size, creditType, status);
      for (const [list, shown, under] of LISTS) {
        if (under.creditType !== creditType || under.status !== status) continue;
        const { nodes, rows } = await ask(accountId, list, shown);
        const there = list.includes('PERIOD_RESET') ? 0 : Number(/first: (\d)/.exec(list)?.[1]);
        expect([list, nodes.length]).toEqual([list, there]);
        const asked = /(?:creditType|status): (\w+)/.exec(list)?.[1];
        for (const node of nodes) expect(asked ?? node[shown]).toBe(node[shown]);
        read.set(list, [...(read.get(list) ?? []), rows]);
      }
    }
  }
  for (const [list, [few, many]] of read) expect([list, few, Math.min(many ?? 0, 40)]).toEqual([list, few, many]);
  expect([...read.values()].flat().every((rows) => rows > 0)).toBe(true);
}, 240_000);

test('what an index does not find is searched for a bounded way, and the page says where to go on', async () => {
  const accountId = await openWithAll();
  await bury(accountId, 25_000, 'STANDARD', 'RELEASED');
  for (const [list, shown, there] of [
    ['entries', 'filter: { kinds: [RESERVE] }', 8],
    ['entries', 'filter: { project: "" }', 12],
    ['reservations', 'project: "wanted", status: HELD', 2],
    ['reservations', 'project: "", status: COMMITTED', 2],
  ] as const) {
    let after: string | null = null;
    let found = 0;
    for (let pages = 0, more = true; more && pages < 300; pages++) {
      const { data, errors }: { data?: { account: Record<'list', Walked> } | null; errors?: unknown } =
        await server.gql(
          `query ($id: ID!, $after: ID) { account(id: $id) { list: ${list}(first: 100, after: $after, ${shown}) {
            edges { cursor } pageInfo { hasNextPage endCursor } } } }`,
          { id: accountId, after },
        );
      expect(errors).toBeUndefined();
      const page: Walked | undefined = data?.account.list;
      found += page?.edges.length ?? 0;
      more = page?.pageInfo.hasNextPage ?? false;
      after = page?.pageInfo.endCursor ?? null;
    }
    expect([list, shown, found]).toEqual([list, shown, there]);
  }
}, 120_000);

interface Walked {
  readonly edges: readonly { readonly cursor: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

test('pages of a list that leaves something out follow each other without a gap', async () => {
  const accountId = await openWithAll();
  const query = `query ($id: ID!, $entry: ID, $reservation: ID) { account(id: $id) {
    entries(creditType: STANDARD, first: 1, after: $entry) { edges { cursor } pageInfo { hasNextPage } }
    all: entries(first: 100) { edges { cursor node { creditType } } }
    reservations(status: COMMITTED, first: 1, after: $reservation) { edges { cursor } pageInfo { hasNextPage } } } }`;
  type Page = { edges: { cursor: string; node?: { creditType: string } }[]; pageInfo: { hasNextPage: boolean } };
  const walk = async (list: 'entries' | 'reservations', variable: string): Promise<string[]> => {
    const seen: string[] = [];
    for (let more = true; more;) {
      const { data } = await server.gql<{ account: Record<string, Page> }>(query, {
        id: accountId,
        [variable]: seen.at(-1),
      });
      const page = data?.account[list];
      seen.push(...(page?.edges.map(({ cursor }) => cursor) ?? []));
      more = page?.pageInfo.hasNextPage ?? false;
    }
    return seen;
  };
  const { data } = await server.gql<{ account: { all: Page } }>(query, { id: accountId });
  const ofStandard = data?.account.all.edges.filter(({ node }) => node?.creditType === 'STANDARD');
  expect(await walk('entries', 'entry')).toEqual(ofStandard?.map(({ cursor }) => cursor));
  expect(new Set(await walk('reservations', 'reservation')).size).toBe(2);
});
