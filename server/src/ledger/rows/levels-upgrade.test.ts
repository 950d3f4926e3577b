import type { DataSource } from 'typeorm';
import { createDataSource } from '../../db/data-source.js';
import { LevelsByBase1700000006000 } from '../../db/migrations/1700000006000-levels-by-base.js';
import { advance, clock, createTestLedger, grant, reserve, type TestLedger } from '../../testing/test-ledger.js';
import { balanceOf } from '../core/balance.js';
import { verifyLedger } from '../books/verify.js';

const START = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

let books: TestLedger;
let dataSource: DataSource;
beforeEach(async () => {
  books = await createTestLedger();
  dataSource = await createDataSource({ url: books.url }).initialize();
});
afterEach(async () => {
  await dataSource.destroy();
  await books.close();
});

const run = async (way: 'up' | 'down'): Promise<void> => {
  const runner = dataSource.createQueryRunner();
  await new LevelsByBase1700000006000()[way](runner);
  await runner.release();
};

async function levelsOf(account: string, creditType = 'standard'): Promise<string | undefined> {
  const { rows } = await books.pool.query<{ levels: string }>(
    `SELECT ${creditType}_levels AS levels FROM ledger_account WHERE account_id = $1`,
    [account],
  );
  return rows[0]?.levels;
}

/** As the ledger of before wrote them: the base when a rule was armed, no threshold. */
async function setLevels(account: string, levels: string): Promise<void> {
  await books.pool.query('UPDATE ledger_account SET standard_levels = $2 WHERE account_id = $1', [account, levels]);
}

async function balance(account: string) {
  const outcome = await books.another().submit(advance(account));
  if (outcome.kind !== 'account') throw new Error(outcome.kind);
  return balanceOf(outcome.account, 'STANDARD');
}

async function problems(): Promise<readonly string[]> {
  return (await verifyLedger(books)).problems;
}

test('bases come from the journal, rules keep where they had fired, and the next reset arms what stayed LOW for ever', async () => {
  const account = await books.open('PRO', { now: START });
  await books.ledger.submit(grant(account, 900, { expiresAt: START + 40 * DAY }));
  await books.ledger.submit(clock(account, START + 10 * DAY));
  await books.ledger.submit(reserve(account, { 'image.short': 2 }, { ttlSeconds: 60 }));
  await books.ledger.submit(clock(account, START + 41 * DAY));
  await run('down');
  await setLevels(account, 'L,20,,1000,1|C,5,,1000,0|E,,0,1000,0');
  await run('up');
  // At the last reset there were 1,000; since then the promotion has ended.
  expect(await levelsOf(account)).toBe('L,20,,1000,1,200|C,5,,1000,0,|E,,0,1000,0,');
  expect(await problems()).toEqual([]);
  expect((await balance(account)).level).toBe('LOW');
  await books.another().submit(clock(account, START + 60 * DAY));
  expect((await balance(account)).level).toBe('OK');
  expect(await levelsOf(account)).toBe('L,20,,100,0,|C,5,,100,0,|E,,0,100,0,');
  expect(await problems()).toEqual([]);
});

test('a base is the most since the last reset, of both types of credits, at the ends of entry groups', async () => {
  const account = await books.open('FREE', { now: START });
  await books.ledger.submit(grant(account, 500, { expiresAt: START + 20 * DAY }));
  await books.ledger.submit(grant(account, 7, { creditType: 'SCAN' }));
  await books.ledger.submit(clock(account, START + 35 * DAY));
  await books.ledger.submit(grant(account, 30));
  await books.ledger.submit(reserve(account, { 'regeneration.advanced': 14 }, { spend: true }));
  await run('down');
  await setLevels(account, 'L,20,,500,1|C,5,,500,1|E,,0,0,1');
  await run('up');
  expect(await levelsOf(account)).toBe('L,20,,30,1,100|C,5,,30,1,25|E,,0,30,1,0');
  expect(await levelsOf(account, 'scan')).toBe('L,20,,7,0,|C,5,,7,0,|E,,0,7,0,');
});

test('a balance that reads otherwise takes a version, an empty group; another keeps its own', async () => {
  const given = await books.open('PRO', { now: START });
  await books.ledger.submit({ ...grant(given, 10), source: 'BONUS' });
  const plain = await books.open('PRO', { now: START });
  const shown = await balance(given);
  expect([shown.promotional, shown.purchased]).toEqual([10, 0]);
  await run('down');
  const before = await books.pool.query<{ standard_purchased: number; version: number }>(
    'SELECT standard_purchased, version FROM ledger_account WHERE account_id = $1',
    [given],
  );
  expect(before.rows).toEqual([{ standard_purchased: 10, version: shown.version + 1 }]);
  await run('up');
  const after = await balance(given);
  expect([after.promotional, after.purchased, after.available]).toEqual([10, 0, 110]);
  expect(after.version).toBe(shown.version + 2);
  expect((await balance(plain)).version).toBe(1);
  expect(await problems()).toEqual([]);
});

test('an account that EMPTY had fired on, with something available, takes a version', async () => {
  const account = await books.open('PRO', { now: START });
  await books.ledger.submit(reserve(account, { 'regeneration.basic': 100 }, { spend: true }));
  await books.ledger.submit(grant(account, 1));
  await run('down');
  const { version } = await balance(account);
  await run('up');
  const after = await balance(account);
  expect([after.level, after.version - version]).toEqual(['CRITICAL', 1]);
  expect(await problems()).toEqual([]);
});
