import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { boundary } from '../accounts/periods.js';
import { createDataSource } from '../db/data-source.js';
import type { Command } from '../ledger/core/commands.js';
import { type Ledger, LedgerUnavailable } from '../ledger/core/ledger.js';
import { createTestLedger, reserve, type TestLedger } from '../testing/test-ledger.js';
import { startPunctual } from './punctual.js';
import type { Repeated } from './repeat.js';
import { until } from '../testing/test-until.js';

let bench: TestLedger;
let dataSource: DataSource;
const workers: Repeated[] = [];
const errors: string[] = [];

beforeEach(async () => {
  bench = await createTestLedger({ onError: (error) => errors.push(String(error)) });
  dataSource = await createDataSource({ url: bench.url, applicationName: 'punctual-test' }).initialize();
  errors.length = 0;
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  await dataSource.destroy();
  await bench.close();
});

function work(ledger: Pick<Ledger, 'submit'> = bench.ledger): Repeated {
  const worker = startPunctual({
    ledger: {
      submit: (command) => ledger.submit(command),
      get submitted() {
        return bench.ledger.submitted;
      },
    },
    dataSource,
    onError: (error, what) => errors.push(`${what}: ${String(error)}`),
  });
  workers.push(worker);
  return worker;
}

async function openLive(count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, () => bench.open('PRO', { sandbox: false })));
}

interface Expired {
  readonly account_id: string;
  readonly lateMs: number;
}

/** RESERVATION_EXPIRED events as the table has them, with how long after its end each hold was closed. */
async function listExpired(): Promise<Expired[]> {
  const { rows } = await bench.pool.query<Expired>(
    `SELECT e.account_id, (extract(epoch FROM j.recorded_at - r.expires_at) * 1000)::float8 AS "lateMs"
       FROM event e
       JOIN reservation r ON r.account_id = e.account_id AND r.reservation_id = (e.facts::json ->> 'reservationId')::uuid
       JOIN journal j ON j.account_id = e.account_id AND j.version = e.version AND j.ordinal = 0
      WHERE e.type = 'RESERVATION_EXPIRED' AND r.status = 'EXPIRED' AND r.held = 0`,
  );
  return rows;
}

const untilDone = (isDone: () => Promise<boolean>, withinMs: number): Promise<number> =>
  until(isDone, withinMs, () => `errors: ${errors.join('; ')}`);

async function heldCredits(): Promise<number> {
  const { rows } = await bench.pool.query<{ held: number }>(
    'SELECT sum(standard_held)::bigint AS held FROM ledger_account',
  );
  return rows[0]?.held ?? 0;
}

test('a hold of 1 second ends within moments of its end with nobody touching the account', async () => {
  const [account] = (await openLive(1)) as [string];
  work();
  await bench.ledger.submit(reserve(account, { 'image.short': 2 }, { ttlSeconds: 1 }));
  await untilDone(async () => (await listExpired()).length === 1, 10_000);
  const [expired] = await listExpired();
  expect(expired?.lateMs).toBeGreaterThanOrEqual(0);
  expect(expired?.lateMs).toBeLessThan(2_000);
  expect(await heldCredits()).toBe(0);
});

test('500 holds that end at once are all closed, once each, by two workers of two processes', async () => {
  const accounts = await openLive(500);
  work();
  work(bench.another());
  await Promise.all(
    accounts.map((account) => bench.ledger.submit(reserve(account, { 'image.short': 1 }, { ttlSeconds: 1 }))),
  );
  await untilDone(async () => (await listExpired()).length === 500, 15_000);
  await sleep(300);
  expect(new Set((await listExpired()).map(({ account_id }) => account_id)).size).toBe(500);
  expect(await listExpired()).toHaveLength(500);
  expect(errors).toEqual([]);
  const { rows } = await bench.pool.query('SELECT DISTINCT version FROM ledger_account');
  expect(rows).toEqual([{ version: 3 }]);
});

test('a period that ends is reset without a touch', async () => {
  // Anchored so that a boundary falls moments from now; four years, since then every day of the calendar has its like.
  await bench.open('PRO', { sandbox: false, billingAnchor: boundary(Date.now() + 3_000, -48, 'UTC') });
  work();
  await untilDone(
    async () => (await bench.pool.query(`SELECT FROM event WHERE type = 'PERIOD_RESET'`)).rowCount === 1,
    15_000,
  );
  const { rows } = await bench.pool.query('SELECT period_number, standard_available FROM ledger_account');
  expect(rows).toEqual([{ period_number: 48, standard_available: 100 }]);
});

test('sandbox accounts are nobody to be looked after', async () => {
  const account = await bench.open('PRO');
  await bench.ledger.submit(reserve(account, { 'image.short': 1 }, { ttlSeconds: 1 }));
  expect((await bench.pool.query('SELECT FROM account_due')).rowCount).toBe(0);
});

test('it outlives killed connections, its own and the ledger’s', async () => {
  const accounts = await openLive(20);
  work();
  await Promise.all(
    accounts.map((account) => bench.ledger.submit(reserve(account, { 'image.short': 1 }, { ttlSeconds: 1 }))),
  );
  for (let times = 0; times < 5; times += 1) {
    await bench.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name IN ('punctual-test', 'aibc-credits ledger')`,
    );
    await sleep(250);
  }
  await untilDone(async () => (await listExpired()).length === 20, 15_000);
  expect(await heldCredits()).toBe(0);
});

/** The most accounts that were under way at once while 60 holds that ended together were closed. */
async function mostUnderWay(start: (begin: () => void) => Promise<void>): Promise<number> {
  const accounts = await openLive(60);
  await Promise.all(
    accounts.map((account) => bench.ledger.submit(reserve(account, { 'image.short': 1 }, { ttlSeconds: 1 }))),
  );
  let underWay = 0;
  let most = 0;
  await start(() => {
    work({
      submit: async (command) => {
        most = Math.max(most, ++underWay);
        await sleep(20);
        underWay -= 1;
        return bench.ledger.submit(command);
      },
    });
  });
  await untilDone(async () => (await listExpired()).length === 60, 15_000);
  return most;
}

test('while nobody asks the ledger for anything, all that is due is under way at once', async () => {
  const most = await mostUnderWay(async (begin) => {
    await sleep(1_500);
    begin();
  });
  expect(most).toBe(60);
});

test('while callers ask, at most 32 accounts are under way', async () => {
  const [caller] = (await openLive(1)) as [string];
  let asking = true;
  let asked: Promise<void> | undefined;
  const most = await mostUnderWay(async (begin) => {
    begin();
    asked = (async () => {
      for (let times = 0; asking && times < 90; times += 1) {
        await bench.ledger.submit(reserve(caller, { 'regeneration.basic': 1 }));
        await sleep(50);
      }
    })();
    await Promise.resolve();
  });
  asking = false;
  await asked;
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(32);
});

test('an account that cannot be advanced is set aside and said aloud; the others are served', async () => {
  const accounts = await openLive(3);
  const [broken] = accounts as [string];
  work({
    submit: <C extends Command>(command: C) =>
      command.accountId === broken
        ? Promise.reject(new RangeError('a bucket below zero'))
        : bench.ledger.submit(command),
  });
  await Promise.all(
    accounts.map((account) => bench.ledger.submit(reserve(account, { 'image.short': 1 }, { ttlSeconds: 1 }))),
  );
  await untilDone(async () => (await listExpired()).length === 2, 10_000);
  await sleep(600);
  expect(errors).toEqual([expect.stringMatching(new RegExp(`${broken}.*RangeError`))]);
});

test('a ledger that is busy is asked again, less and less often', async () => {
  const [account] = (await openLive(1)) as [string];
  let asked = 0;
  work({
    submit: (command) => {
      asked += 1;
      return asked <= 2 ? Promise.reject(new LedgerUnavailable('busy')) : bench.ledger.submit(command);
    },
  });
  await bench.ledger.submit(reserve(account, { 'image.short': 1 }, { ttlSeconds: 1 }));
  await untilDone(async () => (await listExpired()).length === 1, 10_000);
  expect(asked).toBe(3);
});

test('a row that is due for ever does not make it spin', async () => {
  const account = await bench.open('PRO');
  await bench.pool.query(`INSERT INTO account_due VALUES ($1, now() - interval '1 day')`, [account]);
  let asked = 0;
  work({
    submit: (command) => {
      asked += 1;
      return bench.ledger.submit(command);
    },
  });
  await sleep(500);
  expect(asked).toBeLessThanOrEqual(2);
  expect(errors).toHaveLength(1);
});

test('stop waits for what is under way and nothing is submitted after it', async () => {
  const [account] = (await openLive(1)) as [string];
  let submitted = 0;
  let answered = 0;
  const worker = work({
    submit: async (command) => {
      submitted += 1;
      await sleep(300);
      answered += 1;
      return bench.ledger.submit(command);
    },
  });
  await bench.ledger.submit(reserve(account, { 'image.short': 1 }, { ttlSeconds: 1 }));
  await untilDone(() => Promise.resolve(submitted === 1), 10_000);
  await worker.stop();
  expect([submitted, answered]).toEqual([1, 1]);
});

test('looking for what is due goes through the index', async () => {
  const accounts = await openLive(1);
  await bench.pool.query(
    `INSERT INTO account_due SELECT gen_random_uuid(), now() + interval '1 day' + n * interval '1 second' FROM generate_series(1, 20000) n`,
  );
  await bench.pool.query('ANALYZE account_due');
  const { rows } = await bench.pool.query<Record<string, string>>(
    `EXPLAIN SELECT account_id FROM account_due WHERE due_at <= now() + 250 * interval '1 millisecond'
       AND account_id <> ALL ('{${accounts.join()}}'::uuid[]) ORDER BY due_at LIMIT 256`,
  );
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('Index Scan using account_due_at');
});
