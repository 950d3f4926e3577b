import type { DataSource } from 'typeorm';
import { AccountEntity, ExternalAccountEntity } from '../accounts/account.entity.js';
import type { DemoAccounts } from '../auth/demo-session.js';
import { createDataSource } from '../db/data-source.js';
import type { Command, OutcomeOf } from '../ledger/core/commands.js';
import type { Ledger } from '../ledger/core/ledger.js';
import type { Outcome } from '../ledger/core/outcome.js';
import { createTestLedger, type TestLedger } from '../testing/test-ledger.js';
import { keepTime } from './demo-clock.js';
import { seedDemo } from './seed-demo.js';

const NOON = Date.UTC(2026, 10, 23, 12, 0, 0, 123);
const DAY_MS = 86_400_000;
/** Of all three months together. */
const WORKS = 381;

let bench: TestLedger;
let dataSource: DataSource;

beforeEach(async () => {
  bench = await createTestLedger();
  dataSource = await createDataSource({
    url: bench.url,
    entities: [AccountEntity, ExternalAccountEntity],
    poolSize: 4,
  }).initialize();
});
afterEach(async () => {
  await dataSource.destroy();
  await bench.close();
});

const seed = (now: number, ledger: Pick<Ledger, 'submit'> = bench.ledger) => seedDemo({ ledger, dataSource, now });

async function rowsOf<T>(sql: string, values: unknown[] = []): Promise<T[]> {
  return (await bench.pool.query(sql, values)).rows as T[];
}

interface Figures {
  readonly available: number;
  readonly held: number;
  readonly scans: number;
  readonly period: number;
  readonly clock: number;
  readonly version: number;
}

async function figuresOf(accountId: string): Promise<Figures> {
  const [figures] = await rowsOf<Figures>(
    `SELECT standard_available AS available, standard_held AS held, scan_available AS scans, period_number AS period, clock_at AS clock, version
       FROM ledger_account WHERE account_id = $1`,
    [accountId],
  );
  if (figures === undefined) throw new Error('not there');
  return figures;
}

const everything = async () =>
  JSON.stringify(await rowsOf('SELECT * FROM journal ORDER BY account_id, version, ordinal'));

/** Every name of an event's type that one account's month has. */
async function eventsOf(accountId: string): Promise<string[]> {
  return (
    await rowsOf<{ type: string }>('SELECT DISTINCT type FROM event WHERE account_id = $1 ORDER BY type', [accountId])
  ).map(({ type }) => type);
}

test('three accounts with a month behind them: 62 of 100 on Pro, hundreds on Enterprise, nothing on Free', async () => {
  const accounts = await seed(NOON);
  expect(await figuresOf(accounts.pro)).toMatchObject({ available: 62, held: 0, scans: 3, period: 1, clock: NOON });
  expect(await figuresOf(accounts.enterprise)).toMatchObject({
    available: 407,
    held: 30,
    scans: 3,
    period: 1,
    clock: NOON,
  });
  expect(await figuresOf(accounts.free)).toMatchObject({ available: 0, held: 0, scans: 0, period: 1, clock: NOON });
  expect(await eventsOf(accounts.pro)).toEqual([
    'BALANCE_LOW',
    'BALANCE_RECOVERED',
    'GRANT_ADDED',
    'GRANT_EXPIRED',
    'GRANT_EXPIRING',
    'PERIOD_RESET',
    'RESERVATION_EXPIRED',
  ]);
  expect(await eventsOf(accounts.enterprise)).toEqual(
    ['BALANCE_LOW', 'GRANT_ADDED', 'PERIOD_RESET', 'RESERVATION_EXPIRED'].concat('BALANCE_RECOVERED').sort(),
  );
  expect(await eventsOf(accounts.free)).toEqual(['PERIOD_RESET']);
  expect(await rowsOf('SELECT count(*) AS works FROM reservation')).toEqual([{ works: WORKS }]);
});

test('on whatever day it is seeded, nothing of the month is refused and the figures are the same', async () => {
  for (const now of [
    Date.UTC(2026, 2, 31, 23, 59),
    Date.UTC(2027, 1, 28, 3),
    Date.UTC(2028, 1, 29, 12),
    Date.UTC(2026, 10, 1, 6),
    Date.UTC(2026, 0, 5, 8),
  ]) {
    const refused: string[] = [];
    const figures = await inDatabaseOfItsOwn(async (bench2, dataSource2) => {
      const watched = {
        submit: async <C extends Command>(command: C): Promise<OutcomeOf<C>> => {
          const outcome: Outcome = await bench2.ledger.submit(command);
          if (outcome.kind === 'refused' || outcome.kind === 'notFound')
            refused.push(JSON.stringify([command, outcome]));
          return outcome as OutcomeOf<C>;
        },
      };
      await seedDemo({ ledger: watched, dataSource: dataSource2, now });
      return (
        await bench2.pool.query(
          `SELECT plan, standard_available AS left FROM ledger_account ORDER BY standard_available`,
        )
      ).rows as unknown;
    });
    expect(refused).toEqual([]);
    expect(figures).toEqual([
      { plan: 'FREE', left: 0 },
      { plan: 'PRO', left: 62 },
      { plan: 'ENTERPRISE', left: 407 },
    ]);
  }
});

async function inDatabaseOfItsOwn<T>(work: (bench: TestLedger, dataSource: DataSource) => Promise<T>): Promise<T> {
  const bench2 = await createTestLedger();
  const dataSource2 = await createDataSource({
    url: bench2.url,
    entities: [AccountEntity, ExternalAccountEntity],
  }).initialize();
  try {
    return await work(bench2, dataSource2);
  } finally {
    await dataSource2.destroy();
    await bench2.close();
  }
}

test('seeding again, later and from another process, finds the same accounts and writes nothing', async () => {
  const first = await seed(NOON);
  const before = await everything();
  expect(await seed(NOON + 5 * DAY_MS, bench.another())).toEqual(first);
  expect(await everything()).toBe(before);
});

test('two processes that start at once make one demo', async () => {
  const [one, two] = await Promise.all([seed(NOON), seed(NOON + 17, bench.another())]);
  expect(one).toEqual(two);
  expect(await rowsOf('SELECT FROM account')).toHaveLength(3);
  expect(await figuresOf(one.pro)).toMatchObject({ available: 62 });
});

test.each([1, 60, 350, 700])(
  'cut off after %i commands, it is completed by the next start, an hour later',
  async (commandsMax) => {
    let left = commandsMax;
    const dying = {
      submit: <C extends Command>(command: C) => {
        left -= 1;
        return left < 0 ? Promise.reject(new Error('the process is gone')) : bench.ledger.submit(command);
      },
    };
    await expect(seed(NOON, dying)).rejects.toThrow('the process is gone');
    const accounts = await seed(NOON + 3_600_000);
    expect(await figuresOf(accounts.pro)).toMatchObject({ available: 62 });
    expect(await figuresOf(accounts.enterprise)).toMatchObject({ available: 407, held: 30 });
    // Each month ends where it was begun to end: an hour later only for an account that was not begun before.
    const clocks = await rowsOf<{ clock_at: number }>('SELECT clock_at FROM ledger_account');
    for (const { clock_at } of clocks) expect([NOON, NOON + 3_600_000]).toContain(clock_at);
    expect(await rowsOf('SELECT count(*) AS works FROM reservation')).toEqual([{ works: WORKS }]);
  },
);

test('an account that somebody else opened under a name of the demo is left as it is', async () => {
  await rowsOf(
    `INSERT INTO external_account VALUES ('demo-pro', true, '01a205d1-61a5-772b-80ac-5bcb075c59b0', '{"now":null}')`,
  );
  const accounts = await seed(NOON);
  expect(accounts.pro).toBe('01a205d1-61a5-772b-80ac-5bcb075c59b0');
  expect(await rowsOf('SELECT FROM account')).toHaveLength(2);
});

describe('the demo clock', () => {
  const tick = (accounts: DemoAccounts, ledger = bench.ledger) =>
    keepTime({ ledger, dataSource, accounts, onError: () => {} });

  test('brings the accounts to the wall clock and takes no version when nothing ends', async () => {
    const accounts = await seed(Date.now());
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = await figuresOf(accounts.pro);
    const at = Date.now();
    expect(await tick(accounts)).toBe(2_000);
    const after = await figuresOf(accounts.pro);
    expect(after.version).toBe(before.version);
    expect(after.clock).toBeGreaterThanOrEqual(at);
    expect(after.clock).toBeLessThanOrEqual(Date.now());
  });

  test('looks again when something is about to end', async () => {
    const accounts = await seed(Date.now());
    // The batch of Enterprise that is under way.
    await rowsOf(`UPDATE reservation SET expires_at = now() + interval '700 ms' WHERE status = 'HELD'`);
    await rowsOf(`UPDATE ledger_account SET due_at = now() + interval '700 ms' WHERE standard_held > 0`);
    // A writer that does not remember the accounts as they were.
    expect(await tick(accounts, bench.another())).toBeLessThan(750);
  });

  test('after years of silence the accounts have lived through their resets', async () => {
    const accounts = await seed(Date.now() - 1_000 * DAY_MS);
    while ((await figuresOf(accounts.pro)).clock < Date.now() - 10_000) await tick(accounts);
    const { period, available } = await figuresOf(accounts.pro);
    expect(period).toBeGreaterThanOrEqual(32);
    expect(available).toBe(100);
  });

  test('leaves a clock alone that somebody moved ahead', async () => {
    const accounts = await seed(Date.now());
    const ahead = Date.now() + 3 * DAY_MS;
    const actor = { name: 'user:demo-pro', member: 'demo-pro', closesAny: false };
    await bench.ledger.submit({ type: 'clock', accountId: accounts.pro, actor, to: ahead });
    await tick(accounts);
    expect((await figuresOf(accounts.pro)).clock).toBe(ahead);
  });
});
