import { setTimeout as sleep } from 'node:timers/promises';
import { v7 } from 'uuid';
import { UnknownFormat } from '../kit/format-version.js';
import pg from 'pg';
import { History } from '../db/history.js';
import { ISO_IN_UTC, ledgerTypes } from '../db/ledger-types.js';
import { createTestDatabase } from '../db/test-database.js';
import type { TestDatabase } from '../db/test-database.js';
import type { StoredEvent } from '../ledger/rows/event-rows.js';
import { BOTH_SIDES, EventStore } from './event-store.js';
import type { FeedFilter } from './event-store.js';
import { Feed } from './feed.js';
import type { Sink } from './sink.js';
import { until } from '../testing/test-until.js';

let database: TestDatabase;
let pool: pg.Pool;
let history: History;
const errors: unknown[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, types: ledgerTypes, options: ISO_IN_UTC, max: 8 });
  history = await History.open({ pool, nextId: v7, clock: Date.now });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
afterEach(() => {
  if (errors.length > 0) throw new Error('reading failed', { cause: errors.splice(0)[0] });
});

const tooOld = (forkedAfter: number): Error => new Error(`too old: ${forkedAfter}`);
const newFeed = (options: { tailEvents?: number; slowMs?: number } = {}): Feed =>
  new Feed({ store: new EventStore(pool), history, tooOld, onError: (error) => errors.push(error), ...options });

class Recorder implements Sink<StoredEvent> {
  readonly seqs: number[] = [];
  readonly events: StoredEvent[] = [];
  readonly errors: Error[] = [];
  ready = true;

  push(event: StoredEvent): void {
    this.seqs.push(event.feedSeq);
    this.events.push(event);
  }

  fail(error: Error): void {
    this.errors.push(error);
  }
}

const versions = new Map<string, number>();

interface Written {
  readonly accountId: string;
  readonly type?: string;
  readonly sandbox?: boolean;
}

/** Writes events as the ledger does: numbers are taken under the feed's lock, which is kept until the commit is visible. */
async function write(events: readonly Written[], { holdMs = 0, rollBack = false } = {}): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock(4711, 1)');
    for (const { accountId, type = 'BALANCE_LOW', sandbox = true } of events) {
      const version = (versions.get(accountId) ?? 0) + 1;
      versions.set(accountId, version);
      await client.query(
        `INSERT INTO event (account_id, version, ordinal, feed_seq, sandbox, type, credit_type, at, facts, balance)
         VALUES ($1, $2, 0, nextval('event_feed_seq'), $3, $4, 'STANDARD', now(), '{}', '{"available":1}')`,
        [accountId, version, sandbox, type],
      );
    }
    await sleep(holdMs);
    await client.query(rollBack ? 'ROLLBACK' : 'COMMIT');
  } finally {
    client.release();
  }
}

async function stored(filter: string, values: unknown[] = []): Promise<number[]> {
  const { rows } = await pool.query<{ feed_seq: number }>({
    text: `SELECT feed_seq FROM event WHERE ${filter} ORDER BY feed_seq`,
    values,
    types: ledgerTypes,
  });
  return rows.map(({ feed_seq }) => feed_seq);
}

const ofAccounts = (...accountIds: string[]): FeedFilter => ({ ...BOTH_SIDES, accountIds });

/** Whoever listens has reached the end of the feed. */
const settled = (feed: Feed): Promise<number> => until(() => feed.liveCount === feed.readerCount);

test('from now on means that nothing written before is told', async () => {
  const account = v7();
  await write([{ accountId: account }, { accountId: account }]);
  const feed = newFeed();
  const sink = new Recorder();
  feed.follow(ofAccounts(account), 'now', sink);
  await settled(feed);
  await write([{ accountId: account }]);
  feed.wake();
  await until(() => sink.seqs.length > 0);
  expect(sink.events.map(({ version }) => version)).toEqual([3]);
});

test('from a cursor everything after it is told, in pages, then what is new', async () => {
  const account = v7();
  await write(Array.from({ length: 250 }, () => ({ accountId: account })));
  const [first = 0, ...rest] = await stored('account_id = $1', [account]);
  const feed = newFeed();
  const sink = new Recorder();
  feed.follow(
    ofAccounts(account),
    { era: history.present, feedSeq: first, place: { accountId: account, version: 1, ordinal: 0 } },
    sink,
  );
  await until(() => sink.seqs.length === 249);
  expect(sink.seqs).toEqual(rest);
  await write([{ accountId: account }]);
  feed.wake();
  await until(() => sink.seqs.length === 250);
});

test('a reader hears its accounts, its sides and its types, and nothing else', async () => {
  const [mine, other] = [v7(), v7()];
  const feed = newFeed();
  const start = await new EventStore(pool).readHead();
  const listen = (filter: FeedFilter): Recorder => {
    const sink = new Recorder();
    feed.follow(filter, 'now', sink);
    return sink;
  };
  const sinks = [
    listen(ofAccounts(mine)),
    listen(ofAccounts(mine, other)),
    listen({ sandbox: [false], accountIds: null, types: null }),
    listen({ sandbox: [true], accountIds: null, types: ['PERIOD_RESET'] }),
  ];
  await settled(feed);
  await write([
    { accountId: mine },
    { accountId: other, type: 'PERIOD_RESET' },
    { accountId: v7(), sandbox: false, type: 'PERIOD_RESET' },
    { accountId: mine, type: 'PERIOD_RESET' },
  ]);
  feed.wake();
  const [a, b, c, d] = await stored('feed_seq > $1', [start]);
  await until(() => sinks[3]?.seqs.length === 2);
  expect(sinks.map(({ seqs }) => seqs)).toEqual([[a, d], [a, b, d], [c], [b, d]]);
});

test('an event that only a newer program can read ends who wants it, and nobody else misses anything', async () => {
  const [mine, other] = [v7(), v7()];
  const feed = newFeed();
  const [all, also, some, ofOther] = [new Recorder(), new Recorder(), new Recorder(), new Recorder()];
  feed.follow(ofAccounts(mine, other), 'now', all);
  feed.follow(ofAccounts(mine), 'now', also);
  feed.follow({ ...ofAccounts(mine), types: ['BALANCE_LOW'] }, 'now', some);
  feed.follow(ofAccounts(other), 'now', ofOther);
  await settled(feed);
  await write([{ accountId: mine, type: 'NOT_YET_KNOWN' }, { accountId: mine }, { accountId: other }]);
  feed.wake();
  await until(
    () => some.seqs.length === 1 && ofOther.seqs.length === 1 && all.errors.length + also.errors.length === 2,
  );
  expect([all.seqs, also.seqs]).toEqual([[], []]);
  const unknown = new UnknownFormat('This version of the program does not know NOT_YET_KNOWN events');
  expect([all.errors, also.errors]).toEqual([[unknown], [unknown]]);
  expect([some.errors, ofOther.errors]).toEqual([[], []]);
});

test('writers in any order, some rolled back, wakes at any time, readers that come and go: each hears all, in order, once', async () => {
  const accounts = Array.from({ length: 6 }, () => v7());
  const feed = newFeed({ tailEvents: 40 });
  const start = await new EventStore(pool).readHead();
  const everything = new Recorder();
  feed.follow(BOTH_SIDES, 'now', everything);
  await settled(feed);

  const resumed: { account: string; sink: Recorder }[] = accounts.map((account) => ({ account, sink: new Recorder() }));
  let isWriting = true;
  const cutting = resumed.map(async ({ account, sink }) => {
    while (
      isWriting ||
      sink.seqs.length < (await stored('account_id = $1 AND feed_seq > $2', [account, start])).length
    ) {
      const last = sink.events.at(-1);
      const from =
        last === undefined
          ? { era: history.present, feedSeq: start, place: { accountId: account, version: 0, ordinal: 0 } }
          : { era: history.present, feedSeq: last.feedSeq, place: last };
      const attachment = feed.follow(ofAccounts(account), from, sink);
      await sleep(Math.random() * 40);
      attachment.close();
      if (Math.random() < 0.3) await sleep(Math.random() * 30);
    }
  });
  const waking = (async () => {
    while (isWriting) {
      feed.wake();
      await sleep(Math.random() * 10);
    }
  })();
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let batch = 0; batch < 30; batch++) {
        const accountId = accounts[Math.floor(Math.random() * accounts.length)] ?? '';
        const rollBack = Math.random() < 0.2;
        const size = 1 + Math.floor(Math.random() * 8);
        await write(
          rollBack
            ? Array.from({ length: size }, () => ({ accountId: v7() }))
            : Array.from({ length: size }, () => ({ accountId })),
          {
            holdMs: Math.random() * 5,
            rollBack,
          },
        );
        if (Math.random() < 0.7) feed.wake();
      }
    }),
  );
  feed.wake();
  const all = await stored('feed_seq > $1', [start]);
  await until(() => everything.seqs.length >= all.length);
  isWriting = false;
  await Promise.all([...cutting, waking]);
  expect(everything.seqs).toEqual(all);
  for (const { account, sink } of resumed)
    expect(sink.seqs).toEqual(await stored('account_id = $1 AND feed_seq > $2', [account, start]));
  expect(feed.readerCount).toBe(1);
});

test('a reader that is slow for a while waits in the tail, or falls back to the table, and misses nothing', async () => {
  const account = v7();
  const feed = newFeed({ tailEvents: 20 });
  const sink = new Recorder();
  const start = await new EventStore(pool).readHead();
  feed.follow(ofAccounts(account), 'now', sink);
  await settled(feed);
  for (const missed of [10, 60]) {
    sink.ready = false;
    await write(Array.from({ length: missed }, () => ({ accountId: account })));
    feed.wake();
    await sleep(60);
    sink.ready = true;
    const all = await stored('account_id = $1 AND feed_seq > $2', [account, start]);
    await until(() => sink.seqs.length === all.length);
    expect(sink.seqs).toEqual(all);
  }
});

test('a reader that takes nothing, while more happens than its queue holds, is ended as a slow consumer', async () => {
  const account = v7();
  const feed = newFeed({ tailEvents: 20, slowMs: 50 });
  const sink = new Recorder();
  feed.follow(ofAccounts(account), 'now', sink);
  await settled(feed);
  sink.ready = false;
  await write(Array.from({ length: 30 }, () => ({ accountId: account })));
  feed.wake();
  await until(() => sink.errors.length === 1);
  expect(sink.errors[0]).toMatchObject({ extensions: { code: 'UNAVAILABLE', reason: 'SLOW_CONSUMER' } });
  expect(sink.seqs).toEqual([]);
  expect(feed.readerCount).toBe(0);
});

test('nothing is read while nobody listens, and a later reader starts at the end as it is then', async () => {
  let reads = 0;
  const store = new EventStore(pool);
  const feed = new Feed({
    store: {
      readHead: () => store.readHead(),
      readFeed: (...given) => {
        reads += 1;
        return store.readFeed(...given);
      },
    },
    history,
    tooOld,
    onError: (error) => errors.push(error),
  });
  const account = v7();
  const first = feed.follow(ofAccounts(account), 'now', new Recorder());
  await settled(feed);
  first.close();
  await write([{ accountId: account }]);
  feed.wake();
  await sleep(20);
  expect(reads).toBe(0);
  const sink = new Recorder();
  feed.follow(ofAccounts(account), 'now', sink);
  await settled(feed);
  await write([{ accountId: account }]);
  feed.wake();
  await until(() => sink.seqs.length === 1);
  expect(sink.events[0]?.version).toBe(2);
});

test('when the database is away for a moment the reading goes on by itself', async () => {
  const store = new EventStore(pool);
  let failures = 3;
  const seen: unknown[] = [];
  const feed = new Feed({
    store: {
      readHead: () => store.readHead(),
      readFeed: (...given) => (failures-- > 0 ? Promise.reject(new Error('away')) : store.readFeed(...given)),
    },
    history,
    tooOld,
    onError: (error) => seen.push(error),
  });
  const account = v7();
  const sink = new Recorder();
  feed.follow(ofAccounts(account), 'now', sink);
  await settled(feed);
  await write([{ accountId: account }]);
  feed.wake();
  await until(() => sink.seqs.length === 1);
  expect(seen).toHaveLength(3);
});

test('pages of many accounts, of one account and of all agree', async () => {
  const [a, b] = [v7(), v7()];
  const start = await new EventStore(pool).readHead();
  await write([{ accountId: a }, { accountId: b }, { accountId: a }, { accountId: v7(), sandbox: false }]);
  const store = new EventStore(pool);
  const seqs = async (filter: FeedFilter, limit = 10): Promise<[number[], number]> => {
    const { rows, upTo } = await store.readFeed(filter, start, limit, null);
    return [rows.map(({ feedSeq }) => feedSeq), upTo];
  };
  const all = await stored('feed_seq > $1', [start]);
  const head = all.at(-1) ?? 0;
  expect(await seqs(BOTH_SIDES)).toEqual([all, head]);
  expect(await seqs(BOTH_SIDES, 2)).toEqual([all.slice(0, 2), all[1]]);
  expect(await seqs(ofAccounts(a, b))).toEqual([all.slice(0, 3), head]);
  expect(await seqs(ofAccounts(a))).toEqual([[all[0], all[2]], head]);
  expect(await seqs(ofAccounts(v7()))).toEqual([[], head]);
  expect(await seqs(ofAccounts())).toEqual([[], head]);
});
