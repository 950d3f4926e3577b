import { SharedRead } from './shared-read.js';
import type { Attachment, Sink } from './sink.js';

/** What time it is for an account, and by the wall clock at the same moment; epoch ms. */
export interface ClockReading {
  readonly accountId: string;
  readonly now: number;
  readonly wallClock: number;
  /** Whether it runs on by itself: a live account's. A sandbox account's clock stands between moves. */
  readonly runs: boolean;
}

export interface ClocksOptions {
  /** Where a sandbox account's own clock stands; null for a live account. */
  readonly readClock: (accountId: string) => Promise<number | null>;
  /** The wall clock, epoch ms. */
  readonly clock: () => number;
}

/** How long to wait before a reader that is not ready is tried again. */
const BUSY_MS = 100;

interface Topic {
  readonly accountId: string;
  /** The newest known; null before anything is. */
  reading: ClockReading | null;
  readonly readers: Set<Reader>;
  readonly snapshot: SharedRead<number | null>;
}

class Reader implements Attachment {
  sent: ClockReading | null = null;
  isStarted = false;
  timer: NodeJS.Timeout | null = null;

  constructor(
    readonly sink: Sink<ClockReading>,
    private readonly onClose: (reader: Reader) => void,
  ) {}

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.onClose(this);
  }
}

/**
 * Tells this process's subscribers what time it is for an account: as it is, then after each move of a test clock.
 *
 * The newest wins for a slow reader. Moves that nobody reads cost a look into a map.
 * Source: docs/domain.md, Test clocks
 */
export class Clocks {
  readonly #topics = new Map<string, Topic>();

  constructor(private readonly options: ClocksOptions) {}

  watch(accountId: string, sink: Sink<ClockReading>): Attachment {
    const topic = this.#topicOf(accountId);
    const reader = new Reader(sink, (closed) => {
      if (topic.readers.delete(closed) && topic.readers.size === 0) this.#topics.delete(accountId);
    });
    topic.readers.add(reader);
    topic.snapshot.get().then(
      (clockAt) => {
        if (!topic.readers.has(reader)) return;
        reader.isStarted = true;
        this.#set(topic, clockAt);
        this.#tell(topic, reader);
      },
      (error: unknown) => {
        if (!topic.readers.has(reader)) return;
        reader.close();
        sink.fail(error instanceof Error ? error : new Error(String(error)));
      },
    );
    return reader;
  }

  /** A test clock stands there now; an earlier place than the known one was told late, and changes nothing. */
  publish(accountId: string, clockAt: number | null): void {
    const topic = this.#topics.get(accountId);
    if (topic === undefined || clockAt === null) return;
    if (this.#set(topic, clockAt)) for (const reader of topic.readers) this.#tell(topic, reader);
  }

  /** In another history a clock may stand earlier: the next place told of it is where it stands. */
  begin(): void {
    for (const topic of this.#topics.values()) topic.reading = null;
  }

  /** The accounts whose clocks somebody reads. */
  watched(): IterableIterator<string> {
    return this.#topics.keys();
  }

  get readerCount(): number {
    let count = 0;
    for (const topic of this.#topics.values()) count += topic.readers.size;
    return count;
  }

  /** @returns whether that is news */
  #set(topic: Topic, clockAt: number | null): boolean {
    const { reading, accountId } = topic;
    const wallClock = this.options.clock();
    if (clockAt !== null && reading !== null && reading.now >= clockAt) return false;
    topic.reading = { accountId, now: clockAt ?? wallClock, wallClock, runs: clockAt === null };
    return true;
  }

  #tell(topic: Topic, reader: Reader): void {
    const { reading } = topic;
    if (!reader.isStarted || reading === null || reader.sent === reading || reader.timer !== null) return;
    if (reader.sink.ready) {
      reader.sent = reading;
      reader.sink.push(reading);
      return;
    }
    reader.timer = setTimeout(() => {
      reader.timer = null;
      this.#tell(topic, reader);
    }, BUSY_MS);
  }

  #topicOf(accountId: string): Topic {
    let topic = this.#topics.get(accountId);
    if (topic === undefined) {
      const snapshot = new SharedRead(() => this.options.readClock(accountId));
      topic = { accountId, reading: null, readers: new Set(), snapshot };
      this.#topics.set(accountId, topic);
    }
    return topic;
  }
}
