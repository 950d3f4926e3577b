import type { FeedReader } from './feed-reader.js';

const NOBODY: ReadonlySet<FeedReader> = new Set();

/** Who follows the feed, by the accounts that they want events of. */
export class FeedReaders {
  readonly #all = new Set<FeedReader>();
  readonly #ofEvery = new Set<FeedReader>();
  readonly #ofAccount = new Map<string, Set<FeedReader>>();

  add(reader: FeedReader): void {
    this.#all.add(reader);
    const { accountIds } = reader.filter;
    if (accountIds === null) this.#ofEvery.add(reader);
    for (const accountId of accountIds ?? []) {
      const readers = this.#ofAccount.get(accountId);
      if (readers) readers.add(reader);
      else this.#ofAccount.set(accountId, new Set([reader]));
    }
  }

  remove(reader: FeedReader): void {
    this.#all.delete(reader);
    this.#ofEvery.delete(reader);
    for (const accountId of reader.filter.accountIds ?? []) {
      const readers = this.#ofAccount.get(accountId);
      readers?.delete(reader);
      if (readers?.size === 0) this.#ofAccount.delete(accountId);
    }
  }

  /** Those that follow every account. */
  get ofEvery(): ReadonlySet<FeedReader> {
    return this.#ofEvery;
  }

  /** Those that named this account. */
  of(accountId: string): ReadonlySet<FeedReader> {
    return this.#ofAccount.get(accountId) ?? NOBODY;
  }

  /** Whether somebody waits for events of this account. */
  wants(accountId: string): boolean {
    return this.#ofEvery.size > 0 || this.#ofAccount.has(accountId);
  }

  get size(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): IterableIterator<FeedReader> {
    return this.#all.values();
  }
}
