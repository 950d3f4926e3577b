import { type EventType, factsFromText, factsToText, type LedgerEvent } from '../core/events.js';
import type { EventBase } from '../core/events/event-kind.js';
import type { BalanceView } from '../core/state.js';
import { describeRow, type RawOf, type TextForm } from './describe-row.js';
import { balanceFromText } from './event-text.js';

/** An event with its place in the feed of all accounts (commit order). */
export type StoredEvent = LedgerEvent & { readonly feedSeq: number };

/** A row of `event`. */
interface EventFields extends EventBase {
  readonly feedSeq: number;
  readonly type: EventType;
  /** As the type reads it. */
  readonly facts: string;
}

const BALANCE_TEXT: TextForm<BalanceView> = { toText: (balance) => JSON.stringify(balance), fromText: balanceFromText };

export const EVENT = describeRow<EventFields, LedgerEvent>('event', {
  accountId: { column: 'account_id', type: 'uuid', key: true, of: (event) => event.accountId },
  version: { column: 'version', type: 'bigint', key: true, of: (event) => event.version },
  ordinal: { column: 'ordinal', type: 'integer', key: true, of: (event) => event.ordinal },
  feedSeq: { column: 'feed_seq', type: 'bigint', of: null },
  sandbox: { column: 'sandbox', type: 'boolean', of: (event) => event.sandbox },
  type: { column: 'type', type: 'text', of: (event) => event.type },
  creditType: { column: 'credit_type', type: 'text', of: (event) => event.creditType },
  at: { column: 'at', type: 'timestamptz', of: (event) => event.at },
  facts: { column: 'facts', type: 'text', of: (event) => factsToText(event.facts) },
  balance: { column: 'balance', type: 'text', form: BALANCE_TEXT, of: (event) => event.balance },
});

export type EventRow = RawOf<EventFields>;
export const NEW_EVENT = EVENT.inserted('e', { computed: { feed_seq: `nextval('event_feed_seq')` } });

/** @throws UnknownFormat for what a newer version of the program wrote */
export function toEvent(row: EventRow): StoredEvent {
  return {
    accountId: row.accountId,
    version: row.version,
    ordinal: row.ordinal,
    feedSeq: row.feedSeq,
    sandbox: row.sandbox,
    type: row.type,
    creditType: row.creditType,
    at: row.at,
    facts: factsFromText(row.type, row.facts),
    balance: balanceFromText(row.balance),
  } as StoredEvent;
}
