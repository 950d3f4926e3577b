import { setTimeout as sleep } from 'node:timers/promises';
import type { BalanceView } from '../ledger/core/state.js';
import { Hub } from './hub.js';
import type { Era } from '../db/history.js';
import type { Heads, HubOptions, StampedBalance } from './hub.js';
import { LiveStream } from './live-stream.js';
import type { Sink } from './sink.js';
import { until } from '../testing/test-until.js';

function headsAt(version: number, accountId = 'a'): Heads {
  const balance = (creditType: 'STANDARD' | 'SCAN') =>
    ({ accountId, creditType, available: version * 10, version }) as BalanceView;
  return { accountId, version, balances: { STANDARD: balance('STANDARD'), SCAN: balance('SCAN') } };
}

const ERA: Era = { id: 'h1', publicId: 'hist_1', forkedAfter: 0 };

class Recorder implements Sink<StampedBalance> {
  readonly versions: number[] = [];
  readonly times: number[] = [];
  readonly errors: Error[] = [];
  ready = true;

  push({ balance }: StampedBalance): void {
    this.versions.push(balance.version);
    this.times.push(performance.now());
  }

  fail(error: Error): void {
    this.errors.push(error);
  }
}

const hubAt = (version: number, options: Partial<HubOptions> = {}): Hub =>
  new Hub({ era: ERA, readHeads: async (accountId) => [headsAt(version, accountId), ERA], ...options });

test('the first value is the snapshot, although nothing has been published', async () => {
  const hub = hubAt(7);
  const sink = new Recorder();
  hub.watch('a', 'STANDARD', sink);
  await until(() => sink.versions.length === 1);
  expect(sink.versions).toEqual([7]);
});

test('what is published while the snapshot is being read is not lost, and the older snapshot is not sent after it', async () => {
  const hub = new Hub({
    era: ERA,
    readHeads: async () => {
      const read = headsAt(3);
      await sleep(20);
      return [read, ERA];
    },
  });
  const sink = new Recorder();
  hub.watch('a', 'STANDARD', sink);
  hub.publish(headsAt(4), ERA);
  await until(() => sink.versions.length > 0);
  await sleep(150);
  expect(sink.versions).toEqual([4]);
});

test('versions told in any order arrive in growing order, the highest last', async () => {
  for (let round = 0; round < 20; round++) {
    const hub = hubAt(0, { intervalMs: 1 });
    const sink = new Recorder();
    hub.watch('a', 'STANDARD', sink);
    const versions = Array.from({ length: 40 }, (_, index) => index + 1).sort(() => Math.random() - 0.5);
    for (const version of versions) {
      hub.publish(headsAt(version), ERA);
      if (Math.random() < 0.3) await new Promise(setImmediate);
    }
    await until(() => sink.versions.at(-1) === 40);
    expect(sink.versions).toEqual([...new Set(sink.versions)].sort((a, b) => a - b));
  }
});

test('a burst of 5,000 versions in a second sends at most 12 balances to a reader, the last of them the newest', async () => {
  const hub = hubAt(1);
  const sink = new Recorder();
  hub.watch('a', 'STANDARD', sink);
  await until(() => sink.versions.length === 1);
  for (let version = 2; version <= 5_001; version++) {
    hub.publish(headsAt(version), ERA);
    if (version % 100 === 0) await sleep(15);
  }
  await until(() => sink.versions.at(-1) === 5_001);
  expect(sink.versions.length).toBeLessThanOrEqual(12);
  for (let index = 1; index < sink.times.length; index++) {
    expect((sink.times[index] ?? 0) - (sink.times[index - 1] ?? 0)).toBeGreaterThanOrEqual(99);
  }
});

test('after a quiet time the next balance is sent at once', async () => {
  const hub = hubAt(1);
  const sink = new Recorder();
  hub.watch('a', 'STANDARD', sink);
  await until(() => sink.versions.length === 1);
  await sleep(120);
  const published = performance.now();
  hub.publish(headsAt(2), ERA);
  await until(() => sink.versions.length === 2);
  expect((sink.times[1] ?? 0) - published).toBeLessThan(50);
});

test('a reader that is not ready is skipped, and has the newest alone when it is', async () => {
  const hub = hubAt(1, { intervalMs: 20 });
  const slow = new Recorder();
  const quick = new Recorder();
  hub.watch('a', 'STANDARD', slow);
  hub.watch('a', 'STANDARD', quick);
  await until(() => slow.versions.length === 1 && quick.versions.length === 1);
  slow.ready = false;
  for (const version of [2, 3, 4]) {
    hub.publish(headsAt(version), ERA);
    await until(() => quick.versions.at(-1) === version);
  }
  expect(slow.versions).toEqual([1]);
  slow.ready = true;
  await until(() => slow.versions.length === 2);
  expect(slow.versions).toEqual([1, 4]);
});

test('each reader is given its credit type', async () => {
  const hub = hubAt(1);
  const types: string[] = [];
  for (const creditType of ['STANDARD', 'SCAN'] as const) {
    hub.watch('a', creditType, { ready: true, push: ({ balance }) => types.push(balance.creditType), fail: () => {} });
  }
  await until(() => types.length === 2);
  expect(types).toEqual(['STANDARD', 'SCAN']);
});

test("accounts are watched as long as somebody reads them, and others' versions are not kept", async () => {
  const hub = hubAt(1);
  const one = hub.watch('a', 'STANDARD', new Recorder());
  const two = hub.watch('a', 'SCAN', new Recorder());
  hub.publish(headsAt(9, 'b'), ERA);
  expect([...hub.watched()].map(([accountId]) => accountId)).toEqual(['a']);
  one.close();
  expect(hub.readerCount).toBe(1);
  two.close();
  two.close();
  expect([...hub.watched()]).toEqual([]);
  expect(hub.versionOf('b')).toBeNull();
});

test('a snapshot that cannot be read ends its readers with the error, and leaves nobody behind', async () => {
  const hub = new Hub({ era: ERA, readHeads: () => Promise.reject(new Error('away')) });
  const sink = new Recorder();
  hub.watch('a', 'STANDARD', sink);
  await until(() => sink.errors.length === 1);
  expect(hub.readerCount).toBe(0);
});

test('a thousand readers of one account share the reading of the snapshot', async () => {
  let reads = 0;
  const hub = new Hub({
    era: ERA,
    readHeads: async () => {
      reads += 1;
      await sleep(5);
      return [headsAt(2), ERA];
    },
  });
  const sinks = Array.from({ length: 1_000 }, () => new Recorder());
  for (const sink of sinks) hub.watch('a', 'STANDARD', sink);
  await until(() => sinks.every(({ versions }) => versions.length === 1));
  expect(reads).toBe(2);
});

describe('read as an iterator', () => {
  const streamOf = (hub: Hub) =>
    new LiveStream<StampedBalance, BalanceView>(
      (sink) => hub.watch('a', 'STANDARD', sink),
      ({ balance }) => balance,
      1,
    );

  test('it listens from its first moment, before anybody asks for a value', () => {
    const hub = hubAt(1);
    streamOf(hub)[Symbol.asyncIterator]();
    expect(hub.readerCount).toBe(1);
  });

  test('return lets go at once and ends a next that waits', async () => {
    const hub = hubAt(1);
    const iterator = streamOf(hub)[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toMatchObject({ version: 1 });
    const waiting = iterator.next();
    void iterator.return?.();
    expect(hub.readerCount).toBe(0);
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  test('a reader that is behind gets the value that waits for it and then the newest, not all', async () => {
    const hub = hubAt(1, { intervalMs: 1 });
    const iterator = streamOf(hub)[Symbol.asyncIterator]();
    await until(() => hub.versionOf('a') === 1);
    for (let version = 2; version <= 500; version++) {
      hub.publish(headsAt(version), ERA);
      await new Promise(setImmediate);
    }
    await sleep(30);
    const versions: number[] = [];
    while (versions.at(-1) !== 500) versions.push((await iterator.next()).value?.version ?? 0);
    expect(versions.length).toBeLessThanOrEqual(3);
  });

  test('an error is told once, to whoever asks next', async () => {
    const hub = new Hub({ era: ERA, readHeads: () => Promise.reject(new Error('away')) });
    const iterator = streamOf(hub)[Symbol.asyncIterator]();
    await sleep(5);
    await expect(iterator.next()).rejects.toThrow('away');
    expect((await iterator.next()).done).toBe(true);
  });
});
