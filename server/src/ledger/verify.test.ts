import {
  clock,
  commit,
  createTestLedger,
  extend,
  grant,
  release,
  reserve,
  reservationIdOf,
  type TestLedger,
} from '../testing/test-ledger.js';
import { verifyLedger } from './verify.js';

const DAY = 86_400_000;
let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => books.close());

async function live(): Promise<string> {
  const start = Date.UTC(2026, 0, 1);
  const account = await books.open('PRO', { now: start });
  const { ledger } = books;
  await ledger.submit(grant(account, 40, { expiresAt: start + 10 * DAY }));
  const first = reservationIdOf(
    await ledger.submit(reserve(account, { 'image.long': 2, 'content.generate': 1 }, { project: 'spring' })),
  );
  const second = reservationIdOf(await ledger.submit(reserve(account, { 'audio.short': 1 }, { ttlSeconds: 60 })));
  await ledger.submit(reserve(account, { 'image.short': 1 }, { spend: true }));
  await ledger.submit(commit(account, first, { amount: 10, final: false }));
  await ledger.submit(extend(account, first, 86_400));
  await ledger.submit(clock(account, start + DAY / 2));
  await ledger.submit(commit(account, second));
  await ledger.submit(release(account, first));
  await ledger.submit(reserve(account, { 'video.long': 99 }));
  await ledger.submit(clock(account, start + 70 * DAY));
  return account;
}

test('the books of a lively account are right', async () => {
  const account = await live();
  const report = await verifyLedger({ ...books, accountIds: [account] });
  expect(report.problems).toEqual([]);
  expect(report.accounts).toBe(1);
  expect(report.entries).toBeGreaterThan(10);
});

test('all accounts are found without being named', async () => {
  const before = await verifyLedger(books);
  await books.open('FREE');
  await books.open('ENTERPRISE', { sandbox: false });
  const after = await verifyLedger(books);
  expect([after.accounts - before.accounts, after.problems]).toEqual([2, []]);
});

test('an account that is not there is a problem', async () => {
  const { problems } = await verifyLedger({ ...books, accountIds: ['00000000-0000-7000-8000-000000000000'] });
  expect(problems).toEqual(['00000000-0000-7000-8000-000000000000: there is no such account']);
});

/** Changes that the database itself does not refuse, and a word of what is said about each. */
const tampered: readonly (readonly [name: string, sql: string, says: RegExp])[] = [
  [
    'credits moved between shelves',
    `UPDATE ledger_account SET standard_promotional = standard_promotional + 1, standard_allowance_left = standard_allowance_left - 1 WHERE account_id = $1`,
    /promotional is 1, replayed 0/,
  ],
  [
    'credits made of nothing',
    `UPDATE ledger_account SET standard_granted = standard_granted + 5, standard_available = standard_available + 5, standard_purchased = 5 WHERE account_id = $1`,
    /available is \d+, replayed/,
  ],
  [
    'spent credits made free',
    `UPDATE credit_grant SET spent = spent - 1, expired = expired + 1 WHERE account_id = $1 AND spent > 0`,
    /spent is \d+, replayed/,
  ],
  [
    'a version skipped',
    `UPDATE ledger_account SET version = version + 1 WHERE account_id = $1`,
    /version is \d+, replayed/,
  ],
  [
    'usage that nobody committed',
    `UPDATE usage_day SET credits = credits + 1 WHERE account_id = $1 AND operation = 'image.short'`,
    /usage of .* differs from its commits/,
  ],
  [
    'an end that nothing waits for',
    `UPDATE ledger_account SET due_at = due_at + interval '1 year' WHERE account_id = $1`,
    /nothing is due before/,
  ],
  [
    'a reservation that says it gave back more',
    `UPDATE reservation SET released = released + 1, reserved = reserved + 1 WHERE account_id = $1 AND status = 'RELEASED'`,
    /released is \d+, replayed/,
  ],
  [
    'a reservation opened again',
    `UPDATE reservation SET status = 'HELD', closed_at = NULL WHERE account_id = $1 AND status = 'RELEASED'`,
    /status is HELD, replayed RELEASED/,
  ],
  [
    'an entry removed',
    `DELETE FROM journal WHERE account_id = $1 AND command = 'extend'`,
    /next version is \d+, replayed/,
  ],
  [
    'an amount changed',
    `UPDATE journal SET amount = amount + 1 WHERE account_id = $1 AND kind = 'COMMIT' AND command = 'spend'`,
    /held after/,
  ],
  [
    'an event removed',
    `DELETE FROM event WHERE account_id = $1 AND type = 'PERIOD_RESET'`,
    /PERIOD_RESET events is 0, replayed 1/,
  ],
  [
    'an event told twice',
    `INSERT INTO event SELECT account_id, version, ordinal + 1, nextval('event_feed_seq'), sandbox, type, credit_type, at, level, threshold, credits, reservation_id, grant_id, reset, balance FROM event WHERE account_id = $1 AND type = 'RESERVATION_EXPIRED' AND ordinal = 0`,
    /RESERVATION_EXPIRED events is 2, replayed 1/,
  ],
];

test.each(tampered)('%s: found', async (_name, sql, says) => {
  const account = await live();
  const client = await books.pool.connect();
  try {
    // As a superuser would who wants to hide it: triggers off.
    await client.query(`SET session_replication_role = replica`);
    const { rowCount } = await client.query(sql, [account]);
    expect(rowCount).toBeGreaterThan(0);
  } finally {
    await client.query(`RESET session_replication_role`);
    client.release();
  }
  const { problems } = await verifyLedger({ ...books, accountIds: [account] });
  expect(problems.some((problem) => says.test(problem)) || problems).toBe(true);
});
