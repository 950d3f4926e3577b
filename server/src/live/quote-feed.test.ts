import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../testing/test-until.js';
import { FRESH_MS, type QuoteReading } from './quote-feed.js';
import { Quotes } from './quotes.js';
import type { Sink } from './sink.js';

/* Live quotes over readings that the tests give, paced as in production unless said otherwise. */

const MINUTES = 60_000;

class Recorder implements Sink<object> {
  readonly told: object[] = [];
  readonly times: number[] = [];
  readonly errors: Error[] = [];
  ready = true;

  push(result: object): void {
    this.told.push(result);
    this.times.push(performance.now());
  }

  fail(error: Error): void {
    this.errors.push(error);
  }
}

function readingOf(text: string, more: Partial<QuoteReading> = {}): QuoteReading {
  const at = { version: 1, clockAt: null, now: 0, expiresAt: 10 * MINUTES, changesInMs: Infinity };
  return { result: { text }, text, ...at, ...more };
}

function quotesOf(next: () => QuoteReading | Error, intervalMs?: number) {
  let reads = 0;
  const errors: unknown[] = [];
  const quotes = new Quotes({
    pool: { query: () => Promise.reject(new Error('nothing is looked for')) } as never,
    onError: (error) => errors.push(error),
    isGone: (error) => (error as Error).message === 'gone',
    ...(intervalMs === undefined ? {} : { intervalMs }),
  });
  const read = async (): Promise<QuoteReading> => {
    reads++;
    const found = next();
    await new Promise(setImmediate);
    if (found instanceof Error) throw found;
    return found;
  };
  return { quotes, read, errors, reads: () => reads };
}

test('equal questions share one feed and one reading; other questions have their own', async () => {
  const { quotes, read, reads } = quotesOf(() => readingOf('5 credits'), 1);
  const sinks = Array.from({ length: 50 }, () => new Recorder());
  const readers = sinks.map((sink) => quotes.watch('a', 'five', read, sink));
  const other = new Recorder();
  readers.push(quotes.watch('a', 'six', read, other));
  await until(() => [...sinks, other].every(({ told }) => told.length === 1));
  expect([quotes.feedCount, quotes.readerCount]).toEqual([2, 51]);
  expect(new Set(sinks.map(({ told }) => told[0])).size).toBe(1);
  // One that was under way when the others came, and one for them all.
  expect(reads()).toBeLessThanOrEqual(3);
  for (const reader of readers) reader.close();
  expect([quotes.feedCount, quotes.readerCount]).toEqual([0, 0]);
});

test('what reads the same is not pushed again; at most four a second, the last always', async () => {
  let count = 0;
  const startedAt = performance.now();
  const { quotes, read, reads } = quotesOf(() => readingOf(`${count}`));
  const sink = new Recorder();
  const reader = quotes.watch('a', 'q', read, sink);
  await until(() => sink.told.length === 1);
  quotes.catalogChanged();
  await until(() => reads() === 2);
  await sleep(20);
  expect(sink.told).toHaveLength(1);
  for (let step = 0; step < 100; step++) {
    count++;
    quotes.expect('a', count + 1);
    await sleep(10);
  }
  await until(() => (sink.told.at(-1) as { text: string }).text === '100');
  expect(sink.told.length).toBeLessThanOrEqual(1 + (performance.now() - startedAt) / 250);
  reader.close();
});

test('a fresh token is pushed before the old one ends, although the quote reads the same', async () => {
  const start = performance.now();
  const now = () => Math.round(performance.now() - start);
  // The first token ends soon after it has to be followed.
  let life = FRESH_MS + 60;
  const { quotes, read } = quotesOf(() => {
    const expiresAt = now() + life;
    life = 10 * MINUTES;
    return readingOf('same', { now: now(), expiresAt });
  }, 1);
  const sink = new Recorder();
  const reader = quotes.watch('a', 'q', read, sink);
  await until(() => sink.told.length === 2);
  expect((sink.times[1] ?? 0) - (sink.times[0] ?? 0)).toBeGreaterThanOrEqual(55);
  await sleep(50);
  expect(sink.told).toHaveLength(2);
  reader.close();
});

test('a test clock that moves brings a fresh token, and one that stands does not', async () => {
  let now = 0;
  const { quotes, read } = quotesOf(() => readingOf('same', { now, clockAt: now, expiresAt: now + 10 * MINUTES }), 1);
  const sink = new Recorder();
  const reader = quotes.watch('a', 'q', read, sink);
  await until(() => sink.told.length === 1);
  const move = (to: number) => {
    now = to;
    quotes.publish({ accountId: 'a', version: 1, clockAt: now } as never);
  };
  move(5 * MINUTES);
  await sleep(30);
  expect(sink.told).toHaveLength(1);
  move(9 * MINUTES);
  await until(() => sink.told.length === 2);
  reader.close();
});

test('what time alone changes is read when its time has come', async () => {
  let text = 'before';
  const { quotes, read, reads } = quotesOf(
    () => readingOf(text, { changesInMs: text === 'before' ? 60 : Infinity }),
    1,
  );
  const sink = new Recorder();
  const reader = quotes.watch('a', 'q', read, sink);
  await until(() => sink.told.length === 1);
  text = 'after';
  await until(() => sink.told.length === 2);
  expect((sink.times[1] ?? 0) - (sink.times[0] ?? 0)).toBeGreaterThanOrEqual(55);
  expect(reads()).toBe(2);
  reader.close();
});

test('a slow reader waits and gets the newest alone', async () => {
  let text = 'first';
  const { quotes, read } = quotesOf(() => readingOf(text), 1);
  const [slow, quick] = [new Recorder(), new Recorder()];
  const readers = [quotes.watch('a', 'q', read, slow), quotes.watch('a', 'q', read, quick)];
  await until(() => slow.told.length === 1 && quick.told.length === 1);
  slow.ready = false;
  for (text of ['second', 'third']) {
    quotes.catalogChanged();
    await until(() => (quick.told.at(-1) as { text: string }).text === text);
  }
  expect(slow.told).toHaveLength(1);
  slow.ready = true;
  await until(() => slow.told.length === 2);
  expect(slow.told[1]).toEqual({ text: 'third' });
  for (const reader of readers) reader.close();
});

test('a reading that fails ends those who know nothing yet; the others are told when it can be read again', async () => {
  let next: QuoteReading | Error = readingOf('first');
  const { quotes, read, errors } = quotesOf(() => next, 1);
  const [old, young] = [new Recorder(), new Recorder()];
  const reader = quotes.watch('a', 'q', read, old);
  await until(() => old.told.length === 1);
  next = new Error('away');
  quotes.watch('a', 'q', read, young);
  await until(() => young.errors.length === 1);
  next = readingOf('second');
  await until(() => old.told.length === 2);
  expect([old.errors, errors.length > 0]).toEqual([[], true]);
  next = new Error('gone');
  quotes.catalogChanged();
  await until(() => old.errors.length === 1);
  expect(quotes.feedCount).toBe(0);
  reader.close();
});

test('only so many different questions are answered about one account; equal ones are always let in', () => {
  const { quotes, read } = quotesOf(() => readingOf('5 credits'));
  const readers = Array.from({ length: 1_000 }, (_, index) => quotes.watch('a', `${index}`, read, new Recorder()));
  expect(() => quotes.admit('a', 'another')).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
  expect(() => quotes.admit('a', '7')).not.toThrow();
  expect(() => quotes.admit('b', 'another')).not.toThrow();
  for (const reader of readers) reader.close();
  expect(() => quotes.admit('a', 'another')).not.toThrow();
});

test('what a history that was left had said is told anew', async () => {
  const { quotes, read } = quotesOf(() => readingOf('same'), 1);
  const sink = new Recorder();
  const reader = quotes.watch('a', 'q', read, sink);
  await until(() => sink.told.length === 1);
  quotes.begin();
  await until(() => sink.told.length === 2);
  reader.close();
});
