import type { Era } from '../db/history.js';
import { notFound } from '../kit/errors.js';
import type { AccountChange } from '../ledger/core/ledger.js';
import type { Follower } from './follower.js';
import { HoldFeed, type Opened, type StampedReservation } from './hold-feed.js';
import type { HoldReader, Span } from './hold-reader.js';
import { SharedRead } from './shared-read.js';
import type { Attachment, Sink } from './sink.js';

export interface HoldsOptions {
  readonly reader: Pick<HoldReader, 'open' | 'changed' | 'versions'>;
  /** Closes what is due on an account; the open holds are read after it. */
  readonly closeDue: (accountId: string) => Promise<unknown>;
  readonly history: { readonly present: Era; wentBack(historyId: string, why: string): Promise<unknown> };
  readonly onError: (error: unknown) => void;
  /** Least time between two turns of pushes to one reader. */
  readonly intervalMs?: number;
}

const ACCOUNTS_A_READ = 200;
/** More versions of an account would not be read in the time of one statement. */
const VERSIONS_A_READ = 2_000;

/**
 * This process's feeds of reservations, one for each account that somebody reads.
 *
 * What this process committed is taken from memory where it follows what the feed knows; what is missing in between, since another process wrote
 * it, is read from the database, from the version that the feed has on. So each change is told once, whichever process made it.
 *
 * Source: docs/architecture.md, Laws
 */
export class Holds implements Follower {
  readonly #feeds = new Map<string, HoldFeed>();
  readonly #behind = new Set<string>();
  readonly #options: HoldsOptions;
  #reading: Promise<void> | null = null;

  constructor(options: HoldsOptions) {
    this.#options = options;
  }

  /** Begins to push an account's open holds, then each reservation as it opens or changes. */
  watch(accountId: string, sink: Sink<StampedReservation>): Attachment {
    const feed = this.#feedOf(accountId);
    return feed.attach(sink);
  }

  publish(change: AccountChange): void {
    const feed = this.#feeds.get(change.accountId);
    if (feed === undefined) return;
    if (feed.version > 0 && change.before <= feed.version) feed.take(change.reservations, change.version, this.#era);
    else this.expect(change.accountId, change.version);
  }

  expect(accountId: string, version: number): void {
    const feed = this.#feeds.get(accountId);
    if (feed === undefined || feed.version >= version) return;
    feed.expected = Math.max(feed.expected, version);
    // Before its first look there is nothing to go on from; what was expected by then is read after it.
    if (feed.version === 0) return;
    this.#behind.add(accountId);
    this.#reading ??= this.#readBehind();
  }

  look(): void {
    for (const [accountId, feed] of this.#feeds) if (feed.version > 0) this.#behind.add(accountId);
    if (this.#behind.size > 0) this.#reading ??= this.#readBehind();
  }

  begin(): void {
    for (const feed of this.#feeds.values()) feed.restart();
  }

  get readerCount(): number {
    let count = 0;
    for (const feed of this.#feeds.values()) count += feed.readerCount;
    return count;
  }

  get #era(): Era {
    return this.#options.history.present;
  }

  #feedOf(accountId: string): HoldFeed {
    let feed = this.#feeds.get(accountId);
    if (feed === undefined) {
      const opened = new SharedRead(() => this.#open(accountId));
      feed = new HoldFeed({
        open: () => opened.get(),
        onOpened: (one) => this.expect(accountId, one.expected),
        onUnread: () => this.#feeds.delete(accountId),
        intervalMs: this.#options.intervalMs,
      });
      this.#feeds.set(accountId, feed);
    }
    return feed;
  }

  async #open(accountId: string): Promise<Opened> {
    const { closeDue, reader } = this.#options;
    await closeDue(accountId);
    const era = this.#era;
    const { version, holds } = await reader.open(accountId);
    if (version === 0) throw notFound('This account');
    return { era, version, holds };
  }

  async #readBehind(): Promise<void> {
    // Lets the rest of the same message be taken in first, so that one query reads all.
    await Promise.resolve();
    try {
      while (this.#behind.size > 0) await this.#readSome([...this.#behind].slice(0, ACCOUNTS_A_READ));
    } catch (error) {
      // The next look finds what could not be read now.
      this.#behind.clear();
      this.#options.onError(error);
    } finally {
      this.#reading = null;
    }
  }

  async #readSome(accountIds: readonly string[]): Promise<void> {
    const { reader, history } = this.#options;
    const era = history.present;
    for (const accountId of accountIds) this.#behind.delete(accountId);
    const known = accountIds.map((accountId) => [accountId, this.#feeds.get(accountId)?.version ?? 0] as const);
    const versions = await reader.versions(accountIds);
    const spans: Span[] = [];
    for (const [accountId, after] of known) {
      const version = versions.get(accountId) ?? 0;
      if (after === 0 || era !== history.present) continue;
      if (version === 0) this.#feeds.get(accountId)?.end(notFound('This account'));
      else if (version < after) return void (await history.wentBack(era.id, `account ${accountId} went back`));
      else if (version > after) spans.push({ accountId, after, until: Math.min(version, after + VERSIONS_A_READ) });
    }
    if (spans.length === 0) return;
    const changed = await reader.changed(spans);
    if (era !== history.present) return;
    for (const { accountId, until } of spans) {
      const mine = changed.filter((one) => one.accountId === accountId && one.version <= until);
      this.#feeds.get(accountId)?.take(mine, until, era);
      if ((versions.get(accountId) ?? 0) > until) this.#behind.add(accountId);
    }
  }
}
