import { checkHistory } from '../testing/test-history-check.js';
import { type History, playHistory, seeded } from '../testing/test-history.js';
import { createTestLedger, type TestLedger } from '../testing/test-ledger.js';

const HISTORIES = Number(process.env['HISTORIES'] ?? 40);
const AT_ONCE = 10;

let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => books.close());

/** Plays them and checks them. @returns the histories */
async function play(histories: number, seed: number): Promise<History[]> {
  const writers = [books.ledger, books.another()];
  const played: History[] = [];
  for (let first = 0; first < histories; first += AT_ONCE) {
    const problems = await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, index) => {
        const history = await playHistory(books, writers, seeded(seed + first + index));
        played.push(history);
        return checkHistory(books, history);
      }),
    );
    expect({ seed: seed + first, problems: problems.flat() }).toEqual({ seed: seed + first, problems: [] });
  }
  return played;
}

test(`${HISTORIES} random histories over two writers: every answer fits the version it was decided at`, async () => {
  await play(HISTORIES, Number(process.env['SEED'] ?? Math.floor(Math.random() * 1_000_000)));
  const { rows } = await books.pool.query<{ deadlocks: number }>(
    `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`,
  );
  expect(rows[0]?.deadlocks).toBe(0);
}, 120_000);

test('and 20 that are the same in every run, in which money goes every way', async () => {
  const histories = await play(20, 1);
  const accounts = histories.map(({ accountId }) => accountId);
  const { rows } = await books.pool.query<{ command: string }>(
    `SELECT DISTINCT command FROM journal WHERE account_id = ANY($1::uuid[])`,
    [accounts],
  );
  const { rows: refunds } = await books.pool.query<{ times: number }>(
    `SELECT count(*) AS times FROM purchase WHERE account_id = ANY($1::uuid[]) AND refunded_credits > 0 AND refunded_credits < credits`,
    [accounts],
  );
  expect(refunds[0]?.times).toBeGreaterThan(0);
  expect(rows.map(({ command }) => command)).toEqual(
    expect.arrayContaining([
      'purchase',
      'open-checkout',
      'pay-purchase',
      'fail-purchase',
      'cancel-purchase',
      'end-purchase',
      'settle-purchase',
      'return-payment',
      'refund-purchase',
      'send-refund',
      'dispute-purchase',
      'win-dispute',
      'lose-dispute',
      'ask-buyer',
    ]),
  );
}, 120_000);
