import { parseId } from '@aibc/shared/ids';
import { dayAt } from '../accounts/periods.js';
import { poolOf } from '../db/data-source.js';
import { findBadPaths } from '../testing/test-access-paths.js';
import type { GraphQLAnswer, TestApp } from '../testing/test-app.js';
import { startTestApp } from '../testing/test-app.js';
import { errorsOf } from '../testing/test-errors.js';
import { seeded } from '../testing/test-history.js';
import { recordQueries } from '../testing/test-queries.js';
import { readCommittedLines } from './read-committed-lines.js';

/* Every figure is counted again from what single answers of the API said of each reservation's lines before and after each commit. */

interface Row {
  readonly operation: { readonly code: string };
  readonly operations: number;
  readonly creditsThen: number;
  readonly creditsWith: number;
}
interface Preview {
  readonly operations: number;
  readonly creditsThen: number;
  readonly creditsWith: number;
  readonly accounts: number;
  readonly rows: readonly Row[];
}
interface Line {
  readonly operation: { readonly code: string };
  readonly unitCredits: number;
  readonly credits: number;
  readonly committed: number;
}
interface Reservation {
  readonly id: string;
  readonly held: number;
  readonly status: string;
  readonly lines: readonly Line[];
}
/** What one commit did to one line, at an instant of an account. */
interface Booked {
  readonly accountId: string;
  readonly at: number;
  readonly before: Line;
  readonly after: Line;
}

const PREVIEW = `query ($input: PreviewPriceListInput!) { previewPriceList(input: $input) {
  operations creditsThen creditsWith accounts rows { operation { code } operations creditsThen creditsWith } } }`;
const FIELDS = 'id held status lines { operation { code } unitCredits credits committed }';
const ZONES = ['America/New_York', 'Asia/Kolkata', 'UTC'];
const START = Date.UTC(2026, 0, 10);
const HOUR_MS = 3_600_000;

let server: TestApp;
const zoneOf = new Map<string, string>();
const booked: Booked[] = [];
let keys = 0;
const nextKey = () => `key-${(keys += 1)}`;

async function mutate(field: string, input: Readonly<Record<string, unknown>>): Promise<Reservation | null> {
  const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input`;
  const { data, errors } = await server.gql<Record<string, { reservation?: Reservation }>>(
    `mutation ($input: ${type}!) { ${field}(input: $input) { ... on ReservationReceipt { reservation { ${FIELDS} } } } }`,
    { input: { idempotencyKey: nextKey(), ...input } },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data?.[field]?.reservation ?? null;
}

/** Notes what a commit did to each line. */
function book(accountId: string, at: number, before: Reservation | null, after: Reservation | null): void {
  if (after === null) return;
  for (const [index, line] of after.lines.entries())
    booked.push({ accountId, at, before: before?.lines[index] ?? { ...line, committed: 0 }, after: line });
}

const CODES = ['image.short', 'image.mid', 'image.long', 'audio.short', 'regeneration.advanced', 'content.generate'];

beforeAll(async () => {
  server = await startTestApp();
  const random = seeded(20);
  const one = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const upTo = (most: number): number => 1 + Math.floor(random() * most);
  for (const timeZone of ZONES) {
    const accountId = await server.openAccount({ plan: 'ENTERPRISE', timeZone, now: new Date(START).toISOString() });
    zoneOf.set(accountId, timeZone);
    await server.gql(
      'mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { __typename } }',
      { input: { accountId, idempotencyKey: nextKey(), credits: 100_000, reason: 'enough' } },
      server.operatorToken,
    );
  }
  const open = new Map<string, Reservation[]>([...zoneOf.keys()].map((id) => [id, []]));
  let at = START;
  for (let step = 0; step < 36; step++) {
    at += upTo(5) * HOUR_MS;
    // In the middle prices change: lines of several prices lie in one span.
    if (step === 15)
      await server.gql(
        'mutation ($input: PublishPriceListInput!) { publishPriceList(input: $input) { __typename } }',
        {
          input: {
            idempotencyKey: 'mid',
            sandbox: true,
            prices: [
              { operation: 'image.short', credits: 3 },
              { operation: 'content.generate', credits: 1 },
            ],
          },
        },
        server.operatorToken,
      );
    for (const accountId of zoneOf.keys()) {
      await server.gql('mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) { id } }', {
        input: { accountId, to: new Date(at).toISOString() },
      });
      const holds = open.get(accountId) as Reservation[];
      const work = {
        accountId,
        operations: Array.from({ length: upTo(3) }, () => ({ operation: one(CODES), quantity: upTo(3) })),
      };
      if (random() < 0.3) book(accountId, at, null, await mutate('spendCredits', work));
      else {
        const held = await mutate('reserveCredits', { ...work, ttlSeconds: 86_400 });
        if (held) holds.push(held);
      }
      const hold = holds[Math.floor(random() * holds.length)];
      if (!hold || random() < 0.2) continue;
      const how = random();
      const said =
        how < 0.3
          ? { final: false, ...(hold.held > 1 ? { amount: upTo(hold.held - 1) } : {}) }
          : how < 0.5
            ? { final: random() < 0.5, operations: [{ operation: one(hold.lines).operation.code, quantity: 1 }] }
            : how < 0.6
              ? { amount: hold.held + 7, policy: 'IF_AVAILABLE' }
              : how < 0.7
                ? { outcome: 'FAILED' }
                : {};
      const after = await mutate('commitReservation', { reservationId: hold.id, ...said });
      book(accountId, at, hold, after);
      if (after === null || after.status !== 'HELD') holds.splice(holds.indexOf(hold), 1);
      else holds[holds.indexOf(hold)] = after;
    }
  }
}, 300_000);
afterAll(() => server.close());

async function preview(
  input: Readonly<Record<string, unknown>>,
  costs: Readonly<Record<string, number>>,
  token = server.operatorToken,
): Promise<Preview> {
  const prices = Object.entries(costs).map(([operation, credits]) => ({ operation, credits }));
  const { data, errors } = await server.gql<{ previewPriceList: Preview }>(
    PREVIEW,
    { input: { prices, ...input } },
    token,
  );
  if (!data?.previewPriceList) throw new Error(JSON.stringify(errors));
  return data.previewPriceList;
}

async function usageOf(
  accountId: string,
  from: string,
  to: string,
): Promise<ReadonlyMap<string, { credits: number; operations: number }>> {
  const { data } = await server.gql<{ usage: { rows: { operation: string; credits: number; operations: number }[] } }>(
    'query ($input: UsageInput!) { usage(input: $input) { rows { operation credits operations } } }',
    { input: { accountId, from, to, groupBy: ['OPERATION'] } },
  );
  return new Map(data?.usage.rows.map(({ operation, ...sums }) => [operation, sums]));
}

/** What a line's committed credits would be at another cost, as often as its price went into them. */
function parts({ unitCredits, credits, committed }: Line, cost: number): number {
  return unitCredits === 0 || credits === 0 ? 0 : Math.floor((committed * cost) / unitCredits);
}

/** Counted again, but for what is free: how many of those were done only usage says. */
function recount(
  of: (one: Booked) => boolean,
  costs: Readonly<Record<string, number>>,
): ReadonlyMap<string, { charged: number; priced: number }> {
  const found = new Map<string, { charged: number; priced: number }>();
  for (const { before, after } of booked.filter(of)) {
    const { code } = after.operation;
    const cost = costs[code];
    const known = found.get(code) ?? { charged: 0, priced: 0 };
    const charged = after.committed - before.committed;
    found.set(code, {
      charged: known.charged + charged,
      priced: known.priced + (cost === undefined ? charged : parts(after, cost) - parts(before, cost)),
    });
  }
  return found;
}

const COSTS = { 'image.short': 7, 'image.long': 1, 'audio.short': 1_000_000_000 };
const SPANS: readonly (readonly [string, string])[] = [
  ['2026-01-10', '2026-01-16'],
  ['2026-01-11', '2026-01-11'],
  ['2026-01-12', '2026-01-13'],
  ['2026-01-13', '2026-01-13'],
  ['2025-01-01', '2025-12-31'],
];

test('the history has what is hard to price: parts of operations, several days, several prices', () => {
  const units = (code: string) =>
    new Set(booked.flatMap(({ after }) => (after.operation.code === code ? [after.unitCredits] : [])));
  expect(units('image.short')).toEqual(new Set([5, 3]));
  expect(units('content.generate')).toEqual(new Set([0, 1]));
  expect(booked.some(({ after }) => after.unitCredits > 0 && after.committed % after.unitCredits > 0)).toBe(true);
  expect(booked.some(({ after }) => after.committed > after.credits)).toBe(true);
  expect(booked.some(({ before, after }) => before.committed > 0 && after.committed > before.committed)).toBe(true);
});

test.each(SPANS)(
  'of an account, %s to %s: every figure is that of its days, its usage and its lines',
  async (from, to) => {
    for (const [accountId, zone] of zoneOf) {
      const { rows, ...sums } = await preview({ accountId, from, to }, COSTS);
      const usage = await usageOf(accountId, from, to);
      expect(
        new Map(rows.map((row) => [row.operation.code, { credits: row.creditsThen, operations: row.operations }])),
      ).toEqual(usage);
      const counted = recount(
        (one) => one.accountId === accountId && dayAt(one.at, zone) >= from && dayAt(one.at, zone) <= to,
        COSTS,
      );
      for (const { operation, creditsThen, creditsWith } of rows)
        expect([operation.code, creditsThen, creditsWith]).toEqual([
          operation.code,
          counted.get(operation.code)?.charged,
          counted.get(operation.code)?.priced,
        ]);
      expect(sums).toEqual({
        operations: rows.reduce((sum, row) => sum + row.operations, 0),
        creditsThen: rows.reduce((sum, row) => sum + row.creditsThen, 0),
        creditsWith: rows.reduce((sum, row) => sum + row.creditsWith, 0),
        accounts: rows.length > 0 ? 1 : 0,
      });
    }
  },
);

test.each(SPANS)('of all accounts, %s to %s: every figure is that of UTC days', async (from, to) => {
  const { rows, accounts } = await preview({ sandbox: true, from, to }, COSTS);
  const isWithin = ({ at }: Booked) => dayAt(at, 'UTC') >= from && dayAt(at, 'UTC') <= to;
  const counted = recount(isWithin, COSTS);
  const figures = rows.map((row) => [row.operation.code, row.creditsThen, row.creditsWith]);
  const expected = rows.map(({ operation: { code } }) => [code, counted.get(code)?.charged, counted.get(code)?.priced]);
  expect(figures).toEqual(expected);
  const active = new Set(
    booked
      .filter((one) => isWithin(one) && one.after.committed > one.before.committed)
      .map(({ accountId }) => accountId),
  );
  expect(accounts).toBe(active.size);
  // Of live accounts there are none.
  expect(await preview({ from, to }, COSTS)).toMatchObject({ accounts: 0, rows: [] });
});

test('at the costs that were charged it is what was charged, and spans add up', async () => {
  for (const accountId of zoneOf.keys()) {
    const whole = await preview(
      { accountId, from: '2026-01-10', to: '2026-01-16' },
      { 'audio.short': 15, 'image.mid': 10 },
    );
    expect(whole.creditsWith).toBe(whole.creditsThen);
    expect(whole.creditsThen).toBeGreaterThan(0);
    const days = ['10', '11', '12', '13', '14', '15', '16'].map((day) => `2026-01-${day}`);
    let sum = 0;
    for (const day of days) sum += (await preview({ accountId, from: day, to: day }, COSTS)).creditsWith;
    expect(sum).toBe((await preview({ accountId, from: '2026-01-10', to: '2026-01-16' }, COSTS)).creditsWith);
  }
});

test('what was free counts by the operations that were done; a courtesy stays one', async () => {
  const accountId = await server.openAccount({ plan: 'FREE' });
  await mutate('spendCredits', {
    accountId,
    operations: [{ operation: 'media.upload', quantity: 2 }],
  });
  await mutate('spendCredits', { accountId, operations: [{ operation: 'regeneration.basic' }] });
  const shown = await preview(
    { accountId, from: '2026-01-01', to: '2026-01-01' },
    { 'media.upload': 6, 'regeneration.basic': 3 },
  );
  expect(shown.rows.map((row) => [row.operation.code, row.operations, row.creditsThen, row.creditsWith])).toEqual([
    ['regeneration.basic', 1, 0, 0],
    ['media.upload', 2, 0, 12],
  ]);
});

test('no statement of a preview reads a table but by account, and none reads more reservations than it may', async () => {
  const sent = await recordQueries(() => preview({ sandbox: true, from: '2026-01-10', to: '2026-01-16' }, COSTS));
  const statements = new Map(
    sent
      .filter(({ text }) => /^\/\* (prices|past|ledger)\./.test(text) && !text.includes('prices.clock'))
      .map(({ text }, index) => [`${index}`, { name: `${index}`, text, values: [] }]),
  );
  expect(statements.size).toBeGreaterThan(4);
  expect(await findBadPaths(server.databaseUrl, statements)).toEqual([]);
  const ids = [...zoneOf.keys()].map((id) => String(parseId('acct', id)));
  const range = { start: START, end: START + 7 * 24 * HOUR_MS };
  const reader = poolOf(server.app.dataSource);
  expect((await readCommittedLines(reader, ids, range, 1_000))?.length).toBeGreaterThan(50);
  expect(await readCommittedLines(reader, ids, range, 10)).toBeNull();
});

const SPAN = { from: '2026-01-10', to: '2026-01-11' };
test.each<[string, () => Promise<string> | string | null, string]>([
  ['nobody', () => null, 'UNAUTHENTICATED'],
  ['a service', () => server.serviceToken, 'FORBIDDEN'],
  ['an owner', async () => server.userToken(await server.openAccount()), 'FORBIDDEN'],
  ['an operator without prices:write', () => server.token({ kind: 'operator', scope: 'reports:read' }), 'FORBIDDEN'],
  [
    'an operator of one account',
    async () => server.token({ kind: 'operator', accounts: { [await server.openAccount()]: 'owner' } }),
    'FORBIDDEN',
  ],
])('%s previews nothing', async (_, tokenOf, code) => {
  const input = { ...SPAN, prices: [{ operation: 'image.short', credits: 1 }] };
  expect(errorsOf(await server.gql(PREVIEW, { input }, await tokenOf()))).toMatchObject([{ code }]);
});

test('an operator who owns one account previews its prices', async () => {
  const [accountId] = [...zoneOf.keys()] as [string];
  const token = await server.token({ kind: 'operator', accounts: { [accountId]: 'owner' }, scope: 'prices:write' });
  expect((await preview({ accountId, ...SPAN }, COSTS, token)).accounts).toBe(1);
});

const PRICES = [{ operation: 'image.short', credits: 1 }];
test.each<[string, Record<string, unknown>, string, string | null]>([
  ['no account id', { accountId: 'acct_1' }, 'BAD_USER_INPUT', 'accountId'],
  ['an unknown account', { accountId: 'acct_01m82xyrw5etyb0e1xt47m82vw' }, 'NOT_FOUND', null],
  ['a span that ends before it begins', { from: '2026-01-12' }, 'BAD_USER_INPUT', 'to'],
  ['a huge span', { from: '1990-01-01' }, 'BAD_USER_INPUT', 'to'],
  ['a day before 1970', { from: '1969-01-01', to: '1969-01-02' }, 'BAD_USER_INPUT', 'from'],
  ['no day', { from: '2026-02-30' }, 'BAD_USER_INPUT', 'from'],
  ['no prices', { prices: [] }, 'BAD_USER_INPUT', 'prices'],
  ['an operation twice', { prices: [...PRICES, ...PRICES] }, 'BAD_USER_INPUT', 'prices[1].operation'],
  [
    'an unknown operation',
    { prices: [{ operation: 'image.none', credits: 1 }] },
    'BAD_USER_INPUT',
    'prices[0].operation',
  ],
  [
    'a huge cost',
    { prices: [{ operation: 'image.short', credits: 1_000_000_001 }] },
    'BAD_USER_INPUT',
    'prices[0].credits',
  ],
  ['a negative cost', { prices: [{ operation: 'image.short', credits: -1 }] }, 'BAD_USER_INPUT', 'prices[0].credits'],
])('%s is refused over both doors', async (_, more, code, field) => {
  const input = { ...SPAN, prices: PRICES, ...more };
  const socket = await server.signedIn(server.operatorToken);
  const answers: Pick<GraphQLAnswer<unknown>, 'errors'>[] = [
    await server.gql(PREVIEW, { input }, server.operatorToken),
    (await socket.gql(PREVIEW, { input })) as Pick<GraphQLAnswer<unknown>, 'errors'>,
  ];
  socket.close();
  for (const answer of answers) {
    const [error] = errorsOf(answer);
    expect(error?.code).toBe(code);
    if (field !== null) expect(String(error?.field).endsWith(field)).toBe(true);
  }
});

test('a span of days to come and zero costs are answered', async () => {
  const [accountId] = [...zoneOf.keys()] as [string];
  expect(await preview({ accountId, from: '9999-12-30', to: '9999-12-31' }, COSTS)).toMatchObject({
    accounts: 0,
    operations: 0,
  });
  expect(await preview({ sandbox: true, from: '9999-12-30', to: '9999-12-31' }, COSTS)).toMatchObject({ accounts: 0 });
  const free = Object.fromEntries(CODES.map((code) => [code, 0]));
  expect((await preview({ accountId, from: '2026-01-10', to: '2026-01-16' }, free)).creditsWith).toBe(0);
});
