import { type Fault, FaultyClient, type FaultPlan } from '../../testing/test-faults.js';
import {
  commit,
  createTestLedger,
  grant,
  reservationIdOf,
  reserve,
  type TestLedger,
} from '../../testing/test-ledger.js';
import { LedgerUnavailable } from '../core/ledger.js';
import type { LedgerOptions } from './open-ledger.js';
import type { Row } from '../wire/flight.js';
import { verifyLedger } from '../books/verify.js';

let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => books.close());

/** Keeps an account locked, so that a writer that needs it waits. */
async function lock(
  account: string,
): Promise<{ readonly writerWaits: () => Promise<void>; readonly release: () => Promise<void> }> {
  const client = await books.pool.connect();
  await client.query('BEGIN');
  await client.query('SELECT 1 FROM ledger_account WHERE account_id = $1 FOR UPDATE', [account]);
  return {
    async writerWaits() {
      for (let waits = false; !waits;) {
        const { rows } = await books.pool.query<Row>(
          `SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        );
        waits = rows[0]?.['n'] !== 0;
      }
    },
    async release() {
      await client.query('ROLLBACK');
      client.release();
    },
  };
}

async function keptKeys(account: string): Promise<readonly string[]> {
  const { rows } = await books.pool.query<Row>(
    'SELECT idempotency_key FROM journal WHERE account_id = $1 AND idempotency_key IS NOT NULL ORDER BY version',
    [account],
  );
  return rows.map((row) => row['idempotency_key'] as unknown as string);
}

/** A writer that waits for an account's lock, with one grant under way. */
async function waitingWriter(options: Partial<LedgerOptions>) {
  const account = await books.open('PRO');
  const ledger = books.another({ lanes: 1, ...options });
  const blocked = await lock(account);
  const first = ledger.submit(grant(account, 1, { key: 'first' }));
  await blocked.writerWaits();
  return { account, ledger, blocked, first };
}

test('a full queue refuses at once, and what was refused is not written', async () => {
  const { account, ledger, blocked, first } = await waitingWriter({ queueMax: 3 });
  const queued = [1, 2, 3].map((index) => ledger.submit(grant(account, 1, { key: `queued ${index}` })));
  await expect(ledger.submit(grant(account, 1, { key: 'too many' }))).rejects.toBeInstanceOf(LedgerUnavailable);
  await blocked.release();
  await Promise.all([first, ...queued]);
  expect(await keptKeys(account)).toEqual(['first', 'queued 1', 'queued 2', 'queued 3']);
});

test('a command that waited past its deadline is dropped before it is sent', async () => {
  const { account, ledger, blocked, first } = await waitingWriter({ deadlineMs: 1_000 });
  const late = ledger.submit(grant(account, 1, { key: 'late' }));
  const startedAt = Date.now();
  while (Date.now() <= startedAt + 1_000) await blocked.writerWaits();
  await blocked.release();
  await expect(late).rejects.toBeInstanceOf(LedgerUnavailable);
  expect((await first).kind).toBe('row');
  expect(await keptKeys(account)).toEqual(['first']);
});

test('one account with a long queue does not keep another one waiting', async () => {
  const [busy, quiet] = [await books.open('ENTERPRISE'), await books.open('PRO')];
  const ledger = books.another({ lanes: 1, batchMax: 4 });
  let answered = 0;
  const many = Array.from({ length: 60 }, () =>
    ledger.submit(reserve(busy, { 'content.generate': 1 }, { spend: true })).then(() => answered++),
  );
  await ledger.submit(reserve(quiet, { 'image.short': 1 }));
  // In the first batch, with at most three of the other account's.
  expect(answered).toBeLessThanOrEqual(4);
  await Promise.all(many);
});

test('closing answers everything that was accepted, and then accepts nothing', async () => {
  const account = await books.open('ENTERPRISE');
  const ledger = books.another({ lanes: 1, batchMax: 4 });
  const accepted = Array.from({ length: 20 }, () => ledger.submit(reserve(account, { 'regeneration.basic': 1 })));
  const closing = ledger.close();
  await expect(ledger.submit(reserve(account, { 'regeneration.basic': 1 }))).rejects.toBeInstanceOf(LedgerUnavailable);
  expect((await Promise.all(accepted)).map(({ kind }) => kind)).toEqual(Array(20).fill('reservation'));
  await closing;
});

test('a database that is away: the caller is told so, and a retry under the same key decides once', async () => {
  const account = await books.open('PRO');
  const away = books.another({
    lanes: 1,
    deadlineMs: 1,
    connection: { host: '127.0.0.1', port: 4799 },
    onError: () => {},
  });
  const command = grant(account, 7, { key: 'again' });
  await expect(away.submit(command)).rejects.toBeInstanceOf(LedgerUnavailable);
  const [one, other] = await Promise.all([books.ledger.submit(command), books.another().submit(command)]);
  const replays = [one, other].filter((outcome) => outcome.kind === 'row' && outcome.replayed);
  expect([one.kind, other.kind, replays.length]).toEqual(['row', 'row', 1]);
});

const LOST: readonly (readonly [Fault, string])[] = [
  ['cut before', 'ledger.lock'],
  ['cut before', 'COMMIT'],
  ['answer lost', 'COMMIT'],
];

test.each(LOST)(
  'a key twice in a batch that is tried again (%s at %s): one effect, one of them fresh',
  async (fault, at) => {
    const account = await books.open('PRO');
    const plan: FaultPlan = { at, fault, passes: 0, happened: false };
    const ledger = books.another({
      lanes: 1,
      connect: (config) => new FaultyClient(config, plan),
      onError: () => {},
    });
    const twice = ['same', 'same'].map((key) => ledger.submit(reserve(account, { 'regeneration.basic': 2 }, { key })));
    const outcomes = await Promise.all(twice);
    expect(plan.happened).toBe(true);
    expect(new Set(outcomes.map(reservationIdOf)).size).toBe(1);
    expect(outcomes.map((outcome) => 'replayed' in outcome && outcome.replayed)).toEqual([false, true]);
    expect(await keptKeys(account)).toEqual(['same']);
  },
);

test.each(LOST)('a key decided before stays a repeat when its batch is tried again (%s at %s)', async (fault, at) => {
  const account = await books.open('PRO');
  await books.ledger.submit(reserve(account, { 'regeneration.basic': 2 }, { key: 'before' }));
  const plan: FaultPlan = { at, fault, passes: 0, happened: false };
  const ledger = books.another({ lanes: 1, connect: (config) => new FaultyClient(config, plan), onError: () => {} });
  const [repeat, fresh] = await Promise.all(
    ['before', 'now'].map((key) => ledger.submit(reserve(account, { 'regeneration.basic': 2 }, { key }))),
  );
  expect(plan.happened).toBe(true);
  expect(repeat).toMatchObject({ kind: 'reservation', replayed: true });
  expect(fresh).toMatchObject({ kind: 'reservation', replayed: false });
});

test('a command that the database asks to try again is tried again', async () => {
  const account = await books.open('PRO');
  for (const at of ['ledger.lock', 'ledger.write']) {
    const plan: FaultPlan = { at, fault: 'conflict', passes: 0, happened: false };
    const ledger = books.another({ lanes: 1, connect: (config) => new FaultyClient(config, plan), onError: () => {} });
    expect(await ledger.submit(grant(account, 1, { key: at }))).toMatchObject({ kind: 'row', replayed: false });
    expect(plan.happened).toBe(true);
  }
});

test('what a lost answer may have changed is told when the try after it finds it done', async () => {
  const account = await books.open('PRO');
  const plan: FaultPlan = { at: 'COMMIT', fault: 'answer lost', passes: 0, happened: false };
  const ledger = books.another({ lanes: 1, connect: (config) => new FaultyClient(config, plan), onError: () => {} });
  const told: number[] = [];
  ledger.onCommitted((changes) => told.push(...changes.map(({ version }) => version)));
  const outcome = await ledger.submit(grant(account, 5, { key: 'lost' }));
  expect(outcome).toMatchObject({ kind: 'row', replayed: false });
  expect(told).toEqual([outcome.kind === 'row' ? outcome.balance.version : 'no version']);
});

test('tables that change under a running writer cost it a connection, and its callers nothing', async () => {
  const own = await createTestLedger();
  const [known, cold] = [await own.open('PRO'), await own.open('PRO')];
  const writer = own.another({ lanes: 1 });
  await writer.submit(grant(known, 1));
  await own.pool.query('ALTER TABLE ledger_account ADD COLUMN remark text');
  await own.pool.query('ALTER TABLE credit_grant ADD COLUMN remark text');
  const outcomes = await Promise.all([known, cold].map((account) => writer.submit(grant(account, 1))));
  expect(outcomes).toMatchObject([
    { kind: 'row', replayed: false },
    { kind: 'row', replayed: false },
  ]);
  expect((await verifyLedger({ ...own, accountIds: [known, cold] })).problems).toEqual([]);
  await own.close();
});

test('a database that writes dates in another way is read all the same', async () => {
  const own = await createTestLedger();
  const account = await own.open('PRO');
  await own.pool.query(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET DateStyle = ''SQL, DMY''', current_database()); END $$`,
  );
  const outcome = await own.another({ lanes: 1 }).submit(reserve(account, { 'image.short': 1 }));
  expect(outcome).toMatchObject({ kind: 'reservation', replayed: false });
  await own.close();
});

test('one key is another on another account and for another kind of command, in one batch too', async () => {
  const [one, other] = [await books.open('PRO'), await books.open('PRO')];
  const plan: FaultPlan = { at: 'ledger.lock', fault: 'raise', passes: 100, happened: false };
  const ledger = books.another({ lanes: 1, connect: (config) => new FaultyClient(config, plan) });
  const outcomes = await Promise.all([
    ledger.submit(reserve(one, { 'regeneration.basic': 2 }, { key: 'shared' })),
    ledger.submit(reserve(other, { 'regeneration.basic': 2 }, { key: 'shared' })),
    ledger.submit(grant(one, 3, { key: 'shared' })),
    ledger.submit(reserve(one, { 'regeneration.basic': 1 }, { key: 'shared', spend: true })),
    ledger.submit(reserve(other, { 'regeneration.basic': 2 }, { key: 'shared' })),
  ]);
  expect(outcomes.map((outcome) => 'replayed' in outcome && outcome.replayed)).toEqual([
    false,
    false,
    false,
    false,
    true,
  ]);
  expect([await keptKeys(one), await keptKeys(other)]).toEqual([['shared', 'shared', 'shared'], ['shared']]);
  // All of them in the first try: a batch that raises is tried in parts.
  expect(100 - plan.passes).toBe(1);
});

test('the list of what is due follows a hint that another writer moved without a version', async () => {
  const account = await books.open('PRO', { sandbox: false });
  const brief = await books.ledger.submit(reserve(account, { 'regeneration.basic': 1 }, { ttlSeconds: 100 }));
  await books.ledger.submit(commit(account, reservationIdOf(brief)));
  // As another writer leaves it once those 100 s are over, by a clock that is set back afterwards.
  await books.pool.query('UPDATE ledger_account SET due_at = period_end WHERE account_id = $1', [account]);
  await books.pool.query(
    'UPDATE account_due SET due_at = a.period_end FROM ledger_account a WHERE a.account_id = $1 AND account_due.account_id = $1',
    [account],
  );
  await books.ledger.submit(reserve(account, { 'regeneration.basic': 1 }, { ttlSeconds: 200 }));
  expect((await verifyLedger({ ...books, accountIds: [account] })).problems).toEqual([]);
});

test('one batch with usage of many projects counts each of them once', async () => {
  const account = await books.open('ENTERPRISE');
  const ledger = books.another({ lanes: 1 });
  const spent = Array.from({ length: 90 }, (_, index) =>
    ledger.submit(reserve(account, { 'regeneration.basic': 1 }, { spend: true, project: `project ${index % 30}` })),
  );
  await Promise.all(spent);
  const { rows } = await books.pool.query<Row>(
    'SELECT project, credits, operations FROM usage_day WHERE account_id = $1 ORDER BY project',
    [account],
  );
  const expected = Array.from({ length: 30 }, (_, index) => ({
    project: `project ${index}`,
    credits: 3,
    operations: 3,
  }));
  expect(rows).toEqual(expected.sort((a, b) => (a.project < b.project ? -1 : 1)));
});
