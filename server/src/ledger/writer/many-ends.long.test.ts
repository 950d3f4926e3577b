import { v7 } from 'uuid';
import {
  advance,
  clock,
  commit,
  createTestLedger,
  extend,
  grant,
  release,
  reserve,
  reservationIdOf,
  type TestLedger,
} from '../../testing/test-ledger.js';
import type { Outcome } from '../core/outcome.js';
import type { Row } from '../wire/flight.js';
import { verifyLedger } from '../books/verify.js';

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => books.close());

/** Opens holds that end at the given minutes after the start. */
async function openHolds(account: string, minutes: readonly number[]): Promise<readonly string[]> {
  const outcomes = await Promise.all(
    minutes.map((minute) => books.ledger.submit(reserve(account, { 'media.upload': 1 }, { ttlSeconds: minute * 60 }))),
  );
  return outcomes.map(reservationIdOf);
}

async function statuses(account: string): Promise<Record<string, number>> {
  const { rows } = await books.pool.query<Row>(
    'SELECT status, count(*) AS n FROM reservation WHERE account_id = $1 GROUP BY status',
    [account],
  );
  return Object.fromEntries(rows.map((row) => [row['status'] as unknown as string, row['n'] as unknown as number]));
}

/** Types of events with the minute they happened at, runs of equal ones counted. */
async function told(account: string): Promise<string[]> {
  const { rows } = await books.pool.query<Row>('SELECT type, at FROM event WHERE account_id = $1 ORDER BY feed_seq', [
    account,
  ]);
  const runs: { what: string; times: number }[] = [];
  for (const row of rows) {
    const what = `${String(row['type'])} ${((row['at'] as unknown as number) - START) / MINUTE}`;
    const last = runs.at(-1);
    if (last?.what === what) last.times++;
    else runs.push({ what, times: 1 });
  }
  return runs.map(({ what, times }) => `${what} x${times}`);
}

function nowOf(outcome: Outcome): number | string {
  return outcome.kind === 'account' ? outcome.now : outcome.kind;
}

test('2,500 holds that end at one instant, a grant at the same, a period after it: all closed, in order, by one move of the clock', async () => {
  const account = await books.open('PRO', { now: START });
  await openHolds(account, Array<number>(2_500).fill(30));
  await books.ledger.submit(grant(account, 10, { expiresAt: START + 30 * MINUTE }));
  const to = START + 40 * 1_440 * MINUTE;
  expect(nowOf(await books.ledger.submit(clock(account, to)))).toBe(to);
  expect(await statuses(account)).toEqual({ EXPIRED: 2_500 });
  expect(await told(account)).toEqual([
    'GRANT_ADDED 0 x1',
    'RESERVATION_EXPIRED 30 x2500',
    'GRANT_EXPIRED 30 x1',
    'PERIOD_RESET 44640 x1',
  ]);
  expect((await verifyLedger({ ...books, accountIds: [account] })).problems).toEqual([]);
}, 60_000);

/** Ids of the reservations that expired, in the order in which it was told, and in the order of their age. */
async function closingOrder(account: string): Promise<{ closed: string[]; byAge: string[] }> {
  const ids = async (sql: string) => (await books.pool.query<{ id: string }>(sql, [account])).rows.map(({ id }) => id);
  return {
    closed: await ids(
      `SELECT facts::json ->> 'reservationId' AS id FROM event WHERE account_id = $1 AND type = 'RESERVATION_EXPIRED' ORDER BY version`,
    ),
    byAge: await ids(
      `SELECT reservation_id AS id FROM reservation WHERE account_id = $1 AND status = 'EXPIRED' ORDER BY created_at, reservation_id`,
    ),
  };
}

/** Opens so many holds, an instant after each other, that all end in one hour. */
async function openOneByOne(account: string, count: number): Promise<string[]> {
  const holds: string[] = [];
  for (let second = 0; second < count; second++) {
    await books.ledger.submit(clock(account, START + second * 1_000));
    holds.push(
      reservationIdOf(
        await books.ledger.submit(reserve(account, { 'image.short': 1 }, { ttlSeconds: 3_600 - second })),
      ),
    );
  }
  return holds;
}

test('holds that end at one instant close by age, whatever a process has seen of them before', async () => {
  for (const writerOf of [() => books.ledger, () => books.another()]) {
    const account = await books.open('PRO', { now: START });
    const holds = await openOneByOne(account, 5);
    const writer = writerOf();
    // It knows the younger ones, and not in the order of their age.
    for (const index of [4, 2])
      await writer.submit(commit(account, holds[index] as string, { amount: 1, final: false }));
    await writer.submit(clock(account, START + 60 * MINUTE));
    const { closed, byAge } = await closingOrder(account);
    expect(closed).toEqual(holds);
    expect(byAge).toEqual(holds);
  }
});

test('more holds than one batch closes end at one instant in the order of their age, the youngest known beforehand', async () => {
  const account = await books.open('PRO', { now: START });
  await openHolds(account, Array<number>(1_500).fill(30));
  await books.ledger.submit(clock(account, START + MINUTE));
  const youngest = await openHolds(account, Array<number>(100).fill(29));
  const other = books.another();
  for (const hold of youngest.slice(50).reverse()) await other.submit(extend(account, hold, 29 * 60));
  await other.submit(clock(account, START + 40 * MINUTE));
  const { closed, byAge } = await closingOrder(account);
  expect(closed).toHaveLength(1_600);
  expect(closed).toEqual(byAge);
}, 60_000);

test('grants that end at one instant close by age, in a process that reads them anew too', async () => {
  for (const writerOf of [() => books.ledger, () => books.another()]) {
    const account = await books.open('FREE', { now: START });
    const ids = Array.from({ length: 6 }, () => v7());
    // Made at one instant in another order than their ids have, and two of them later.
    for (const id of ids.slice(0, 4).reverse())
      await books.ledger.submit({ ...grant(account, 5, { expiresAt: START + 60 * MINUTE }), grantId: id });
    await books.ledger.submit(clock(account, START + MINUTE));
    for (const id of ids.slice(4).reverse())
      await books.ledger.submit({ ...grant(account, 5, { expiresAt: START + 60 * MINUTE }), grantId: id });
    await writerOf().submit(clock(account, START + 60 * MINUTE));
    const { rows } = await books.pool.query<{ grant_id: string }>(
      `SELECT facts::json ->> 'grantId' AS grant_id FROM event WHERE account_id = $1 AND type = 'GRANT_EXPIRED' ORDER BY version`,
      [account],
    );
    expect(rows.map(({ grant_id }) => grant_id)).toEqual(ids);
  }
});

test('exactly as many as one batch closes, one more, one less: none is left behind', async () => {
  for (const count of [999, 1_000, 1_001, 2_000]) {
    const account = await books.open('FREE', { now: START });
    // From another process, so that nothing of it is known here.
    await openHolds(
      account,
      Array.from({ length: count }, (_, index) => 10 + (index % 7)),
    );
    await openHolds(account, [60]);
    const other = books.another();
    const to = START + 20 * MINUTE;
    expect(nowOf(await other.submit(clock(account, to)))).toBe(to);
    expect(await statuses(account)).toEqual({ EXPIRED: count, HELD: 1 });
    expect(nowOf(await other.submit(clock(account, START + 60 * MINUTE)))).toBe(START + 60 * MINUTE);
    expect(await statuses(account)).toEqual({ EXPIRED: count + 1 });
    expect((await verifyLedger({ ...books, accountIds: [account] })).problems).toEqual([]);
  }
}, 60_000);

test('commands that wait behind a long closing keep their order and see all of it closed', async () => {
  const account = await books.open('PRO', { now: START });
  const [first = ''] = await openHolds(
    account,
    Array.from({ length: 1_500 }, (_, index) => 10 + (index % 3)),
  );
  const held = reservationIdOf(await books.ledger.submit(reserve(account, { 'image.mid': 5 }, { ttlSeconds: 3_600 })));
  const other = books.another({ lanes: 1 });
  const outcomes = await Promise.all([
    other.submit(advance(account)),
    other.submit(clock(account, START + 30 * MINUTE)),
    other.submit(release(account, first)),
    other.submit(commit(account, held, { amount: 20, final: false })),
    other.submit(commit(account, held)),
    other.submit(clock(account, START + 31 * MINUTE)),
    other.submit(release(account, held)),
  ]);
  expect(
    outcomes.map((outcome) =>
      outcome.kind === 'refused'
        ? `${outcome.refusal.kind} ${'reservation' in outcome.refusal ? outcome.refusal.reservation.status : ''}`
        : outcome.kind,
    ),
  ).toEqual([
    'account',
    'account',
    'ReservationClosed EXPIRED',
    'reservation',
    'reservation',
    'account',
    'ReservationClosed COMMITTED',
  ]);
  expect(await statuses(account)).toEqual({ COMMITTED: 1, EXPIRED: 1_500 });
  expect((await verifyLedger({ ...books, accountIds: [account] })).problems).toEqual([]);
}, 60_000);

test('a refused move of the clock beside many holds changes nothing', async () => {
  const account = await books.open('FREE', { now: START });
  await openHolds(account, Array<number>(1_200).fill(10));
  const other = books.another();
  const outcome = await other.submit(clock(account, Date.UTC(2150, 0, 1)));
  expect(outcome.kind).toBe('refused');
  expect(await statuses(account)).toEqual({ HELD: 1_200 });
});

test('a live account with more ended holds than one batch closes is closed by the first touch', async () => {
  const account = await books.open('PRO', { sandbox: false });
  await openHolds(account, Array<number>(1_300).fill(1));
  // Time passes: the account was last seen two minutes ago.
  const shift = `- interval '2 minutes'`;
  await books.pool.query(
    `UPDATE reservation SET created_at = created_at ${shift}, expires_at = expires_at ${shift} WHERE account_id = $1`,
    [account],
  );
  await books.pool.query(
    `UPDATE ledger_account SET changed_at = changed_at ${shift}, due_at = due_at ${shift}, period_start = period_start ${shift}, anchor_at = anchor_at ${shift} WHERE account_id = $1`,
    [account],
  );
  const other = books.another();
  const [read, spent] = await Promise.all([
    other.submit(advance(account)),
    other.submit(reserve(account, { 'image.short': 1 }, { spend: true })),
  ]);
  expect([read.kind, spent.kind]).toEqual(['account', 'reservation']);
  expect(await statuses(account)).toEqual({ COMMITTED: 1, EXPIRED: 1_300 });
});

test('two writers in turns on one account: what one remembers is never older than what the other wrote', async () => {
  const account = await books.open('ENTERPRISE', { now: START });
  const writers = [books.ledger, books.another(), books.another()];
  const holds: string[] = [];
  for (let turn = 0; turn < 60; turn++) {
    const writer = writers[turn % 3] as typeof books.ledger;
    const next = writers[(turn + 1) % 3] as typeof books.ledger;
    holds.push(
      reservationIdOf(
        await writer.submit(reserve(account, { 'image.short': 1 }, { ttlSeconds: 60 * (1 + (turn % 50)) })),
      ),
    );
    if (turn % 4 === 1) await next.submit(clock(account, START + turn * MINUTE));
    if (turn % 5 === 2) await next.submit(commit(account, holds[turn - 1] as string));
    if (turn % 7 === 3) await writer.submit(grant(account, 3, { key: v7(), expiresAt: START + (turn + 9) * MINUTE }));
  }
  expect((await verifyLedger({ ...books, accountIds: [account] })).problems).toEqual([]);
});

test('a hold opened and closed in one batch does not hide a later one that another process opened', async () => {
  const account = await books.open('PRO', { now: START });
  const later = reservationIdOf(await books.ledger.submit(reserve(account, { 'image.mid': 1 }, { ttlSeconds: 7_200 })));
  const other = books.another({ lanes: 1 });
  await Promise.all([
    other.submit(reserve(account, { 'image.short': 1 }, { ttlSeconds: 60 })),
    other.submit(clock(account, START + 60 * MINUTE)),
  ]);
  expect((await verifyLedger({ ...books, accountIds: [account] })).problems).toEqual([]);
  await other.submit(clock(account, START + 120 * MINUTE));
  expect(await statuses(account)).toEqual({ EXPIRED: 2 });
  expect((await other.submit(release(account, later))).kind).toBe('refused');
});

test('closing the next hold and moving the clock in one batch hides no hold that ends after it', async () => {
  for (const end of [release, (account: string, id: string) => extend(account, id, 86_400)]) {
    const account = await books.open('PRO', { now: START });
    const [, next = ''] = await openHolds(account, [10, 60, 120]);
    const other = books.another({ lanes: 1 });
    await Promise.all([other.submit(end(account, next)), other.submit(clock(account, START + 30 * MINUTE))]);
    expect((await verifyLedger({ ...books, accountIds: [account] })).problems).toEqual([]);
    await other.submit(clock(account, START + 120 * MINUTE));
    expect((await statuses(account))['EXPIRED']).toBe(2);
    expect((await verifyLedger({ ...books, accountIds: [account] })).problems).toEqual([]);
  }
});
