import { createRequire } from 'node:module';
import pg from 'pg';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../db/test-database.js';
import { ServerTurns } from '../db/server-turns.js';
import { until } from '../testing/test-until.js';
import { JOBS_SCHEMA_VERSION, migrateJobs } from './migrate-jobs.js';
import { type Jobs, type JobsOptions, startJobs } from './start-jobs.js';

let database: TestDatabase;
let pool: pg.Pool;
const started: Jobs[] = [];
const errors: unknown[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  errors.length = 0;
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((jobs) => jobs.stop()));
  await pool.end();
  await database.drop();
});

function start(
  payments: JobsOptions['payments'],
  beginAfterMs?: number,
  mails: JobsOptions['mails'] = () => Promise.resolve(),
): Jobs {
  const jobs = startJobs({
    databaseUrl: database.url,
    turns: new ServerTurns(),
    payments,
    mails,
    onError: (error) => errors.push(error),
    ...(beginAfterMs === undefined ? {} : { beginAfterMs }),
  });
  started.push(jobs);
  return jobs;
}

const connections = async (): Promise<number> => {
  const { rowCount } = await pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'credits jobs'`,
  );
  return rowCount ?? 0;
};

test('nothing begins until it is woken, and then what was asked for is done', async () => {
  let done = 0;
  const jobs = start(() => Promise.resolve(++done));
  expect(await connections()).toBe(0);
  jobs.wake();
  jobs.wake();
  await until(() => done > 0);
  expect(await connections()).toBeGreaterThan(0);
  await jobs.stop();
  await until(async () => (await connections()) === 0);
  expect([done, errors]).toEqual([1, []]);
});

test('mails are looked after by a job of their own, beside payments that take their time', async () => {
  const done = new Set<string>();
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const jobs = start(
    () => {
      done.add('payments');
      return finished;
    },
    60_000,
    () => Promise.resolve(done.add('mails')),
  );
  jobs.wake('payments');
  await until(() => done.has('payments'));
  jobs.wake('mails');
  await until(() => done.has('mails'));
  finish();
  await jobs.stop();
  expect(errors).toEqual([]);
});

test('a job that a killed process has taken with it holds up no other', async () => {
  let done = 0;
  const jobs = start(() => Promise.resolve(++done));
  jobs.wake();
  await until(() => done === 1);
  // As a process leaves it that is killed while it works on one.
  await pool.query(`SELECT graphile_worker.add_job('payments', '{}'::json, job_key := 'payments')`);
  await pool.query(
    `UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'killed', attempts = 1 WHERE key = 'payments'`,
  );
  const before = done;
  jobs.wake();
  await until(() => done > before);
  expect(errors).toEqual([]);
});

test('a job that fails is said aloud, and the next is done', async () => {
  let calls = 0;
  const jobs = start(() => (++calls === 1 ? Promise.reject(new Error('the database is away')) : Promise.resolve()));
  jobs.wake();
  await until(() => errors.length > 0);
  expect(String(errors[0])).toContain('the database is away');
  jobs.wake();
  await until(() => calls > 1);
});

test('it outlives killed connections, also while a job is under way', async () => {
  let calls = 0;
  let go: () => void = () => {};
  const jobs = start(async () => {
    if (++calls === 1) await new Promise<void>((resolve) => (go = resolve));
  }, 50);
  const cut = () =>
    pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'credits jobs'`,
    );
  jobs.wake();
  await until(() => calls === 1);
  await cut();
  go();
  await cut();
  await until(() => {
    jobs.wake();
    return calls > 1;
  });
});

test('stopping waits for what is under way', async () => {
  let isDone = false;
  let isBegun = false;
  let go: () => void = () => {};
  const gate = new Promise<void>((resolve) => (go = resolve));
  const jobs = start(async () => {
    isBegun = true;
    await gate;
    isDone = true;
  });
  jobs.wake();
  await until(() => isBegun);
  const stopped = jobs.stop().then(() => isDone);
  go();
  expect(await stopped).toBe(true);
});

test('a database without the schema of the jobs gets it, once, however many processes start at the same time', async () => {
  const empty = await createEmptyDatabase();
  const made = await Promise.all([1, 2, 3].map(() => migrateJobs(empty.url, null)));
  expect(made.filter(Boolean)).toHaveLength(1);
  await empty.drop();
});

test('the version of the schema is that of the library that is installed', () => {
  const { migrations } = createRequire(import.meta.url)('graphile-worker/dist/generated/sql.js') as {
    migrations: Record<string, string>;
  };
  expect(
    Object.keys(migrations)
      .map((name) => Number.parseInt(name, 10))
      .at(-1),
  ).toBe(JOBS_SCHEMA_VERSION);
});
