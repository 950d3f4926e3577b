import { setTimeout as sleep } from 'node:timers/promises';
import type { Era } from '../db/history.js';
import type { AccountChange } from '../ledger/core/ledger.js';
import type { ReservationState } from '../ledger/core/state.js';
import { seeded } from '../testing/test-history.js';
import { until } from '../testing/test-until.js';
import type { StampedReservation } from './hold-feed.js';
import type { Span } from './hold-reader.js';
import { Holds, type HoldsOptions } from './holds.js';
import type { Sink } from './sink.js';

/* The feeds of reservations over books that the tests keep, in whichever order news of them comes. */

const ACCOUNT = 'a';
const ERA: Era = { id: 'h1', publicId: 'hist_1', forkedAfter: 0 };

/** One account's reservations by their versions; another process may have written any of them. */
class Books {
  version = 1;
  readonly rows = new Map<string, ReservationState>();

  /** @returns the change, as the process that made it tells it */
  write(id: string, status: ReservationState['status'] = 'HELD'): AccountChange {
    const before = this.version++;
    const row = { accountId: ACCOUNT, id, status, version: this.version } as ReservationState;
    this.rows.set(id, row);
    return {
      accountId: ACCOUNT,
      before,
      version: this.version,
      reservations: [row],
    } as Partial<AccountChange> as AccountChange;
  }

  sorted(which: (row: ReservationState) => boolean): ReservationState[] {
    return [...this.rows.values()].filter(which).sort((a, b) => a.version - b.version);
  }
}

class Recorder implements Sink<StampedReservation> {
  readonly told: ReservationState[] = [];
  readonly times: number[] = [];
  readonly errors: Error[] = [];
  ready = true;

  push({ reservation }: StampedReservation): void {
    this.told.push(reservation);
    this.times.push(performance.now());
  }

  fail(error: Error): void {
    this.errors.push(error);
  }

  /** Each reservation as it was told last. */
  get known(): Map<string, number> {
    return new Map(this.told.map(({ id, version }) => [id, version]));
  }
}

function holdsOf(
  books: Books,
  { intervalMs = 1, delay = async () => {} }: { intervalMs?: number; delay?: () => Promise<unknown> } = {},
) {
  let reads = 0;
  /** The versions of the first looks, in the order of the readers. */
  const opened: number[] = [];
  const reader: HoldsOptions['reader'] = {
    open: async () => {
      reads++;
      const { version } = books;
      opened.push(version);
      await delay();
      return { version, holds: books.sorted(({ status }) => status === 'HELD') };
    },
    versions: async () => {
      await delay();
      return new Map([[ACCOUNT, books.version]]);
    },
    changed: async (spans: readonly Span[]) => {
      reads++;
      await delay();
      return books.sorted(({ version }) => version > (spans[0]?.after ?? 0));
    },
  };
  const history = { present: ERA, wentBack: async () => undefined };
  const errors: unknown[] = [];
  const holds = new Holds({ reader, closeDue: delay, history, onError: (error) => errors.push(error), intervalMs });
  return { holds, errors, opened, reads: () => reads };
}

test('first the open holds, then what changes; a closed one is told, though it was not open', async () => {
  const books = new Books();
  books.write('open');
  books.write('closed', 'RELEASED');
  const { holds } = holdsOf(books);
  const sink = new Recorder();
  const reading = holds.watch(ACCOUNT, sink);
  await until(() => sink.told.length === 1);
  holds.publish(books.write('spent', 'COMMITTED'));
  holds.publish(books.write('open', 'RELEASED'));
  await until(() => sink.told.length === 3);
  expect(sink.told.map(({ id, status, version }) => [id, status, version])).toEqual([
    ['open', 'HELD', 2],
    ['spent', 'COMMITTED', 4],
    ['open', 'RELEASED', 5],
  ]);
  reading.close();
  expect(holds.readerCount).toBe(0);
});

test('what this process commits is told from memory: nothing is read after the beginning', async () => {
  const books = new Books();
  const { holds, reads } = holdsOf(books);
  const sink = new Recorder();
  const reading = holds.watch(ACCOUNT, sink);
  await until(() => reads() === 1);
  await sleep(5);
  for (let count = 0; count < 20; count++) holds.publish(books.write(`r${count}`));
  await until(() => sink.known.size === 20);
  expect(reads()).toBe(1);
  reading.close();
});

test('an account that nobody reads costs no read', async () => {
  const books = new Books();
  const { holds, reads } = holdsOf(books);
  holds.publish(books.write('r'));
  holds.expect(ACCOUNT, 9);
  holds.look();
  await sleep(5);
  expect(reads()).toBe(0);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'random %d: whoever wrote, whatever word was lost or late, versions of each grow, none is told twice, and the end is known',
  async (seed) => {
    const random = seeded(seed);
    const books = new Books();
    const delay = async () => {
      for (let turns = Math.floor(random() * 4); turns > 0; turns--) await new Promise(setImmediate);
    };
    const { holds, errors, opened } = holdsOf(books, { delay });
    const sinks: Recorder[] = [];
    const readings: { close(): void }[] = [];
    for (let step = 0; step < 300; step++) {
      if (step % 40 === 0) {
        const sink = new Recorder();
        sinks.push(sink);
        readings.push(holds.watch(ACCOUNT, sink));
      }
      const id = `r${Math.floor(random() * 12)}`;
      const change = books.write(id, random() < 0.6 ? 'HELD' : 'COMMITTED');
      const dice = random();
      // By this process, by another that rings, or by one whose word is lost.
      if (dice < 0.5) holds.publish(change);
      else if (dice < 0.8) holds.expect(ACCOUNT, change.version);
      else if (dice < 0.85) holds.look();
      for (const sink of sinks) sink.ready = random() < 0.8;
      if (random() < 0.5) await new Promise(setImmediate);
    }
    for (const sink of sinks) sink.ready = true;
    holds.look();
    // What was closed before a reader's first look, and was never told to it, it need not know.
    const isKnown = (sink: Recorder, index: number) =>
      books.sorted(
        ({ id, version, status }) =>
          sink.known.get(id) !== version && (status === 'HELD' || sink.known.has(id) || version > (opened[index] ?? 0)),
      ).length === 0;
    await until(() => sinks.every(isKnown));
    expect(opened).toHaveLength(sinks.length);
    for (const sink of sinks) {
      const seen = new Map<string, number>();
      for (const { id, version } of sink.told) {
        expect(version).toBeGreaterThan(seen.get(id) ?? 0);
        seen.set(id, version);
      }
    }
    expect(errors).toEqual([]);
    for (const reading of readings) reading.close();
    expect(holds.readerCount).toBe(0);
  },
);

test('a burst is told in turns, at most ten a second, of each reservation the newest', async () => {
  const books = new Books();
  const { holds } = holdsOf(books, { intervalMs: 100 });
  const sink = new Recorder();
  const reading = holds.watch(ACCOUNT, sink);
  holds.publish(books.write('first'));
  await until(() => sink.told.length === 1);
  for (let count = 0; count < 1_000; count++) {
    holds.publish(books.write('busy'));
    if (count % 100 === 0) await sleep(15);
  }
  await until(() => sink.known.get('busy') === books.version);
  expect(sink.told.length).toBeLessThanOrEqual(12);
  for (let index = 1; index < sink.times.length; index++)
    expect((sink.times[index] ?? 0) - (sink.times[index - 1] ?? 0)).toBeGreaterThanOrEqual(99);
  reading.close();
});

test('a reader that takes nothing is ended once too much waits for it; what it began with does not count', async () => {
  const books = new Books();
  for (let count = 0; count < 6_000; count++) books.write(`begun ${count}`);
  const { holds } = holdsOf(books);
  const sink = new Recorder();
  sink.ready = false;
  holds.watch(ACCOUNT, sink);
  await sleep(20);
  for (let count = 0; count < 4_990; count++) holds.publish(books.write(`spent ${count}`, 'COMMITTED'));
  await sleep(20);
  expect(sink.errors).toEqual([]);
  for (let count = 0; count < 20; count++) holds.publish(books.write(`last ${count}`, 'COMMITTED'));
  await until(() => sink.errors.length === 1);
  expect(sink.errors[0]).toMatchObject({ extensions: { reason: 'SLOW_CONSUMER' } });
  expect(holds.readerCount).toBe(0);
});
