import type pg from 'pg';
import { ledgerTypes } from '../db/ledger-types.js';
import type { AccountChange } from '../ledger/core/ledger.js';
import { ACCOUNT } from '../ledger/rows/account-rows.js';
import type { Row } from '../ledger/wire/flight.js';
import type { Follower } from './follower.js';
import { rateLimited } from '../kit/errors.js';
import { QuoteFeed, type QuoteFeedOptions, type QuoteReading } from './quote-feed.js';
import type { Attachment, Sink } from './sink.js';

export interface QuotesOptions extends Pick<QuoteFeedOptions, 'isGone' | 'onError'> {
  /** For reads. */
  readonly pool: Pick<pg.Pool, 'query'>;
  readonly intervalMs?: number;
}

const ACCOUNTS_A_QUERY = 1_000;
/** So many different questions about one account are answered by one process. */
const QUESTIONS_MAX = 1_000;
/** Each question of an account adds so much to the time between two readings of each: all together are read 200 times a second at most. */
const PACE_MS = 5;
/** So many readings are under way at once, so that others who read have connections, also when prices change for all. */
const READINGS_MAX = 4;
const RETRY_MS = 5_000;
const PLACE = ACCOUNT.pick('id', 'version', 'clockAt');
const PLACES = {
  name: 'live_quoted_accounts',
  text: `/* live.quoted_accounts */ SELECT ${PLACE.select('a')} FROM ledger_account a WHERE a.account_id = ANY ($1::uuid[])`,
  types: ledgerTypes,
};

/** Lets so many pieces of work run at once; the others wait in the order in which they came. */
class Queue {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

/**
 * This process's live quotes: a feed for each question, kept while somebody reads it.
 *
 * A quote is made anew when its account moved, in whichever process, when its test clock moved, and when the catalogue changed.
 */
export class Quotes implements Follower {
  readonly #feeds = new Map<string, Map<string, QuoteFeed>>();
  readonly #queue = new Queue(READINGS_MAX);
  #looking: Promise<void> | null = null;

  constructor(private readonly options: QuotesOptions) {}

  /** @throws RATE_LIMITED when so many other questions about the account are answered that this one would be too many */
  admit(accountId: string, key: string): void {
    const feeds = this.#feeds.get(accountId);
    if (feeds !== undefined && feeds.size >= QUESTIONS_MAX && !feeds.has(key)) throw rateLimited(RETRY_MS);
  }

  /** @param key  equal for equal questions about the account */
  watch(accountId: string, key: string, read: () => Promise<QuoteReading>, sink: Sink<object>): Attachment {
    let feeds = this.#feeds.get(accountId);
    if (feeds === undefined) this.#feeds.set(accountId, (feeds = new Map()));
    let feed = feeds.get(key);
    if (feed === undefined) {
      const { isGone, onError, intervalMs } = this.options;
      const paceMs = (): number => PACE_MS * (this.#feeds.get(accountId)?.size ?? 0);
      const inTurn = (): Promise<QuoteReading> => this.#queue.run(read);
      feed = new QuoteFeed({
        read: inTurn,
        isGone,
        onError,
        intervalMs,
        paceMs,
        onUnread: () => this.#drop(accountId, key),
      });
      feeds.set(key, feed);
    }
    return feed.attach(sink);
  }

  publish({ accountId, version, clockAt }: AccountChange): void {
    this.#moved(accountId, version, clockAt);
  }

  expect(accountId: string, version: number): void {
    const feeds = this.#feeds.get(accountId);
    if (feeds === undefined) return;
    for (const feed of feeds.values()) if ((feed.latest?.version ?? 0) < version) feed.touch();
  }

  look(): void {
    if (this.#feeds.size > 0) this.#looking ??= this.#look();
  }

  begin(): void {
    for (const feeds of this.#feeds.values()) for (const feed of feeds.values()) feed.restart();
  }

  /** The catalogue is another than before. */
  catalogChanged(): void {
    for (const feeds of this.#feeds.values()) for (const feed of feeds.values()) feed.touch();
  }

  get readerCount(): number {
    let count = 0;
    for (const feeds of this.#feeds.values()) for (const feed of feeds.values()) count += feed.readerCount;
    return count;
  }

  /** How many questions are answered. */
  get feedCount(): number {
    let count = 0;
    for (const feeds of this.#feeds.values()) count += feeds.size;
    return count;
  }

  #moved(accountId: string, version: number, clockAt: number | null): void {
    const feeds = this.#feeds.get(accountId);
    if (feeds === undefined) return;
    for (const feed of feeds.values()) {
      const { latest } = feed;
      if (latest === null || latest.version < version || latest.clockAt !== clockAt) feed.touch();
    }
  }

  #drop(accountId: string, key: string): void {
    const feeds = this.#feeds.get(accountId);
    feeds?.delete(key);
    if (feeds?.size === 0) this.#feeds.delete(accountId);
  }

  /** Another process may have moved an account whose word was lost, or a test clock, which rings nobody. */
  async #look(): Promise<void> {
    try {
      const accountIds = [...this.#feeds.keys()];
      for (let from = 0; from < accountIds.length; from += ACCOUNTS_A_QUERY) {
        const values = [accountIds.slice(from, from + ACCOUNTS_A_QUERY)];
        const { rows } = await this.options.pool.query<Row>({ ...PLACES, values });
        for (const { id, version, clockAt } of PLACE.read(rows)) this.#moved(id, version, clockAt);
      }
    } catch (error) {
      this.options.onError(error);
    } finally {
      this.#looking = null;
    }
  }
}
