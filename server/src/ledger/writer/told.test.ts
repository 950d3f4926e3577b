import { HesitantClient } from '../../testing/test-faults.js';
import { playHistory, seeded } from '../../testing/test-history.js';
import { createTestLedger, grant, reserve, type TestLedger } from '../../testing/test-ledger.js';
import type { AccountChange } from '../core/ledger.js';
import type { Row } from '../wire/flight.js';
import { until } from '../../testing/test-until.js';

let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => books.close());

async function writtenVersion(account: string): Promise<number> {
  const { rows } = await books.pool.query<Row>('SELECT version FROM ledger_account WHERE account_id = $1', [account]);
  return (rows[0]?.['version'] as unknown as number | undefined) ?? 0;
}

test('nobody hears of what is not written: whoever is told or answered finds it in the database', async () => {
  const problems: string[] = [];
  const looks: Promise<void>[] = [];
  const look = async (what: string, account: string, version: number): Promise<void> => {
    const written = await writtenVersion(account);
    if (written < version) problems.push(`${what} ${version}, but ${written} is written`);
  };
  const undo = books.ledger.onCommitted((changes) => {
    for (const { accountId, version } of changes) looks.push(look('told', accountId, version));
  });
  const account = await books.open('ENTERPRISE');
  for (let turn = 0; turn < 40; turn++) {
    const outcome = await books.ledger.submit(reserve(account, { 'image.short': 1 }));
    if (outcome.kind === 'reservation') await look('answered', account, outcome.balance.version);
  }
  await Promise.all(looks);
  undo();
  expect(looks.length).toBeGreaterThan(30);
  expect(problems).toEqual([]);
});

test('each writer tells an account its versions in order, with every event once', async () => {
  const told: AccountChange[] = [];
  const writers = [books.another(), books.another()];
  const last = writers.map(() => new Map<string, number>());
  const problems: string[] = [];
  writers.forEach((writer, index) =>
    writer.onCommitted((changes) => {
      for (const change of changes) {
        const before = last[index]?.get(change.accountId) ?? 0;
        // A test clock moves without a version.
        const isNews = change.version > before || (change.version === before && change.clockAt !== null);
        if (!isNews) problems.push(`${change.accountId}: ${change.version} after ${before}`);
        last[index]?.set(change.accountId, change.version);
        told.push(change);
      }
    }),
  );
  const histories = await Promise.all([1, 2, 3, 4].map((seed) => playHistory(books, writers, seeded(seed))));
  expect(problems).toEqual([]);
  for (const { accountId } of histories) {
    const { rows } = await books.pool.query<Row>(
      'SELECT version, ordinal FROM event WHERE account_id = $1 ORDER BY version, ordinal',
      [accountId],
    );
    const stored = rows.map((row) => `${row['version']}.${row['ordinal']}`);
    const heard = told
      .filter((change) => change.accountId === accountId)
      .flatMap(({ events }) => events)
      .sort((a, b) => a.version - b.version || a.ordinal - b.ordinal)
      .map(({ version, ordinal }) => `${version}.${ordinal}`);
    expect(heard).toEqual(stored);
  }
});

test('who reads the feed of all accounts by its place misses nothing, whatever commits beside it', async () => {
  const writers = [books.another(), books.another(), books.another()];
  const { rows: start } = await books.pool.query<Row>('SELECT coalesce(max(feed_seq), 0) AS seq FROM event');
  const first = Number(start[0]?.['seq']);
  let playing = true;
  let cursor = first;
  const seen: number[] = [];
  const follow = async (): Promise<void> => {
    for (let more = true; more || playing;) {
      const { rows } = await books.pool.query<Row>('SELECT feed_seq FROM event WHERE feed_seq > $1 ORDER BY feed_seq', [
        cursor,
      ]);
      for (const row of rows) seen.push((cursor = row['feed_seq'] as unknown as number));
      more = rows.length > 0;
    }
  };
  const following = follow();
  await Promise.all(Array.from({ length: 12 }, (_, seed) => playHistory(books, writers, seeded(seed + 100))));
  playing = false;
  await following;
  const { rows } = await books.pool.query<Row>('SELECT feed_seq FROM event WHERE feed_seq > $1 ORDER BY feed_seq', [
    first,
  ]);
  expect(seen).toEqual(rows.map((row) => row['feed_seq'] as unknown as number));
  expect(seen.length).toBeGreaterThan(20);
});

test('an event that is written first and committed last does not slip in behind a reader', async () => {
  let letGo = (): void => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const slow = books.another({ connect: (config) => new HesitantClient(config, () => gate) });
  const quick = books.another();
  const [one, other] = [await books.open('FREE'), await books.open('FREE')];
  const places = async (): Promise<number[]> => {
    const { rows } = await books.pool.query<Row>(
      'SELECT feed_seq FROM event WHERE account_id = ANY($1::uuid[]) ORDER BY feed_seq',
      [[one, other]],
    );
    return rows.map((row) => row['feed_seq'] as unknown as number);
  };
  const untilSome = (activity: string): Promise<number> =>
    until(async () => {
      const found = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND ${activity}`;
      return (await books.pool.query(found)).rows.length > 0;
    });
  const first = slow.submit(grant(one, 10));
  await untilSome(`state = 'idle in transaction' AND query LIKE '%ledger.write%'`);
  let isSecondThere = false;
  const second = quick.submit(grant(other, 10)).then(() => (isSecondThere = true));
  await Promise.race([second, untilSome(`wait_event = 'advisory'`)]);
  const seen = await places();
  letGo();
  await Promise.all([first, second]);
  expect(isSecondThere).toBe(true);
  const all = await places();
  expect(all).toHaveLength(2);
  expect(all.slice(0, seen.length)).toEqual(seen);
});
