import {
  createTestLedger,
  clock,
  commit,
  reserve,
  reservationIdOf,
  type TestLedger,
} from '../../testing/test-ledger.js';
import { findBadPaths, RecordingClient, type SentStatement } from '../../testing/test-access-paths.js';
import { OTHER_PROJECTS, PROJECTS_A_DAY_MAX } from '../core/book-project.js';
import type { Ledger } from '../core/ledger.js';
import { verifyLedger } from '../books/verify.js';

let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => books.close());

/** Spends nothing for each project, all at once. */
const use = (ledger: Ledger, account: string, projects: readonly string[]) =>
  Promise.all(
    projects.map((project) => ledger.submit(reserve(account, { 'content.generate': 1 }, { spend: true, project }))),
  );
const named = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `p${from + index}`);

async function counted(account: string, day = '2026-01-01'): Promise<ReadonlyMap<string, number>> {
  const { rows } = await books.pool.query<{ project: string; operations: number }>(
    'SELECT project, sum(operations)::int AS operations FROM usage_day WHERE account_id = $1 AND day = $2 GROUP BY project',
    [account, day],
  );
  return new Map(rows.map(({ project, operations }) => [project, operations]));
}

const problemsOf = async (account: string) =>
  (await verifyLedger({ pool: books.pool, catalog: books.catalog, accountIds: [account] })).problems;

test('a thousand projects of an account-day are counted apart, all further ones together; nothing is lost, the books stay right', async () => {
  const account = await books.open('PRO');
  await use(books.ledger, account, named(0, 700));
  expect((await counted(account)).size).toBe(700);
  // Some of a batch come from what it has not written yet.
  await use(books.ledger, account, named(700, PROJECTS_A_DAY_MAX + 200));
  const first = await counted(account);
  expect([first.size, first.get(OTHER_PROJECTS)]).toEqual([PROJECTS_A_DAY_MAX + 1, 200]);
  // A project that is counted apart stays so, in this process and in another, and the reservation keeps the name it was given.
  const other = books.another();
  await use(books.ledger, account, ['p0', 'new']);
  await use(other, account, ['p0', 'newer', OTHER_PROJECTS]);
  const after = await counted(account);
  expect([after.size, after.get('p0'), after.get(OTHER_PROJECTS)]).toEqual([PROJECTS_A_DAY_MAX + 1, 3, 203]);
  const { rows } = await books.pool.query(
    "SELECT count(DISTINCT project)::int AS projects FROM reservation WHERE account_id = $1 AND project <> '(other)'",
    [account],
  );
  expect(rows[0]).toEqual({ projects: PROJECTS_A_DAY_MAX + 202 });
  expect([...after.values()].reduce((sum, operations) => sum + operations, 0)).toBe(PROJECTS_A_DAY_MAX + 205);
  // The next day begins anew.
  await books.ledger.submit(clock(account, Date.UTC(2026, 0, 2)));
  await use(other, account, ['new', 'newer']);
  expect(await counted(account, '2026-01-02')).toEqual(
    new Map([
      ['new', 1],
      ['newer', 1],
    ]),
  );
  expect(await problemsOf(account)).toEqual([]);
  await books.pool.query(
    "UPDATE usage_day SET operations = operations + 1 WHERE account_id = $1 AND project = '(other)'",
    [account],
  );
  expect(await problemsOf(account)).toEqual([
    expect.stringContaining('of other projects has 0 credits and 1 operations too many'),
  ]);
}, 240_000);

test('holds committed later count the day of the commit; usage without a project is never moved; no plan reads more than the day', async () => {
  const sent = new Map<string, SentStatement>();
  const ledger = books.another({ lanes: 1, connect: (config) => new RecordingClient(config, sent) });
  const account = await books.open('PRO');
  const held = reservationIdOf(await ledger.submit(reserve(account, { 'image.short': 1 }, { project: 'late' })));
  await use(ledger, account, named(0, PROJECTS_A_DAY_MAX + 10));
  await ledger.submit(reserve(account, { 'image.short': 1 }, { spend: true }));
  await ledger.submit(commit(account, held));
  const after = await counted(account);
  expect([after.has('late'), after.get(''), after.get(OTHER_PROJECTS)]).toEqual([false, 1, 11]);
  const { rows } = await books.pool.query(
    "SELECT credits::int FROM usage_day WHERE account_id = $1 AND credits > 0 AND project = '(other)'",
    [account],
  );
  expect(rows).toEqual([{ credits: 5 }]);
  expect(await problemsOf(account)).toEqual([]);
  expect([...sent.values()].some(({ text }) => text.includes('ledger.projects'))).toBe(true);
  expect(await findBadPaths(books.url, sent)).toEqual([]);
  await ledger.close();
}, 240_000);

test('an account with fewer than a thousand groups in a day is never looked at', async () => {
  const sent = new Map<string, SentStatement>();
  const ledger = books.another({ lanes: 1, connect: (config) => new RecordingClient(config, sent) });
  const account = await books.open('PRO');
  await use(ledger, account, named(0, 300));
  expect([...sent.values()].filter(({ text }) => text.includes('ledger.projects'))).toEqual([]);
  await ledger.close();
});
