import { checkHistory } from '../testing/test-history-check.js';
import { playHistory, seeded } from '../testing/test-history.js';
import { createTestLedger, type TestLedger } from '../testing/test-ledger.js';

const HISTORIES = Number(process.env['HISTORIES'] ?? 100);
const AT_ONCE = 10;

let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => books.close());

test(`${HISTORIES} random histories over two writers: every answer fits the version it was decided at`, async () => {
  const writers = [books.ledger, books.another()];
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1_000_000));
  for (let first = 0; first < HISTORIES; first += AT_ONCE) {
    const problems = await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, index) =>
        checkHistory(books, await playHistory(books, writers, seeded(seed + first + index))),
      ),
    );
    expect({ seed: seed + first, problems: problems.flat() }).toEqual({ seed: seed + first, problems: [] });
  }
  const { rows } = await books.pool.query<{ deadlocks: number }>(
    `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`,
  );
  expect(rows[0]?.deadlocks).toBe(0);
}, 120_000);
