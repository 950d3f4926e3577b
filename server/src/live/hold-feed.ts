import type { Era } from '../db/history.js';
import type { ReservationState } from '../ledger/core/state.js';
import { SlowConsumer } from './slow-consumer.js';
import type { Attachment, Sink } from './sink.js';

/** A reservation and the history that its version counts in: the same object to all readers. */
export interface StampedReservation {
  readonly era: Era;
  readonly reservation: ReservationState;
}

/** The open holds of an account; all that happened after `version` is still to be told. */
export interface Opened {
  readonly era: Era;
  readonly version: number;
  readonly holds: readonly ReservationState[];
}

export interface HoldFeedOptions {
  /** Reads the open holds anew. */
  readonly open: () => Promise<Opened>;
  /** They were read, and the feed goes on from there. */
  readonly onOpened: (feed: HoldFeed) => void;
  /** Nobody reads it any more. */
  readonly onUnread: () => void;
  readonly intervalMs?: number | undefined;
}

const INTERVAL_MS = 100;
const TIMER_MS_MIN = 10;
/** So many pushes go out before other work of this process gets its turn. */
const PUSHES_A_TURN = 512;
/** So many reservations wait for a reader at most, beside the open holds that it began with. */
const WAITING_MAX = 5_000;

/** A reader of a feed: what waits for it, the newest of each reservation, in the order in which they changed last. */
class Reader implements Attachment {
  readonly waiting = new Map<string, StampedReservation>();
  /** It was told of everything up to here, but for what waits; null until the open holds were read for it. */
  from: number | null = null;
  sentAt = -Infinity;
  /** How many open holds it began with. */
  begun = 0;

  constructor(
    readonly sink: Sink<StampedReservation>,
    private readonly onClose: (reader: Reader) => void,
  ) {}

  offer(one: StampedReservation): void {
    const { id, version } = one.reservation;
    if (this.from !== null && version <= this.from) return;
    if ((this.waiting.get(id)?.reservation.version ?? 0) >= version) return;
    // Behind all that changed before it.
    this.waiting.delete(id);
    this.waiting.set(id, one);
  }

  close(): void {
    this.onClose(this);
  }
}

/**
 * The reservations of one account as readers of this process are told of them: those that are open, then each as it opens or changes.
 *
 * Of each reservation the newest wins; versions only grow. A reader gets what waits for it at most once in `intervalMs`, the first at once, the last
 * always. One for which too much waits is ended with SLOW_CONSUMER; whoever begins again is told the open holds anew.
 */
export class HoldFeed {
  /** All up to this version is known; 0: nothing yet. */
  version = 0;
  /** The newest version that was heard of. */
  expected = 0;
  readonly #readers = new Set<Reader>();
  readonly #options: HoldFeedOptions;
  readonly #intervalMs: number;
  /** How often everything was begun anew. */
  #beginnings = 0;
  #turn: NodeJS.Immediate | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: HoldFeedOptions) {
    this.#options = options;
    this.#intervalMs = options.intervalMs ?? INTERVAL_MS;
  }

  get readerCount(): number {
    return this.#readers.size;
  }

  /** Listens first, reads the open holds after. */
  attach(sink: Sink<StampedReservation>): Attachment {
    const reader = new Reader(sink, (closed) => this.#close(closed));
    this.#readers.add(reader);
    this.#begin(reader);
    return reader;
  }

  /** In another history everything is told anew. */
  restart(): void {
    this.version = 0;
    this.expected = 0;
    this.#beginnings += 1;
    for (const reader of this.#readers) {
      reader.from = null;
      reader.waiting.clear();
      this.#begin(reader);
    }
  }

  end(reason: Error): void {
    for (const reader of this.#readers) this.#fail(reader, reason);
  }

  /**
   * Takes what changed after the version that is known.
   *
   * @param changed  the one that changed first in front; what is known already is left out here
   * @param version  all up to there is among them
   */
  take(changed: readonly ReservationState[], version: number, era: Era): void {
    const news = changed.filter((reservation) => reservation.version > this.version);
    this.version = Math.max(this.version, version);
    if (news.length === 0) return;
    for (const reservation of news) {
      const stamped = { era, reservation };
      for (const reader of this.#readers) reader.offer(stamped);
    }
    this.#schedule();
  }

  #begin(reader: Reader): void {
    const beginning = this.#beginnings;
    const counts = (): boolean => this.#readers.has(reader) && beginning === this.#beginnings;
    this.#options.open().then(
      (opened) => {
        if (counts()) this.#opened(reader, opened);
      },
      (error: unknown) => {
        if (counts()) this.#fail(reader, error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  #opened(reader: Reader, { era, version, holds }: Opened): void {
    const news = [...reader.waiting.values()];
    reader.waiting.clear();
    // What changed after that version is read with all that did.
    for (const reservation of holds) if (reservation.version <= version) reader.offer({ era, reservation });
    reader.begun = reader.waiting.size;
    // What was told while they were being read, and may be in them.
    for (const one of news) if (one.reservation.version > version) reader.offer(one);
    reader.from = version;
    if (this.version === 0) this.version = version;
    this.expected = Math.max(this.expected, version);
    this.#options.onOpened(this);
    this.#schedule();
  }

  #close(reader: Reader): void {
    if (!this.#readers.delete(reader) || this.#readers.size > 0) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#turn !== null) clearImmediate(this.#turn);
    this.#options.onUnread();
  }

  #fail(reader: Reader, reason: Error): void {
    this.#close(reader);
    reader.sink.fail(reason);
  }

  /** Pushes after the current turn of the event loop, so that callers who wait for the ledger's answer get it first. */
  #schedule(): void {
    this.#turn ??= setImmediate(() => {
      this.#turn = null;
      this.#flush();
    });
  }

  #flush(): void {
    const now = performance.now();
    let waitMs = Infinity;
    let pushes = 0;
    for (const reader of this.#readers) {
      if (reader.from === null || reader.waiting.size === 0) continue;
      if (reader.waiting.size > WAITING_MAX + reader.begun) {
        this.#fail(reader, new SlowConsumer('Subscribe again: it begins with what is open.'));
        continue;
      }
      const earlyMs = reader.sentAt + this.#intervalMs - now;
      if (earlyMs > 0 || !reader.sink.ready) {
        waitMs = Math.min(waitMs, earlyMs > 0 ? earlyMs : this.#intervalMs);
        continue;
      }
      if (pushes >= PUSHES_A_TURN) {
        this.#schedule();
        break;
      }
      pushes += this.#push(reader, PUSHES_A_TURN - pushes, now);
      if (reader.waiting.size > 0) this.#schedule();
    }
    if (waitMs < Infinity)
      this.#timer ??= setTimeout(
        () => {
          this.#timer = null;
          this.#flush();
        },
        Math.max(waitMs, TIMER_MS_MIN),
      );
  }

  /** @returns how many were pushed. What is left goes with the next turn, without another wait */
  #push(reader: Reader, most: number, now: number): number {
    let pushes = 0;
    for (const [id, one] of reader.waiting) {
      if (pushes === most || !reader.sink.ready) return pushes;
      reader.waiting.delete(id);
      pushes += 1;
      reader.sink.push(one);
    }
    reader.sentAt = now;
    return pushes;
  }
}
