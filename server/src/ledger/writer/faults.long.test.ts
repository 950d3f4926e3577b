import pg from 'pg';
import { v7 } from 'uuid';
import { type Fault, FaultyClient, type FaultPlan } from '../../testing/test-faults.js';
import { checkHistory } from '../../testing/test-history-check.js';
import { playHistory, seeded } from '../../testing/test-history.js';
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
} from '../../testing/test-ledger.js';
import type { Command } from '../core/commands.js';
import type { Outcome } from '../core/outcome.js';
import type { Row } from '../wire/flight.js';
import { verifyLedger } from '../books/verify.js';

const START = Date.UTC(2026, 0, 1);
const FAULTS: readonly Fault[] = ['encode', 'raise', 'cut before', 'answer lost'];
/** Each statement that a batch can send, by a part of its text. */
const STATEMENTS = [
  'BEGIN',
  'ledger.lock',
  'ledger.heads',
  'ledger.open_grants',
  'ledger.reservations_by_id',
  'ledger.kept',
  'ledger.ending_holds',
  'ledger.clock',
  'ledger.credit_holds',
  'ledger.feed_lock',
  'ledger.write',
  'COMMIT',
] as const;

let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => books.close());

/** Accounts with holds, made without faults, and one batch of every kind of command on them. */
async function prepare(): Promise<{ readonly accounts: readonly string[]; readonly batch: readonly Command[] }> {
  const { ledger } = books;
  const accounts = await Promise.all(Array.from({ length: 3 }, () => books.open('PRO', { now: START })));
  const batch: Command[] = [];
  for (const account of accounts) {
    const [r1, r2, r3, r4] = (
      await Promise.all(
        [20, 10, 5, 4].map((quantity) =>
          ledger.submit(reserve(account, { 'regeneration.basic': quantity }, { ttlSeconds: 3600 })),
        ),
      )
    ).map(reservationIdOf) as [string, string, string, string];
    await ledger.submit(reserve(account, { 'regeneration.basic': 3 }, { ttlSeconds: 60 }));
    batch.push(
      commit(account, r1, { amount: 7, key: 'part', final: false }),
      commit(account, r2, { amount: 25, policy: 'IF_AVAILABLE', key: 'over' }),
      clock(account, START + 60_000),
      release(account, r3, 'release'),
      extend(account, r4, 7200, 'extend'),
      grant(account, 50, { key: 'grant' }),
      reserve(account, { 'image.short': 2 }, { spend: true, key: 'spend' }),
      reserve(account, { 'image.mid': 1 }, { key: 'reserve' }),
      reserve(account, { 'video.long': 9 }, { key: 'refused' }),
      reserve(account, { 'media.upload': 1 }, { key: 'free' }),
    );
  }
  return { accounts, batch };
}

/** What came of it: balances, versions, statuses and what is kept, without ids. */
async function stateOf(accounts: readonly string[]): Promise<unknown> {
  return Promise.all(
    accounts.map(async (account) => {
      const read = async (sql: string) => (await books.pool.query<Row>(sql, [account])).rows;
      return [
        await read(
          `SELECT version, standard_available, standard_held, standard_spent, standard_used, clock_at FROM ledger_account WHERE account_id = $1`,
        ),
        await read(
          `SELECT status, count(*) AS n, sum(held) AS held, sum(committed) AS committed, sum(released) AS released, sum(uncollected) AS uncollected FROM reservation WHERE account_id = $1 GROUP BY status ORDER BY status`,
        ),
        await read(`SELECT type, count(*) AS n FROM event WHERE account_id = $1 GROUP BY type ORDER BY type`),
        await read(
          `SELECT idempotency_key FROM journal WHERE account_id = $1 AND length(idempotency_key) < 10 ORDER BY idempotency_key`,
        ),
      ];
    }),
  );
}

function shownOf(outcome: Outcome): string {
  return 'replayed' in outcome ? `${outcome.kind} ${outcome.replayed ? 'replayed' : 'fresh'}` : outcome.kind;
}

let expected: { readonly state: unknown; readonly shown: readonly string[] };
beforeAll(async () => {
  const { accounts, batch } = await prepare();
  const outcomes = await Promise.all(batch.map((command) => books.ledger.submit(command)));
  expected = { state: await stateOf(accounts), shown: outcomes.map(shownOf) };
});

/** Nothing in them can fail to be encoded. */
const WITHOUT_VALUES: ReadonlySet<string> = new Set(['BEGIN', 'ledger.clock', 'ledger.feed_lock', 'COMMIT']);
/** Also in a later batch, with others before it. */
const LATER: ReadonlySet<string> = new Set(['ledger.lock', 'ledger.write', 'COMMIT']);
const cases = STATEMENTS.flatMap((at) =>
  FAULTS.filter((fault) => fault !== 'encode' || !WITHOUT_VALUES.has(at)).flatMap((fault) =>
    (LATER.has(at) ? [0, 2] : [0]).map((passes) => [fault, at, passes] as const),
  ),
);

test.each(cases)('%s at %s after %i: nothing half-written, everything once', async (fault, at, passes) => {
  const { accounts, batch } = await prepare();
  const plan: FaultPlan = { at, fault, passes, happened: false };
  const failed: string[] = [];
  // 13 at once, so that there are several batches and the fault has its neighbours.
  const ledger = books.another({
    lanes: 1,
    batchMax: 13,
    connect: (config) => new FaultyClient(config, plan),
    onError: (error, what) => failed.push(`${what}: ${String(error)}`),
  });
  const outcomes = await Promise.all(batch.map((command) => ledger.submit(command)));
  expect(outcomes.map(shownOf)).toEqual(expected.shown);
  expect(await stateOf(accounts)).toEqual(expected.state);
  expect((await verifyLedger({ ...books, accountIds: accounts })).problems).toEqual([]);
  // Under the same keys again: all of it repeated, nothing changed.
  const keyed = batch.filter((command) => 'keyed' in command);
  const again = await Promise.all(keyed.map((command) => books.ledger.submit(command)));
  expect(again.every((outcome) => 'replayed' in outcome && outcome.replayed)).toBe(true);
  expect(await stateOf(accounts)).toEqual(expected.state);
  expect(plan.happened || passes > 0 || at === 'ledger.credit_holds').toBe(true);
  await ledger.close();
});

describe('a command that can never be written', () => {
  /** A text that no database stores. */
  const poison = (account: string): Command => ({ ...grant(account, 5, { key: 'poison' }), reason: 'a\0b' });

  test('fails alone; its neighbours in the batch, on the same account too, succeed', async () => {
    const { accounts, batch } = await prepare();
    const errors: string[] = [];
    const ledger = books.another({ lanes: 1, onError: (_error, what) => errors.push(what) });
    const commands = [...batch.slice(0, 15), poison(accounts[1] as string), ...batch.slice(15)];
    const results = await Promise.allSettled(commands.map((command) => ledger.submit(command)));
    expect(results.map(({ status }) => status).filter((status) => status === 'rejected')).toHaveLength(1);
    expect(results[15]?.status).toBe('rejected');
    expect(results.flatMap((result) => (result.status === 'fulfilled' ? [shownOf(result.value)] : []))).toEqual(
      expected.shown,
    );
    expect(await stateOf(accounts)).toEqual(expected.state);
    expect((await verifyLedger({ ...books, accountIds: accounts })).problems).toEqual([]);
    expect(errors).toEqual([`command grant of account ${accounts[1]}`]);
    await ledger.close();
  });
});

describe('a connection cut while the batch', () => {
  test('waits for a lock: nothing is lost, nothing is twice', async () => {
    const { accounts, batch } = await prepare();
    const clients: FaultyClient[] = [];
    const plan: FaultPlan = { at: 'nothing', fault: 'raise', passes: 0, happened: false };
    const ledger = books.another({
      lanes: 1,
      connect: (config) => {
        const client = new FaultyClient(config, plan);
        clients.push(client);
        return client;
      },
    });
    const blocker = await books.pool.connect();
    await blocker.query('BEGIN');
    await blocker.query('SELECT 1 FROM ledger_account WHERE account_id = $1 FOR UPDATE', [accounts[2]]);
    const answers = Promise.all(batch.map((command) => ledger.submit(command)));
    await untilBlocked();
    clients[0]?.break();
    await blocker.query('ROLLBACK');
    blocker.release();
    expect((await answers).map(shownOf)).toEqual(expected.shown);
    expect(clients.length).toBe(2);
    expect(await stateOf(accounts)).toEqual(expected.state);
    await ledger.close();
  });

  async function untilBlocked(): Promise<void> {
    for (;;) {
      const { rowCount } = await books.pool.query(
        `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      );
      if (rowCount) return;
    }
  }
});

test('backends terminated at random below random histories: every answer still fits, every key decides once', async () => {
  const seed = Math.floor(Math.random() * 1_000_000);
  const random = seeded(seed);
  const torn = await createTestLedger({ onError: () => {}, deadlineMs: 50_000 });
  const writers = [torn.another(), torn.another()];
  const killer = new pg.Client({ connectionString: torn.url });
  await killer.connect();
  // However slow the machine is, connections are ended between what they write, and not before they could write anything.
  let written = 0;
  for (const writer of writers) writer.onCommitted((changes) => (written += changes.length));
  let playing = true;
  const kill = async (): Promise<number> => {
    let killed = 0;
    while (playing) {
      const { rowCount } = await killer.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'aibc-credits ledger' AND random() < 0.5`,
      );
      killed += rowCount ?? 0;
      const next = written + 1 + Math.floor(random() * 30);
      while (playing && written < next) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return killed;
  };
  const killing = kill();
  const histories = await Promise.all(
    Array.from({ length: 8 }, (_, index) => playHistory(torn, writers, seeded(seed + index))),
  );
  playing = false;
  expect(await killing).toBeGreaterThan(0);
  await killer.end();
  const problems = await Promise.all(histories.map((history) => checkHistory(torn, history, { lossy: true })));
  await torn.close();
  expect({ seed, problems: problems.flat() }).toEqual({ seed, problems: [] });
}, 120_000);

test('two processes that open the same accounts at once: all are answered, and neither waits for the other', async () => {
  const failed: string[] = [];
  const options = { lanes: 1, onError: (error: unknown, what: string) => failed.push(`${what}: ${String(error)}`) };
  const writers = [books.another(options), books.another(options)];
  // Both come to the one in the middle, from both ends, and find it taken: whoever goes on first must not meet the other.
  const ids = Array.from({ length: 41 }, () => v7()).sort();
  const blocker = await books.pool.connect();
  await blocker.query('BEGIN');
  await blocker.query(
    `INSERT INTO journal (account_id, version, ordinal, command, actor, at) VALUES ($1, 1, 0, 'open', 'test', now())`,
    [ids[20]],
  );
  const answers = writers.flatMap((writer, index) =>
    (index === 0 ? ids : [...ids].reverse()).map((id) => writer.submit(openCommand(id))),
  );
  for (let waiting = 0; waiting < writers.length;)
    waiting = (
      await books.pool.query(
        `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      )
    ).rows.length;
  await blocker.query('ROLLBACK');
  blocker.release();
  expect((await Promise.all(answers)).map(({ kind }) => kind)).toEqual(Array(82).fill('account'));
  // A deadlock among them.
  expect(failed).toEqual([]);
});

function openCommand(accountId: string): Command {
  return {
    type: 'create',
    accountId,
    actor: { name: 'service:test', member: 'test', closesAny: true },
    externalId: null,
    name: 'Twice',
    // Without an allowance there is no event, and so no waiting for the feed that would keep the two apart.
    plan: 'FREE',
    timeZone: 'UTC',
    billingAnchor: null,
    sandbox: true,
    now: START,
  };
}
