import { type EventRow, type StoredEvent, toEvent } from '../ledger/rows/event-rows.js';

/** A row of the feed, read into an event when somebody wants it, and then the same event for everybody. */
export class FeedItem {
  readonly feedSeq: number;
  readonly accountId: string;
  readonly sandbox: boolean;
  readonly type: string;
  #event: StoredEvent | null = null;

  constructor(private readonly row: EventRow) {
    this.feedSeq = row.feedSeq;
    this.accountId = row.accountId;
    this.sandbox = row.sandbox;
    this.type = row.type;
  }

  get event(): StoredEvent {
    return (this.#event ??= toEvent(this.row));
  }
}
