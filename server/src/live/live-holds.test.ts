import { serviceOf, publicId, Reading, startTestProcess, type TestProcess, userOf } from '../testing/test-live.js';
import {
  add,
  clock,
  commit,
  createTestLedger,
  extend,
  release,
  reserve,
  reservationIdOf,
  type TestLedger,
} from '../testing/test-ledger.js';
import { until } from '../testing/test-until.js';

let shared: TestLedger;
let a: TestProcess;
let b: TestProcess;
beforeAll(async () => {
  shared = await createTestLedger();
  [a, b] = await Promise.all([startTestProcess(shared), startTestProcess(shared)]);
});
afterEach(() => expect(a.liveHolds.holds.readerCount + b.liveHolds.holds.readerCount).toBe(0));
afterAll(async () => {
  await Promise.all([a.close(), b.close()]);
  await shared.close();
});

const watch = async (process: TestProcess, account: string) =>
  new Reading(await process.liveHolds.reservationChanged(userOf(account), publicId(account)));

test('open holds first, then each change of them in both processes: added to, extended, a part, the end', async () => {
  const account = await shared.open('PRO');
  const id = reservationIdOf(await a.ledger.submit(reserve(account, { 'image.short': 4 })));
  await a.ledger.submit(reserve(account, { 'image.short': 1 }, { spend: true }));
  const readings = [await watch(a, account), await watch(b, account)];
  for (const reading of readings)
    expect((await reading.has(1))[0]).toMatchObject({ status: 'HELD', held: 20, version: 2 });
  const steps = [
    [a, add(account, id, { 'image.mid': 1 }), { status: 'HELD', held: 30, version: 4 }],
    [b, extend(account, id, 7_200), { status: 'HELD', held: 30, version: 5 }],
    [a, commit(account, id, { amount: 5, final: false }), { status: 'HELD', held: 25, committed: 5, version: 6 }],
    [b, release(account, id), { status: 'RELEASED', held: 0, version: 7 }],
  ] as const;
  let told = 1;
  for (const [process, command, expected] of steps) {
    await process.ledger.submit(command);
    told += 1;
    for (const reading of readings) expect((await reading.has(told))[told - 1]).toMatchObject(expected);
  }
  // What opened and closed at once is told, too.
  await b.ledger.submit(reserve(account, { 'image.short': 1 }, { spend: true }));
  for (const reading of readings)
    expect((await reading.has(told + 1))[told]).toMatchObject({ status: 'COMMITTED', version: 8 });
  for (const reading of readings) expect(reading.values).toHaveLength(told + 1);
  for (const reading of readings) reading.cut();
});

test('what time ends is told: a hold that expires when the test clock moves', async () => {
  const account = await shared.open('PRO');
  const reading = await watch(b, account);
  await a.ledger.submit(reserve(account, { 'image.short': 1 }, { ttlSeconds: 60 }));
  await reading.has(1);
  const head = await shared.pool.query<{ clock_at: number }>(
    'SELECT clock_at FROM ledger_account WHERE account_id = $1',
    [account],
  );
  await a.ledger.submit(clock(account, (head.rows[0]?.clock_at ?? 0) + 60_000));
  expect((await reading.has(2))[1]).toMatchObject({ status: 'EXPIRED', released: 5 });
  reading.cut();
});

test('a writer in another process that rings nobody is found by the look: nothing is missing, nothing twice', async () => {
  const account = await shared.open('ENTERPRISE');
  const reading = await watch(a, account);
  const silent = shared.another();
  const writers = [a.ledger, b.ledger, silent];
  const ids: string[] = [];
  for (let step = 0; step < 60; step++) {
    const writer = writers[step % 3] as (typeof writers)[number];
    if (step % 4 === 3) await writer.submit(release(account, ids[step % ids.length] as string));
    else ids.push(reservationIdOf(await writer.submit(reserve(account, { 'image.short': 1 }))));
  }
  // The last word is lost; the look finds it.
  ids.push(reservationIdOf(await silent.submit(reserve(account, { 'image.short': 1 }))));
  a.liveHolds.holds.look();
  const newest = () => new Map(reading.values.map((one) => [one.id, one]));
  await until(() => newest().size === ids.length);
  const { rows } = await shared.pool.query<{ version: number; status: string }>(
    'SELECT version, status FROM reservation WHERE account_id = $1 ORDER BY version',
    [account],
  );
  await until(() => [...newest().values()].every(({ version }) => rows.some((row) => row.version === version)));
  expect(
    [...newest().values()].map(({ version, status }) => ({ version, status })).sort((x, y) => x.version - y.version),
  ).toEqual(rows);
  const versions = reading.values.map(({ version }) => version);
  expect(versions).toEqual([...new Set(versions)].sort((x, y) => x - y));
  reading.cut();
});

test('nobody else is told, and an account without holds tells nothing', async () => {
  const [mine, other] = [await shared.open('PRO'), await shared.open('PRO')];
  await expect(a.liveHolds.reservationChanged(userOf(mine), publicId(other))).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await expect(a.liveHolds.reservationChanged(null, publicId(mine))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await expect(a.liveHolds.reservationChanged(userOf(mine), 'acct_1')).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
  });
  await expect(
    a.liveHolds.reservationChanged({ ...serviceOf('sandbox'), scopes: new Set(['events:read']) }, publicId(mine)),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' });
  const reading = await watch(a, mine);
  await a.ledger.submit(reserve(other, { 'image.short': 1 }));
  await a.ledger.submit(reserve(mine, { 'image.short': 2 }));
  expect((await reading.has(1))[0]).toMatchObject({ held: 10 });
  expect(reading.values).toHaveLength(1);
  reading.cut();
});
