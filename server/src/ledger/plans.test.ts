import { createTestLedger, reserve, type TestLedger } from '../test-ledger.js';
import { countBlocks, findBadPlans, multiplyAccount, recordStatements } from '../test-plans.js';
import type { Ledger } from './ledger.js';
import type { Row } from './rows.js';

let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => books.close());

test('no statement of the writer reads a table but by account or key: on empty tables, on a thousand rows, after statistics', async () => {
  const empty = await createTestLedger();
  const { sent, accounts } = await recordStatements(books);
  // Lock, heads, grants, ends, holds, reservations, keys and a good many shapes of the write.
  expect(
    [...new Set([...sent.values()].map(({ text }) => /\/\* (\S+) \*\//.exec(text)?.[1] ?? ''))].sort((a, b) =>
      a.localeCompare(b),
    ),
  ).toEqual([
    'ledger.clock',
    'ledger.credit_holds',
    'ledger.ending_holds',
    'ledger.feed_lock',
    'ledger.grants_by_id',
    'ledger.heads',
    'ledger.kept',
    'ledger.lock',
    'ledger.open_grants',
    'ledger.reservations',
    'ledger.write',
  ]);
  expect([...sent.values()].filter(({ text }) => text.includes('ledger.write')).length).toBeGreaterThan(10);
  expect(await findBadPlans(empty.url, sent)).toEqual([]);
  await empty.close();
  await multiplyAccount(books.url, accounts[0] as string, 1_000);
  expect(await findBadPlans(books.url, sent)).toEqual([]);
  for (const [name, blocks] of await countBlocks(books.url, sent))
    expect([name, blocks < 400 ? 'few' : blocks]).toEqual([name, 'few']);
});

test('balances are updated in place: more than 99 of 100 updates touch no index', async () => {
  const own = await createTestLedger();
  const accounts = await Promise.all(Array.from({ length: 40 }, () => own.open('ENTERPRISE')));
  await own.ledger.close();
  const spend = async (writer: Ledger, account: string): Promise<void> => {
    for (let times = 0; times < 50; times++)
      await writer.submit(reserve(account, { 'regeneration.basic': 1 }, { spend: true }));
  };
  /** All accounts at once by one writer, which tells its statistics when it is closed. */
  const updates = async (): Promise<readonly [all: number, inPlace: number]> => {
    const writer = own.another();
    await Promise.all(accounts.map((account) => spend(writer, account)));
    await writer.close();
    const { rows } = await own.pool.query<Row>(
      `SELECT n_tup_upd AS updates, n_tup_hot_upd AS hot FROM pg_stat_user_tables WHERE relname = 'ledger_account'`,
    );
    return [rows[0]?.['updates'], rows[0]?.['hot']] as unknown as [number, number];
  };
  // The first ones make rows that lay close together find their room.
  const [before, after] = [await updates(), await updates()];
  const [all, inPlace] = [after[0] - before[0], after[1] - before[1]];
  expect(all).toBeGreaterThan(1_900);
  expect(`${inPlace} of ${all}${inPlace > all * 0.99 ? '' : ': too few'}`).toBe(`${inPlace} of ${all}`);
  await own.close();
});
