import { seeded } from '../../testing/test-history.js';
import { createTestLedger, reserve, type TestLedger } from '../../testing/test-ledger.js';
import { countBlocks, findBadPaths, multiplyAccount, recordStatements } from '../../testing/test-access-paths.js';
import type { Row } from '../wire/flight.js';

let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => books.close());

test('no statement of the writer reads a table but by account or key: on empty tables, on a thousand rows, after statistics', async () => {
  const empty = await createTestLedger();
  const { sent, accounts } = await recordStatements(books);
  // Lock, heads, grants, ends, holds, reservations, keys and a good many shapes of the write.
  const names = [...new Set([...sent.values()].map(({ text }) => /\/\* (\S+) \*\//.exec(text)?.[1] ?? ''))];
  // What prepares a connection reads no table.
  expect(names.filter((name) => !name.startsWith('connection.')).sort((a, b) => a.localeCompare(b))).toEqual([
    'ledger.budgets',
    'ledger.budgets_by_id',
    'ledger.clock',
    'ledger.commits',
    'ledger.committed_reservations',
    'ledger.credit_holds',
    'ledger.ending_holds',
    'ledger.feed_lock',
    'ledger.grants_by_id',
    'ledger.heads',
    'ledger.kept',
    'ledger.lock',
    'ledger.open_grants',
    'ledger.open_purchases',
    'ledger.plan_payments_by_id',
    'ledger.purchases_by_id',
    'ledger.refunds_by_id',
    'ledger.reservations_by_id',
    'ledger.spendings_by_id',
    'ledger.tallies',
    'ledger.write',
  ]);
  expect([...sent.values()].filter(({ text }) => text.includes('ledger.write')).length).toBeGreaterThan(10);
  expect(await findBadPaths(empty.url, sent)).toEqual([]);
  await empty.close();
  await multiplyAccount(books.url, accounts[0] as string, 1_000);
  expect(await findBadPaths(books.url, sent)).toEqual([]);
  for (const [name, blocks] of await countBlocks(books.url, sent))
    expect([name, blocks < 400 ? 'few' : blocks]).toEqual([name, 'few']);
});

test('balances are updated in place: their updates touch no index', async () => {
  const own = await createTestLedger();
  const random = seeded(1);
  // One writer: where several overlap, old versions wait for the slowest of them, which is about the machine.
  const writer = own.another({ lanes: 1 });
  const accounts = await Promise.all(Array.from({ length: 300 }, () => own.open('ENTERPRISE')));
  const spend = async (): Promise<void> => {
    for (let times = 0; times < 40; times++) {
      const account = accounts[Math.floor(random() * accounts.length)] as string;
      await writer.submit(reserve(account, { 'content.generate': 1 }, { spend: true }));
    }
  };
  await Promise.all(Array.from({ length: 64 }, spend));
  // A connection tells its statistics when it ends, at the latest.
  await writer.close();
  const { rows: indexed } = await own.pool.query<Row>(
    `SELECT DISTINCT a.attname::text AS name FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
     WHERE i.indrelid = 'ledger_account'::regclass`,
  );
  expect(indexed).toEqual([{ name: 'account_id' }]);
  const { rows } = await own.pool.query<Row>(
    `SELECT n_tup_upd AS updates, n_tup_hot_upd AS hot FROM pg_stat_user_tables WHERE relname = 'ledger_account'`,
  );
  const [updates, inPlace] = [rows[0]?.['updates'], rows[0]?.['hot']] as unknown as [number, number];
  expect(updates).toBeGreaterThan(1_000);
  // None if one touched an index, all on a machine at rest; beside other tests' transactions old versions stay longer
  // than they must, and fill the pages.
  expect(`${inPlace} of ${updates}${inPlace > updates * 0.5 ? '' : ': too few'}`).toBe(`${inPlace} of ${updates}`);
  await own.close();
});
