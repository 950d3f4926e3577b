import type { StoredEvent } from '../ledger/core/ledger.js';
import type { Row } from '../ledger/wire/flight.js';
import { toEvent } from './event-store.js';

/** A row of the feed, read into an event when somebody wants it, and then the same event for everybody. */
export class FeedItem {
  readonly feedSeq: number;
  readonly accountId: string;
  readonly sandbox: boolean;
  readonly type: string;
  #event: StoredEvent | null = null;

  constructor(private readonly row: Row) {
    this.feedSeq = row['feed_seq'] as never;
    this.accountId = row['account_id'] as never;
    this.sandbox = row['sandbox'] as never;
    this.type = row['type'] as never;
  }

  get event(): StoredEvent {
    return (this.#event ??= toEvent(this.row));
  }
}
