import { setTimeout as sleep } from 'node:timers/promises';
import { formatPlaceId } from '@aibc/shared/ids';
import { v7 } from 'uuid';
import { clock, createTestLedger, grant, release, reserve, reservationIdOf } from '../testing/test-ledger.js';
import type { TestLedger } from '../testing/test-ledger.js';
import type { Row } from '../ledger/wire/flight.js';
import { EVENT, toEvent } from '../ledger/rows/event-rows.js';
import type { CreditEvent } from './live.types.js';
import type { Caller } from '../auth/caller.js';
import { Reading, publicId, serviceOf, startTestProcess, userOf } from '../testing/test-live.js';
import type { TestProcess } from '../testing/test-live.js';
import { until } from '../testing/test-until.js';

let shared: TestLedger;
let a: TestProcess;
let b: TestProcess;

beforeAll(async () => {
  shared = await createTestLedger();
  [a, b] = await Promise.all([startTestProcess(shared), startTestProcess(shared)]);
});
afterEach(() => {
  for (const { live } of [a, b])
    if (live.hub.readerCount + live.clocks.readerCount + live.feed.readerCount > 0)
      throw new Error('somebody is still listening');
});
afterAll(async () => {
  await Promise.all([a.close(), b.close()]);
  await shared.close();
});

const storedEvents = async (filter: string, values: unknown[]): Promise<string[]> => {
  const { rows } = await shared.pool.query<Row>(
    `SELECT ${EVENT.select('e')} FROM event e WHERE ${filter} ORDER BY feed_seq`,
    values,
  );
  return EVENT.read(rows).map((row) => a.live.show(toEvent(row)).id);
};

const balances = async (process: TestProcess, account: string) =>
  new Reading(await process.live.balanceChanged(userOf(account), publicId(account), 'STANDARD'));

const events = async (
  process: TestProcess,
  account: string | null,
  after: string | null = null,
  types: string[] | null = null,
) =>
  new Reading(
    await process.live.creditEvents(account === null ? serviceOf('sandbox') : userOf(account), {
      accountId: account === null ? null : publicId(account),
      types,
      after,
    }),
  );

const clockReadings = async (process: TestProcess, account: string) =>
  new Reading(await process.live.clockMoved(userOf(account), publicId(account)));

/** Whoever listens for events has reached the end of the feed. */
const settled = ({ live }: TestProcess): Promise<number> => until(() => live.feed.liveCount === live.feed.readerCount);

test('a balance: first as it is, then as each process changed it, versions growing', async () => {
  const account = await shared.open('PRO');
  const readings = [await balances(a, account), await balances(b, account)];
  for (const reading of readings)
    expect((await reading.has(1))[0]).toMatchObject({ available: 100, version: 1, accountId: publicId(account) });
  const outcome = await a.ledger.submit(reserve(account, { 'image.short': 1 }));
  for (const reading of readings)
    expect((await reading.has(2))[1]).toMatchObject({ available: 95, held: 5, version: 2 });
  await b.ledger.submit(release(account, reservationIdOf(outcome)));
  for (const reading of readings)
    expect((await reading.has(3))[2]).toMatchObject({ available: 100, held: 0, version: 3 });
  for (const reading of readings) reading.cut();
});

test('a moved test clock is told to every process, also when nothing ended on the way and no version was taken', async () => {
  const account = await shared.open('PRO');
  const [here, there] = [await clockReadings(a, account), await clockReadings(b, account)];
  const balance = await balances(a, account);
  await balance.has(1);
  const [first] = await here.has(1);
  await there.has(1);
  expect(first).toMatchObject({ accountId: publicId(account), runs: false });
  const to = (first?.now ?? 0) + 3_600_000;
  await a.ledger.submit(clock(account, to));
  expect((await here.has(2))[1]).toMatchObject({ now: to, runs: false });
  expect((await there.has(2))[1]).toMatchObject({ now: to, runs: false });
  expect(Math.abs((here.values[1]?.wallClock ?? 0) - Date.now())).toBeLessThan(60_000);
  // To where it is: nothing is told. What comes next is the move after it.
  await a.ledger.submit(clock(account, to));
  await a.ledger.submit(clock(account, to + 1_000));
  expect((await here.has(3))[2]).toMatchObject({ now: to + 1_000 });
  expect(balance.values).toHaveLength(1);
  for (const reading of [here, there, balance]) reading.cut();
});

test("a live account's clock is the wall clock, told once", async () => {
  const account = await shared.open('PRO', { sandbox: false });
  const owner = { ...userOf(account), sides: ['live'] } satisfies Caller;
  const reading = new Reading(await a.live.clockMoved(owner, publicId(account)));
  const [first] = await reading.has(1);
  expect(first).toMatchObject({ runs: true, now: first?.wallClock });
  expect(Math.abs((first?.now ?? 0) - Date.now())).toBeLessThan(60_000);
  await a.ledger.submit(reserve(account, { 'image.short': 1 }));
  const balance = new Reading(await a.live.balanceChanged(owner, publicId(account), 'STANDARD'));
  await balance.has(1);
  expect(reading.values).toHaveLength(1);
  reading.cut();
  balance.cut();
});

test('another process hears of a commit at once, not by its look every few seconds', async () => {
  const account = await shared.open('PRO');
  const reading = await balances(b, account);
  await reading.has(1);
  const delays: number[] = [];
  for (let round = 0; round < 5; round++) {
    await sleep(110);
    const seen = reading.values.length;
    const committedAt = performance.now();
    await a.ledger.submit(reserve(account, { 'image.short': 1 }));
    await reading.has(seen + 1);
    delays.push(performance.now() - committedAt);
  }
  reading.cut();
  expect(delays.sort((x, y) => x - y)[2]).toBeLessThan(1_000);
});

test('nobody else is told: a foreign account, a malformed id, a missing scope', async () => {
  const [mine, other] = [await shared.open('PRO'), await shared.open('PRO')];
  const wanted = { accountId: publicId(other), types: null, after: null };
  await expect(a.live.balanceChanged(userOf(mine), publicId(other), 'STANDARD')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await expect(a.live.creditEvents(userOf(mine), wanted)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(a.live.balanceChanged(userOf(mine), publicId(v7()), 'STANDARD')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await expect(a.live.balanceChanged(serviceOf('live'), publicId(mine), 'STANDARD')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await expect(a.live.balanceChanged(null, publicId(mine), 'STANDARD')).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
  await expect(a.live.creditEvents(null, { ...wanted, accountId: null })).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
  const mute = { ...userOf(mine), scopes: new Set<never>() };
  await expect(a.live.balanceChanged(mute, publicId(mine), 'STANDARD')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(a.live.creditEvents(mute, { ...wanted, accountId: null })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  for (const id of ['acct_nonsense', '', mine]) {
    await expect(a.live.balanceChanged(userOf(mine), id, 'STANDARD')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { field: 'accountId' },
    });
  }
});

test('a cursor: malformed is BAD_USER_INPUT, foreign, of another account or of no event is NOT_FOUND', async () => {
  const [mine, other] = [await shared.open('PRO'), await shared.open('PRO')];
  for (const account of [mine, other]) await a.ledger.submit(grant(account, 5));
  const [myEvent = ''] = await storedEvents('account_id = $1', [mine]);
  const [theirEvent = ''] = await storedEvents('account_id = $1', [other]);
  const open = (caller: Parameters<typeof a.live.creditEvents>[0], accountId: string | null, after: string) =>
    a.live.creditEvents(caller, { accountId: accountId && publicId(accountId), types: null, after });
  await expect(open(userOf(mine), mine, 'evt_nonsense')).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    extensions: { field: 'after' },
  });
  await expect(open(userOf(mine), null, theirEvent)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(open(userOf(mine, other), mine, theirEvent)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(
    open(userOf(mine), mine, formatPlaceId('evt', { accountId: mine, version: 9, ordinal: 9 })),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(open(userOf(mine), mine, myEvent)).resolves.toBeDefined();
  await expect(open(serviceOf('sandbox'), null, theirEvent)).resolves.toBeDefined();
});

test('19, 21, 19, 21 around a mark of 20 is one warning', async () => {
  const account = await shared.open('PRO');
  await a.ledger.submit(reserve(account, { 'video.short': 3, 'regeneration.advanced': 2 }));
  const reading = new Reading(
    await b.live.creditEvents(userOf(account), {
      accountId: publicId(account),
      types: ['BALANCE_LOW', 'BALANCE_RECOVERED'],
      after: null,
    }),
  );
  const balance = await balances(b, account);
  await settled(b);
  expect((await balance.has(1))[0]).toMatchObject({ available: 21 });
  for (let round = 0; round < 4; round++) {
    const held = await a.ledger.submit(reserve(account, { 'regeneration.advanced': 1 }));
    await a.ledger.submit(release(account, reservationIdOf(held)));
  }
  await until(() => balance.values.at(-1)?.version === 10);
  await reading.has(1);
  await sleep(50);
  expect(reading.values).toMatchObject([
    {
      type: 'BALANCE_LOW',
      level: 'LOW',
      threshold: 20,
      balance: { available: 19 },
      message: '19 credits left, at or below the low mark of 20.',
    },
  ]);
  expect(await storedEvents('account_id = $1', [account])).toEqual([reading.values[0]?.id]);
  reading.cut();
  balance.cut();
});

test('a year of resets told in one go arrives in order, each with its figures', async () => {
  const account = await shared.open('PRO', { now: Date.UTC(2026, 0, 1) });
  const reading = await events(a, account, null, ['PERIOD_RESET']);
  await settled(a);
  await b.ledger.submit(clock(account, Date.UTC(2027, 0, 1)));
  const resets = await reading.has(12);
  expect(resets.map(({ reset }) => reset?.period.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(resets[0]).toMatchObject({ credits: null, reset: { forfeited: 100, rolledOver: 0, granted: 100 } });
  reading.cut();
});

test('a doorbell that is cut loses nothing: it is heard again, and what was missed is looked up', async () => {
  const account = await shared.open('PRO');
  const balance = await balances(b, account);
  const event = await events(b, account);
  await balance.has(1);
  await settled(b);
  await shared.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'credits doorbell' AND datname = current_database()`,
  );
  await a.ledger.submit(grant(account, 7));
  expect((await balance.has(2)).at(-1)).toMatchObject({ available: 107, version: 2 });
  expect(await event.has(1)).toMatchObject([{ type: 'GRANT_ADDED', credits: 7 }]);
  await until(() => a.live.doorbell.connected && b.live.doorbell.connected);
  balance.cut();
  event.cut();
});

test('a process that hears no doorbell at all looks for itself', async () => {
  const deaf = await startTestProcess(shared, { lookMs: 100 });
  await deaf.live.doorbell.close();
  const account = await shared.open('PRO');
  const balance = await balances(deaf, account);
  const event = await events(deaf, account);
  await balance.has(1);
  await settled(deaf);
  await a.ledger.submit(grant(account, 7));
  expect((await balance.has(2)).at(-1)).toMatchObject({ available: 107 });
  await event.has(1);
  balance.cut();
  event.cut();
  await deaf.close();
});

test('a consumer that is cut 50 times during 2,000 operations and two restarts has every warning, once, in order', async () => {
  const accounts = await Promise.all(Array.from({ length: 8 }, () => shared.open('PRO')));
  let process = await startTestProcess(shared);
  let writer = await startTestProcess(shared);
  const seen: CreditEvent[] = [];
  const other = await shared.open('PRO');
  const caller = userOf(...accounts, other);
  const first = await shared.pool.query<{ seq: string }>('SELECT coalesce(max(feed_seq), 0) AS seq FROM event');
  const startSeq = first.rows[0]?.seq;
  await a.ledger.submit(grant(other, 1));
  const [anchor = ''] = await storedEvents('account_id = $1', [other]);

  let isWriting = true;
  const expected = (): Promise<string[]> =>
    storedEvents(`account_id = ANY ($1) AND feed_seq > $2 AND type IN ('BALANCE_LOW', 'BALANCE_RECOVERED')`, [
      accounts,
      startSeq,
    ]);
  const consume = async (): Promise<number> => {
    let cuts = 0;
    for (; ; cuts++) {
      if (cuts === 17 || cuts === 34) {
        await process.close();
        process = await startTestProcess(shared);
      }
      const types = ['BALANCE_LOW', 'BALANCE_RECOVERED'];
      const reading = new Reading(
        await process.live.creditEvents(caller, { accountId: null, types, after: seen.at(-1)?.id ?? anchor }),
      );
      await sleep(10 + Math.random() * 60);
      reading.cut();
      expect(reading.error).toBeNull();
      seen.push(...reading.values);
      if (!isWriting && cuts >= 50 && seen.length >= (await expected()).length) return cuts;
    }
  };
  const consuming = consume();
  await Promise.all(
    accounts.map(async (account) => {
      for (let round = 0; round < 125; round++) {
        const ledger = [a, b, writer][round % 3]?.ledger ?? a.ledger;
        const held = await ledger.submit(reserve(account, { 'image.long': 4 }));
        await ledger.submit(release(account, reservationIdOf(held)));
        await sleep(15);
      }
    }),
  );
  await writer.close();
  isWriting = false;
  expect(await consuming).toBeGreaterThanOrEqual(50);
  expect(seen).toHaveLength(2_000);
  expect(seen.map(({ id }) => id)).toEqual(await expected());
  await process.close();
});
