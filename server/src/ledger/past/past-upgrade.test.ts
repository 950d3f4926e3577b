import type { DataSource } from 'typeorm';
import { createDataSource } from '../../db/data-source.js';
import { WaitingCredits1700000012000 } from '../../db/migrations/1700000012000-waiting-credits.js';
import { ClosedPeriods1700000012100 } from '../../db/migrations/1700000012100-closed-periods.js';
import { playHistory, seeded } from '../../testing/test-history.js';
import {
  clock,
  commit,
  createTestLedger,
  reserve,
  reservationIdOf,
  type TestLedger,
} from '../../testing/test-ledger.js';
import type { Row } from '../wire/flight.js';

/* A database from before closed periods and waiting credits were kept: the migrations find in it what the ledger would have written. No plan
   changed in one. */

const START = Date.UTC(2026, 0, 15);
const HOUR = 3_600_000;
const HISTORIES = 20;

let books: TestLedger;
let dataSource: DataSource;
beforeAll(async () => {
  books = await createTestLedger();
  dataSource = await createDataSource({ url: books.url }).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await books.close();
});

async function rows(sql: string): Promise<readonly Row[]> {
  return (await books.pool.query<Row>(sql)).rows;
}

const kept = async () => ({
  periods: await rows('SELECT * FROM closed_period ORDER BY account_id, number'),
  waiting: await rows('SELECT * FROM waiting_credits ORDER BY account_id, credit_type, version'),
  operations: await rows(
    'SELECT account_id, standard_operations, scan_operations FROM ledger_account ORDER BY account_id',
  ),
});

/** Holds that are committed in parts on both sides of a reset: by amounts, by operations, and late. */
async function commitInParts(): Promise<void> {
  const account = await books.open('ENTERPRISE', { now: START });
  const { ledger } = books;
  const reset = Date.UTC(2026, 1, 15);
  await ledger.submit(clock(account, reset - HOUR));
  const hold = async (operations: Record<string, number>, ttlSeconds = 86_400) =>
    reservationIdOf(await ledger.submit(reserve(account, operations, { ttlSeconds })));
  const byAmount = await hold({ 'image.short': 4, 'audio.short': 2, 'content.generate': 3 });
  const byOperations = await hold({ 'image.short': 3, 'image.mid': 2, 'media.upload': 1 });
  const late = await hold({ 'regeneration.advanced': 5 }, 1_800);
  await ledger.submit(commit(account, byAmount, { amount: 12, final: false }));
  await ledger.submit(
    commit(account, byOperations, {
      operations: [
        { operation: 'image.mid', quantity: 1 },
        { operation: 'image.short', quantity: 2 },
      ],
      final: false,
    }),
  );
  await ledger.submit(commit(account, late, { amount: 3, final: false }));
  await ledger.submit(clock(account, reset + HOUR));
  await ledger.submit(commit(account, byAmount, { amount: 20, final: false }));
  await ledger.submit(commit(account, byOperations, { operations: [{ operation: 'image.short', quantity: 1 }] }));
  await ledger.submit(commit(account, late));
  await ledger.submit(commit(account, byAmount));
  await ledger.submit(clock(account, Date.UTC(2026, 3, 20)));
}

test('the migrations find what the ledger wrote, over random histories and commits in parts', async () => {
  await commitInParts();
  const writers = [books.ledger, books.another()];
  await Promise.all(
    Array.from({ length: HISTORIES }, (_, seed) => playHistory(books, writers, seeded(seed), { changesPlans: false })),
  );
  const before = await kept();
  expect([before.periods.length > 3, before.waiting.length > 0]).toEqual([true, true]);
  const runner = dataSource.createQueryRunner();
  const [periods, waiting] = [new ClosedPeriods1700000012100(), new WaitingCredits1700000012000()];
  await runner.startTransaction();
  await periods.down(runner);
  await waiting.down(runner);
  await waiting.up(runner);
  await periods.up(runner);
  await runner.commitTransaction();
  await runner.release();
  expect(await kept()).toEqual(before);
});
