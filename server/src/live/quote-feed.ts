import type { Attachment, Sink } from './sink.js';

/** A quote, or why there is none, as it was at one instant. */
export interface QuoteReading {
  /** What is pushed: the same object to all readers. */
  readonly result: object;
  /** All that counts as a change of it; equal texts read the same. */
  readonly text: string;
  /** The account's version that it was made at, and where its test clock stood; null: a live account. */
  readonly version: number;
  readonly clockAt: number | null;
  /** The account's now, and when the token ends by it, epoch ms; null: it has none. */
  readonly now: number;
  readonly expiresAt: number | null;
  /** After so many milliseconds of the wall clock time alone may change it; Infinity: never. */
  readonly changesInMs: number;
}

export interface QuoteFeedOptions {
  readonly read: () => Promise<QuoteReading>;
  /** Whether a failed reading ends the feed: the account is gone. */
  readonly isGone: (error: unknown) => boolean;
  readonly onError: (error: unknown) => void;
  /** Nobody reads it any more. */
  readonly onUnread: () => void;
  readonly intervalMs?: number | undefined;
  /** Least time between the beginnings of two readings, where that is more than `intervalMs`. */
  readonly paceMs?: () => number;
}

/** At most 4 a second. */
const INTERVAL_MS = 250;
/** So long before a token ends the next is pushed; the law says 60 s at the latest. */
export const FRESH_MS = 90_000;
const RETRY_MS = 1_000;
const TIMER_MS_MAX = 3_600_000;
/** Timers end a little early, and clocks of machines differ a little. */
const TIMER_SLACK_MS = 5;

class Reader implements Attachment {
  sent: QuoteReading | null = null;
  sentAt = -Infinity;

  constructor(
    readonly sink: Sink<object>,
    private readonly onClose: (reader: Reader) => void,
  ) {}

  close(): void {
    this.onClose(this);
  }

  /** Whether it has to be told of a reading: it reads otherwise, or the token that the reader has will end. */
  wants({ text, now, expiresAt }: QuoteReading): boolean {
    const { sent } = this;
    if (sent === null || sent.text !== text) return true;
    return (
      expiresAt !== null && sent.expiresAt !== null && expiresAt > sent.expiresAt && now >= sent.expiresAt - FRESH_MS
    );
  }
}

/**
 * One quote for all who asked for it: as it is, then again whenever it reads otherwise, and before its token ends.
 *
 * It is made anew when something may have changed it, at most once in `intervalMs`, and each reader is pushed to as often at most, the last always. What
 * time alone changes is a timer.
 */
export class QuoteFeed {
  latest: QuoteReading | null = null;
  readonly #readers = new Set<Reader>();
  readonly #options: QuoteFeedOptions;
  readonly #intervalMs: number;
  #isReading = false;
  /** Something may have changed it since the last reading began. */
  #isStale = false;
  #readAt = -Infinity;
  /** How often all was begun anew, and how often it had been when the reading began. */
  #beginnings = 0;
  #readAtBeginning = 0;
  #wake: NodeJS.Timeout | null = null;
  #turn: NodeJS.Timeout | null = null;

  constructor(options: QuoteFeedOptions) {
    this.#options = options;
    this.#intervalMs = options.intervalMs ?? INTERVAL_MS;
  }

  get readerCount(): number {
    return this.#readers.size;
  }

  /** Listens first, reads after: what is shown to it was read when it came, or within the interval before it and nothing was heard since. */
  attach(sink: Sink<object>): Attachment {
    const reader = new Reader(sink, (closed) => this.#close(closed));
    this.#readers.add(reader);
    if (this.latest !== null && !this.#isStale && performance.now() < this.#readAt + this.#intervalMs) this.#flushIn(0);
    else if (!this.#isReading) this.touch();
    return reader;
  }

  /** Something may have changed it. */
  touch(): void {
    this.#isStale = true;
    this.#readIn(0);
  }

  /** In another history all are told anew. */
  restart(): void {
    this.latest = null;
    this.#beginnings += 1;
    for (const reader of this.#readers) reader.sent = null;
    this.touch();
  }

  #readIn(milliseconds: number): void {
    if (this.#isReading || this.#readers.size === 0) return;
    if (this.#wake !== null) clearTimeout(this.#wake);
    const paceMs = Math.max(this.#intervalMs, this.#options.paceMs?.() ?? 0);
    const soonest = this.#readAt + paceMs - performance.now();
    const delay = Math.min(Math.max(milliseconds, soonest, 0), TIMER_MS_MAX);
    this.#wake = setTimeout(() => this.#read(), delay);
    this.#wake.unref();
  }

  #read(): void {
    if (this.#isReading) return;
    if (this.#wake !== null) clearTimeout(this.#wake);
    this.#wake = null;
    this.#isReading = true;
    this.#isStale = false;
    this.#readAtBeginning = this.#beginnings;
    this.#readAt = performance.now();
    this.#options.read().then(
      (reading) => this.#done(reading),
      (error: unknown) => this.#failed(error),
    );
  }

  #done(reading: QuoteReading): void {
    this.#isReading = false;
    // It was read in a history that was left meanwhile.
    if (this.#readAtBeginning !== this.#beginnings) return this.#readIn(0);
    this.latest = reading;
    this.#flush();
    if (this.#isStale) this.#readIn(0);
    else this.#readIn(Math.min(reading.changesInMs, freshIn(reading)) + TIMER_SLACK_MS);
  }

  #failed(error: unknown): void {
    this.#isReading = false;
    if (this.#options.isGone(error)) return this.#end(error, () => true);
    this.#options.onError(error);
    // Who was told nothing yet may ask again; the others are told as soon as it can be read.
    this.#end(error, ({ sent }) => sent === null);
    this.#isStale = true;
    this.#readIn(RETRY_MS);
  }

  #end(error: unknown, whom: (reader: Reader) => boolean): void {
    const reason = error instanceof Error ? error : new Error(String(error));
    for (const reader of this.#readers) {
      if (!whom(reader)) continue;
      this.#close(reader);
      reader.sink.fail(reason);
    }
  }

  #flush(): void {
    const { latest } = this;
    if (latest === null) return;
    const now = performance.now();
    let waitMs = Infinity;
    for (const reader of this.#readers) {
      if (!reader.wants(latest)) continue;
      const earlyMs = reader.sentAt + this.#intervalMs - now;
      if (earlyMs > 0 || !reader.sink.ready) {
        waitMs = Math.min(waitMs, earlyMs > 0 ? earlyMs : this.#intervalMs);
        continue;
      }
      reader.sent = latest;
      reader.sentAt = now;
      reader.sink.push(latest.result);
    }
    if (waitMs < Infinity && this.#readers.size > 0) this.#flushIn(waitMs);
  }

  #flushIn(milliseconds: number): void {
    this.#turn ??= setTimeout(() => {
      this.#turn = null;
      this.#flush();
    }, milliseconds);
  }

  #close(reader: Reader): void {
    if (!this.#readers.delete(reader) || this.#readers.size > 0) return;
    if (this.#wake !== null) clearTimeout(this.#wake);
    if (this.#turn !== null) clearTimeout(this.#turn);
    this.#options.onUnread();
  }
}

/** When its token has to be followed by another: never, while the account's clock stands. */
function freshIn({ now, expiresAt, clockAt }: QuoteReading): number {
  return expiresAt === null || clockAt !== null ? Infinity : Math.max(0, expiresAt - FRESH_MS - now);
}
