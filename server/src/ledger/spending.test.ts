import { closeVerified } from '../testing/test-verified.js';
import {
  clock,
  commit,
  createTestLedger,
  grant,
  reserve,
  reservationIdOf,
  type TestLedger,
} from '../testing/test-ledger.js';
import type { Ledger } from './core/ledger.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 5);

let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => closeVerified(books));

async function open(): Promise<string> {
  const account = await books.open('FREE', { now: START });
  await books.ledger.submit(grant(account, 100_000));
  return account;
}

/** Spends so many credits in an hour, counted from the start. */
async function spendIn(
  account: string,
  hour: number,
  credits: number,
  more: { member?: string; project?: string } = {},
  ledger: Ledger = books.ledger,
): Promise<void> {
  await ledger.submit(clock(account, START + hour * HOUR));
  const outcome = await ledger.submit(reserve(account, { 'regeneration.basic': credits }, { spend: true, ...more }));
  expect(outcome.kind).toBe('reservation');
}

interface Told {
  readonly at: Date;
  readonly version: number;
  readonly facts: string;
}

async function told(account: string): Promise<unknown[]> {
  const { rows } = await books.pool.query<Told>(
    `SELECT facts FROM event WHERE account_id = $1 AND type = 'SPEND_ANOMALY' ORDER BY version, ordinal`,
    [account],
  );
  return rows.map(({ facts }) => (JSON.parse(facts) as { anomaly: unknown }).anomaly);
}

const anomaly = (hour: number, credits: number, usual: number, member = 'test', project: string | null = null) => ({
  hour: START + hour * HOUR,
  credits,
  usual,
  member,
  project,
  operation: 'regeneration.basic',
});

test('an hour of three times the usual is told by the first commit after it, once, with who spent most', async () => {
  const account = await open();
  for (let hour = 0; hour < 24; hour++) await spendIn(account, hour, 20);
  await spendIn(account, 30, 15, { member: 'anna', project: 'film' });
  await spendIn(account, 30, 25, { member: 'bert', project: 'film' });
  await spendIn(account, 30, 20, { member: 'anna', project: 'shop' });
  // Nothing is told within the hour, nor by time alone.
  await books.ledger.submit(clock(account, START + 35 * HOUR));
  await books.ledger.submit(reserve(account, { 'regeneration.basic': 1 }));
  expect(await told(account)).toEqual([]);
  await spendIn(account, 36, 1);
  await spendIn(account, 36, 1);
  expect(await told(account)).toEqual([anomaly(30, 60, 20, 'bert', 'film')]);
});

test('once in 24 hours: a second such hour within a day is told of never, a later one again', async () => {
  const account = await open();
  for (let hour = 0; hour < 24; hour++) await spendIn(account, hour, 20);
  for (const hour of [24, 40, 50]) await spendIn(account, hour, 1_000);
  await spendIn(account, 60, 1);
  expect((await told(account)).length).toBe(1);
  await spendIn(account, 70, 10_000);
  await spendIn(account, 71, 1);
  const [first, second, ...more] = await told(account);
  expect(first).toEqual(anomaly(24, 1_000, 20));
  expect(second).toMatchObject({ hour: START + 70 * HOUR, credits: 10_000 });
  expect(more).toEqual([]);
});

test('an account of 23 hours is told nothing, and what lies more than 14 days back counts no more', async () => {
  const account = await open();
  for (let hour = 0; hour < 23; hour++) await spendIn(account, hour, 20);
  await spendIn(account, 23, 5_000);
  await spendIn(account, 24 + 14 * 24, 5_000);
  await spendIn(account, 26 + 14 * 24, 1);
  expect(await told(account)).toEqual([]);
});

test('a commit counts in the hour in which it lands, and work that fails in none', async () => {
  const account = await open();
  for (let hour = 0; hour < 24; hour++) await spendIn(account, hour, 20);
  const held = await books.ledger.submit(reserve(account, { 'regeneration.basic': 90 }, { ttlSeconds: 86_400 }));
  await books.ledger.submit(clock(account, START + 26 * HOUR));
  const failed = await books.ledger.submit(reserve(account, { 'regeneration.basic': 500 }));
  await books.ledger.submit(commit(account, reservationIdOf(failed), { outcome: 'FAILED' }));
  await books.ledger.submit(commit(account, reservationIdOf(held), { amount: 60 }));
  await spendIn(account, 27, 1);
  expect(await told(account)).toEqual([anomaly(26, 60, 20)]);
});

test('commands that come together, over two writers, tell it once and the same', async () => {
  const account = await open();
  const other = books.another();
  for (let hour = 0; hour < 24; hour++) await spendIn(account, hour, 20, {}, hour % 2 === 0 ? books.ledger : other);
  const spend = (member: string) => reserve(account, { 'regeneration.basic': 30 }, { spend: true, member });
  // One batch: the hour that is judged, the clock, and the commits after it.
  const outcomes = await Promise.all([
    books.ledger.submit(clock(account, START + 24 * HOUR)),
    books.ledger.submit(spend('anna')),
    books.ledger.submit(spend('anna')),
    books.ledger.submit(clock(account, START + 25 * HOUR)),
    books.ledger.submit(spend('bert')),
    books.ledger.submit(spend('carl')),
  ]);
  expect(outcomes.map(({ kind }) => kind)).toEqual([
    'account',
    'reservation',
    'reservation',
    'account',
    'reservation',
    'reservation',
  ]);
  await Promise.all([books.ledger, other].map((ledger) => ledger.submit(spend('dora'))));
  expect(await told(account)).toEqual([anomaly(24, 60, 20, 'anna')]);
});
