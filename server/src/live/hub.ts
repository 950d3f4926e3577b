import type { CreditType } from '../catalog/catalog.js';
import type { Era } from '../db/history.js';
import type { AccountChange } from '../ledger/core/ledger.js';
import type { BalanceView } from '../ledger/core/state.js';
import { SharedRead } from './shared-read.js';
import type { Attachment, Sink } from './sink.js';

/** An account's balances at one version. */
export type Heads = Pick<AccountChange, 'accountId' | 'version' | 'balances'>;
/** Balances and the history that their version counts in. */
export type ReadHeads = readonly [heads: Heads, era: Era];

/** A balance and the history that its version counts in: the same object to all readers. */
export interface StampedBalance {
  readonly era: Era;
  readonly balance: BalanceView;
}

export interface HubOptions {
  /** The account as it is now, with what is due closed first; it may also reach `publish` by other ways meanwhile. */
  readonly readHeads: (accountId: string) => Promise<ReadHeads>;
  /** The history of the database at the start; `begin` tells of every later one. */
  readonly era: Era;
  /** Least time between two balances to one reader. */
  readonly intervalMs?: number;
  /** Told how long a turn of pushes took, from the change that asked for it. */
  readonly pushed?: ((milliseconds: number) => void) | undefined;
}

const INTERVAL_MS = 100;
/** A timer for fewer than these milliseconds is not worth another pass over the readers. */
const TIMER_MS_MIN = 10;
/** So many pushes go out before other work of this process gets its turn. */
const PUSHES_A_TURN = 512;

interface Topic {
  readonly accountId: string;
  /** Newest known; 0 before anything is. */
  version: number;
  balances: Readonly<Record<CreditType, StampedBalance>> | null;
  readonly readers: Set<Reader>;
  readonly snapshot: SharedRead<ReadHeads>;
  timer: NodeJS.Timeout | null;
  /** Nobody reads it any more. */
  readonly drop: (topic: Topic) => void;
}

/** A reader of a topic. There may be very many, so each field costs memory. */
class Reader implements Attachment {
  /** Null until its snapshot was read; then the version that it was sent last, -1 before the first. */
  sentVersion: number | null = null;
  sentAt = -Infinity;

  constructor(
    private readonly topic: Topic,
    readonly creditType: CreditType,
    readonly sink: Sink<StampedBalance>,
  ) {}

  close(): void {
    const { readers, drop } = this.topic;
    if (readers.delete(this) && readers.size === 0) drop(this.topic);
  }
}

/**
 * This process's fan-out of balances: a topic per watched account, kept only while somebody reads it.
 *
 * Each reader is sent the balance as it is, then only newer versions, whatever the order in which they are told here. The newest
 * wins: at most one in `intervalMs` to a reader, the first at once, the last always; a reader that is not ready waits and
 * then gets the newest alone.
 *
 * Source: docs/architecture.md, Laws
 */
export class Hub {
  readonly #topics = new Map<string, Topic>();
  readonly #dirty = new Set<Topic>();
  readonly #readHeads: HubOptions['readHeads'];
  readonly #intervalMs: number;
  #era: Era;
  readonly #pushed: HubOptions['pushed'];
  #turn: NodeJS.Immediate | null = null;
  #turnAskedAt = 0;

  constructor({ readHeads, era, intervalMs = INTERVAL_MS, pushed }: HubOptions) {
    this.#readHeads = readHeads;
    this.#era = era;
    this.#pushed = pushed;
    this.#intervalMs = intervalMs;
  }

  /** Starts to push an account's balances: listens first, reads the snapshot after. */
  watch(accountId: string, creditType: CreditType, sink: Sink<StampedBalance>): Attachment {
    const topic = this.#topicOf(accountId);
    const reader = new Reader(topic, creditType, sink);
    topic.readers.add(reader);
    topic.snapshot.get().then(
      ([heads, era]) => {
        if (!topic.readers.has(reader)) return;
        reader.sentVersion = -1;
        this.publish(heads, era);
        this.#schedule(topic);
      },
      (error: unknown) => {
        if (!topic.readers.has(reader)) return;
        reader.close();
        sink.fail(error instanceof Error ? error : new Error(String(error)));
      },
    );
    return reader;
  }

  /** The history whose numbers are told now. */
  get era(): Era {
    return this.#era;
  }

  /** Tells of an account's balances. What is of another history, or not newer than what is known, changes nothing. */
  publish(heads: Heads, era: Era): void {
    const topic = this.#topics.get(heads.accountId);
    if (topic === undefined || era !== this.#era || heads.version <= topic.version) return;
    const { version, balances } = heads;
    topic.version = version;
    topic.balances = {
      STANDARD: { era, balance: balances.STANDARD },
      SCAN: { era, balance: balances.SCAN },
    };
    this.#schedule(topic);
  }

  /** Forgets all versions: in the new history the next version of an account counts as its newest, however low it is. */
  begin(era: Era): void {
    this.#era = era;
    for (const topic of this.#topics.values()) {
      topic.version = 0;
      topic.balances = null;
      for (const reader of topic.readers) if (reader.sentVersion !== null) reader.sentVersion = -1;
    }
  }

  /** Ends the reading of an account, for example of one that is not there any more. */
  end(accountId: string, reason: Error): void {
    for (const reader of this.#topics.get(accountId)?.readers ?? []) {
      reader.close();
      reader.sink.fail(reason);
    }
  }

  /** The accounts that somebody reads, with the newest version known of each (0: none yet). */
  *watched(): IterableIterator<readonly [accountId: string, version: number]> {
    for (const topic of this.#topics.values()) yield [topic.accountId, topic.version];
  }

  /** The newest version known of a watched account; null when nobody reads it. */
  versionOf(accountId: string): number | null {
    return this.#topics.get(accountId)?.version ?? null;
  }

  get readerCount(): number {
    let count = 0;
    for (const topic of this.#topics.values()) count += topic.readers.size;
    return count;
  }

  #topicOf(accountId: string): Topic {
    let topic = this.#topics.get(accountId);
    if (topic === undefined) {
      const snapshot = new SharedRead(() => this.#readHeads(accountId));
      const drop = (dropped: Topic): void => this.#drop(dropped);
      topic = { accountId, version: 0, balances: null, readers: new Set(), snapshot, timer: null, drop };
      this.#topics.set(accountId, topic);
    }
    return topic;
  }

  #drop(topic: Topic): void {
    if (topic.timer !== null) clearTimeout(topic.timer);
    this.#dirty.delete(topic);
    this.#topics.delete(topic.accountId);
  }

  /** Pushes after the current turn of the event loop, so that callers who wait for the ledger's answer get it first. */
  #schedule(topic: Topic): void {
    this.#dirty.add(topic);
    if (this.#turn !== null) return;
    this.#turnAskedAt = performance.now();
    this.#turn = setImmediate(() => this.#flushDirty());
  }

  #flushDirty(): void {
    this.#turn = null;
    const askedAt = this.#turnAskedAt;
    const topics = [...this.#dirty];
    this.#dirty.clear();
    for (const topic of topics) this.#flush(topic);
    this.#pushed?.(performance.now() - askedAt);
  }

  #flush(topic: Topic): void {
    const { version, balances } = topic;
    if (balances === null) return;
    const now = performance.now();
    let waitMs = Infinity;
    let pushes = 0;
    for (const reader of topic.readers) {
      if (reader.sentVersion === null || reader.sentVersion >= version) continue;
      const earlyMs = reader.sentAt + this.#intervalMs - now;
      if (earlyMs > 0 || !reader.sink.ready) {
        waitMs = Math.min(waitMs, earlyMs > 0 ? earlyMs : this.#intervalMs);
        continue;
      }
      if (pushes === PUSHES_A_TURN) {
        this.#schedule(topic);
        break;
      }
      pushes += 1;
      reader.sentVersion = version;
      reader.sentAt = now;
      reader.sink.push(balances[reader.creditType]);
    }
    if (waitMs < Infinity) {
      topic.timer ??= setTimeout(
        () => {
          topic.timer = null;
          this.#flush(topic);
        },
        Math.max(waitMs, TIMER_MS_MIN),
      );
    }
  }
}
