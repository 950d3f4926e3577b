import { setTimeout as sleep } from 'node:timers/promises';
import type { Era } from '../db/history.js';
import { BOTH_SIDES } from './event-store.js';
import type { StoredEvent } from '../ledger/rows/event-rows.js';
import type { FeedFilter, FeedPage } from './event-store.js';
import { FeedItem } from './feed-item.js';
import { isOfAnother } from './feed-history.js';
import type { FeedOptions } from './feed-options.js';
import { FeedReader } from './feed-reader.js';
import type { FeedStart } from './feed-reader.js';
import { FeedReaders } from './feed-readers.js';
import { FeedTail } from './feed-tail.js';
import { SharedRead } from './shared-read.js';
import type { Attachment, Sink } from './sink.js';
import { SlowConsumer } from './slow-consumer.js';

const TAIL_EVENTS = 1_000;
const SLOW_MS = 10_000;
const PAGE_EVENTS = 500;
const PAGE_EVENTS_MIN = 10;
/** So many pushes go out, at about the most, before other work of this process gets its turn. */
const PUSHES_A_TURN = 5_000;
const REPLAY_EVENTS = 100;
const READY_POLL_MS = 25;
const RETRY_MS_MAX = 2_000;

/**
 * The feed of all accounts as this process follows it: one reading of the table for all who listen.
 *
 * The table is the truth. Whatever tells that there is news (this process's commits, another's doorbell, the clock) only wakes the
 * reading, and everybody is pushed events in the table's order, which is commit order: none skipped, none twice, across processes.
 * Nothing is read while nobody listens.
 *
 * A reader starts from a cursor or from now; what lies before the end is read in pages of its own, then it changes over to the
 * common tail. One that cannot keep up waits in the tail, falls back to pages, and is ended as SlowConsumer when it takes nothing at all.
 * Source: docs/domain.md, Thresholds, events, notifications
 */
export class Feed {
  readonly #options: Required<FeedOptions>;
  readonly #head: SharedRead<number>;
  readonly #readers = new FeedReaders();
  readonly #tail: FeedTail;
  /** Resolves when it is known where the feed ends; made anew for the first reader after there were none. */
  #started: Promise<void> | null = null;
  #reading = false;
  #woken = false;

  constructor(options: FeedOptions) {
    this.#options = { tailEvents: TAIL_EVENTS, slowMs: SLOW_MS, ...options };
    this.#tail = new FeedTail(this.#options.tailEvents);
    this.#head = new SharedRead(() => this.#options.store.readHead());
  }

  /** Starts to push the events that pass the filter, in order, from the start on. */
  follow(filter: FeedFilter, start: FeedStart, sink: Sink<StoredEvent>): Attachment {
    const reader = new FeedReader(filter, start, sink, (left) => this.#leave(left));
    this.#readers.add(reader);
    this.#started ??= this.#start();
    this.#begin(reader, start).catch((error: unknown) => {
      if (!reader.closed) reader.fail(error instanceof Error ? error : new Error(String(error)));
    });
    return reader;
  }

  /** Whether somebody here waits for events of this account. */
  wants(accountId: string): boolean {
    return this.#readers.wants(accountId);
  }

  get readerCount(): number {
    return this.#readers.size;
  }

  /** Readers that have caught up with the end of the feed. */
  get liveCount(): number {
    let count = 0;
    for (const reader of this.#readers) if (reader.live) count += 1;
    return count;
  }

  /** Reads what is new, if somebody listens. Any number of calls during a reading make one more. */
  wake(): void {
    if (this.#started === null) return;
    this.#woken = true;
    if (!this.#reading) void this.#readNew(this.#started);
  }

  async #readNew(run: Promise<void>): Promise<void> {
    this.#reading = true;
    let retryMs = 0;
    try {
      while (this.#woken && this.#started === run) {
        try {
          await run;
          this.#woken = false;
          const limit = Math.max(
            PAGE_EVENTS_MIN,
            Math.min(PAGE_EVENTS, Math.floor(PUSHES_A_TURN / (this.#readers.ofEvery.size + 1))),
          );
          const position = this.#tail.position;
          const page = await this.#options.store.readFeed(BOTH_SIDES, position, limit, null);
          if (this.#started !== run) return;
          if (await isOfAnother(this.#options.history, page, position)) {
            this.#woken = true;
            await sleep(READY_POLL_MS, undefined, { ref: false });
            continue;
          }
          if (page.rows.length === limit) this.#woken = true;
          this.#dispatch(page);
          retryMs = 0;
        } catch (error) {
          this.#options.onError(error);
          this.#woken = true;
          retryMs = Math.min(RETRY_MS_MAX, Math.max(50, retryMs * 2));
          await sleep(retryMs, undefined, { ref: false });
        }
      }
    } finally {
      this.#reading = false;
      // A new reader may have come while the last page was being read for readers that have left: read once more.
      if (this.#woken && this.#started !== null) void this.#readNew(this.#started);
    }
  }

  /** Without an `await` in between, so that everything up to the position is in the tail whenever other code looks. */
  #dispatch({ rows, upTo }: FeedPage): void {
    for (const row of rows) {
      const item = new FeedItem(row);
      this.#tail.push(item);
      for (const reader of this.#readers.ofEvery) this.#offerLive(reader, item);
      for (const reader of this.#readers.of(item.accountId)) this.#offerLive(reader, item);
    }
    this.#tail.endAt(upTo);
  }

  /** Ends only the reader that cannot be given the event. The others go on, since they would not get this event again. */
  #offerLive(reader: FeedReader, item: FeedItem): void {
    if (!reader.live) return;
    try {
      if (!reader.offer(item)) this.#fallBack(reader);
    } catch (error) {
      reader.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #fallBack(reader: FeedReader): void {
    reader.live = false;
    this.#catchUp(reader).catch((error: unknown) => {
      if (!reader.closed) reader.fail(error instanceof Error ? error : new Error(String(error)));
    });
  }

  async #begin(reader: FeedReader, start: FeedStart): Promise<void> {
    await this.#started;
    if (start === 'now') {
      const { history } = this.#options;
      for (let era: Era | null = null; era !== history.present;) {
        era = history.present;
        reader.position = await this.#head.get();
      }
    } else {
      reader.position = start.feedSeq;
      const { present } = this.#options.history;
      if (start.era !== present) reader.rewind(present.forkedAfter, 0, this.#options.tooOld);
    }
    await this.#catchUp(reader);
  }

  /**
   * Goes on in another history, which agrees with what was before up to the place of its fork: whoever was told more is told that it does
   * not count any more, everybody else goes on from there.
   */
  begin({ forkedAfter }: Era): void {
    const seenUpTo = this.#tail.position;
    const isKept = this.#tail.isKnown && seenUpTo <= forkedAfter;
    if (this.#started !== null && !isKept) this.#restart();
    for (const reader of this.#readers) {
      if (isKept && reader.position <= forkedAfter) continue;
      reader.rewind(forkedAfter, seenUpTo, this.#options.tooOld);
      if (!reader.closed && reader.live) this.#fallBack(reader);
    }
    if (isKept) this.wake();
  }

  async #catchUp(reader: FeedReader): Promise<void> {
    let waitingSince = performance.now();
    while (!reader.closed) {
      if (!reader.ready) {
        const waitedMs = performance.now() - waitingSince;
        if (reader.position < this.#tail.floor && waitedMs > this.#options.slowMs)
          return reader.fail(new SlowConsumer());
        await sleep(READY_POLL_MS, undefined, { ref: false });
        continue;
      }
      waitingSince = performance.now();
      if (reader.position >= this.#tail.floor) {
        if (!this.#tail.offerTo(reader)) continue;
        reader.position = Math.max(reader.position, this.#tail.position);
        reader.live = true;
        return;
      }
      const { position } = reader;
      const page = await this.#options.store.readFeed(reader.filter, position, REPLAY_EVENTS, reader.notBefore);
      if (await isOfAnother(this.#options.history, page, position)) {
        await sleep(READY_POLL_MS, undefined, { ref: false });
        continue;
      }
      if (reader.position !== position) continue;
      if (page.rows.every((row) => reader.offer(new FeedItem(row))))
        reader.position = Math.max(reader.position, page.upTo);
      if (page.rows.length === 0 && !this.#tail.isKnown) await sleep(READY_POLL_MS, undefined, { ref: false });
    }
  }

  #leave(reader: FeedReader): void {
    this.#readers.remove(reader);
    if (this.#readers.size === 0) this.#started = null;
  }

  #restart(): void {
    const run = this.#start();
    this.#started = run;
    run.then(
      () => this.wake(),
      async (error: unknown) => {
        this.#options.onError(error);
        await sleep(RETRY_MS_MAX, undefined, { ref: false });
        if (this.#readers.size > 0 && this.#started === null) this.#restart();
      },
    );
  }

  /** Until it is known where the feed ends everybody reads pages of their own. */
  #start(): Promise<void> {
    this.#tail.forget();
    const run: Promise<void> = this.#head.get().then(
      (head) => {
        if (this.#started !== run) return;
        this.#tail.beginAt(head);
      },
      (error: unknown) => {
        // The next to come tries again.
        if (this.#started === run) this.#started = null;
        throw error;
      },
    );
    return run;
  }
}
