import type { Era } from '../db/history.js';
import type { StoredEvent } from '../ledger/rows/event-rows.js';
import type { EventPlace, FeedFilter } from './event-store.js';
import type { FeedItem } from './feed-item.js';
import type { Attachment, Sink } from './sink.js';

/**
 * Where a reader starts: just after a place of the feed in a history, or at the end of the feed as it is when it attaches.
 * `place`: a place of one account at or before that.
 */
export type FeedStart = { readonly era: Era; readonly feedSeq: number; readonly place: EventPlace | null } | 'now';

/**
 * One reader's place in the feed: everything it wants up to `position` has been pushed, in order, once.
 *
 * `live`: it has caught up, and each event is pushed as the process reads it. Otherwise it first reads what is older, from the tail or in pages
 * of its own.
 */
export class FeedReader implements Attachment {
  position = 0;
  /** The newest place that it has been told of, or began after. */
  told: number;
  /** A place at or before `position`, when the filter names accounts. */
  notBefore: EventPlace | null;
  live = false;
  closed = false;
  readonly #accountIds: ReadonlySet<string> | null;
  readonly #types: ReadonlySet<string> | null;

  constructor(
    readonly filter: FeedFilter,
    start: FeedStart,
    private readonly sink: Sink<StoredEvent>,
    private readonly leave: (reader: FeedReader) => void,
  ) {
    this.#accountIds = filter.accountIds && new Set(filter.accountIds);
    this.#types = filter.types && new Set(filter.types);
    this.notBefore = start === 'now' ? null : start.place;
    this.told = start === 'now' ? 0 : start.feedSeq;
  }

  get ready(): boolean {
    return this.sink.ready;
  }

  /**
   * Takes the next event of the feed.
   *
   * @returns false when it wants the event and cannot take it now: it has then seen all before it
   */
  offer(item: FeedItem): boolean {
    if (this.closed || item.feedSeq <= this.position || !this.#wants(item)) return true;
    if (!this.sink.ready) {
      this.position = item.feedSeq - 1;
      return false;
    }
    this.position = item.feedSeq;
    this.told = item.feedSeq;
    if (this.filter.accountIds !== null) this.notBefore = item.event;
    this.sink.push(item.event);
    return true;
  }

  /**
   * Goes on in a new history that shares all events up to a place with the old one. A reader that was sent an event after that place is ended.
   *
   * @param seenUpTo  up to where every reader that is live has seen everything
   */
  rewind(forkedAfter: number, seenUpTo: number, tooOld: (forkedAfter: number) => Error): void {
    if (this.told > forkedAfter) return this.fail(tooOld(forkedAfter));
    this.position = Math.min(this.live ? Math.max(this.position, seenUpTo) : this.position, forkedAfter);
  }

  fail(error: Error): void {
    this.close();
    this.sink.fail(error);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.leave(this);
  }

  #wants(item: FeedItem): boolean {
    return (
      this.filter.sandbox.includes(item.sandbox) &&
      (this.#accountIds === null || this.#accountIds.has(item.accountId)) &&
      (this.#types === null || this.#types.has(item.type))
    );
  }
}
