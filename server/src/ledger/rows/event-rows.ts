import type { StoredEvent } from '../core/ledger.js';
import type { BalanceView, LedgerEvent, PeriodReset } from '../core/state.js';
import { describeRow, type RawOf, type TextForm } from './describe-row.js';
import { balanceFromText, resetFromText } from './event-text.js';

const RESET_TEXT: TextForm<PeriodReset> = { toText: (reset) => JSON.stringify(reset), fromText: resetFromText };
const BALANCE_TEXT: TextForm<BalanceView> = { toText: (balance) => JSON.stringify(balance), fromText: balanceFromText };

export const EVENT = describeRow<StoredEvent, LedgerEvent>('event', {
  accountId: { column: 'account_id', type: 'uuid', key: true, of: (event) => event.accountId },
  version: { column: 'version', type: 'bigint', key: true, of: (event) => event.version },
  ordinal: { column: 'ordinal', type: 'integer', key: true, of: (event) => event.ordinal },
  feedSeq: { column: 'feed_seq', type: 'bigint', of: null },
  sandbox: { column: 'sandbox', type: 'boolean', of: (event) => event.sandbox },
  type: { column: 'type', type: 'text', of: (event) => event.type },
  creditType: { column: 'credit_type', type: 'text', of: (event) => event.creditType },
  at: { column: 'at', type: 'timestamptz', of: (event) => event.at },
  level: { column: 'level', type: 'text', nullable: true, of: (event) => event.level },
  threshold: { column: 'threshold', type: 'bigint', nullable: true, of: (event) => event.threshold },
  credits: { column: 'credits', type: 'bigint', nullable: true, of: (event) => event.credits },
  reservationId: { column: 'reservation_id', type: 'uuid', nullable: true, of: (event) => event.reservationId },
  grantId: { column: 'grant_id', type: 'uuid', nullable: true, of: (event) => event.grantId },
  reset: { column: 'reset', type: 'text', nullable: true, form: RESET_TEXT, of: (event) => event.reset },
  balance: { column: 'balance', type: 'text', form: BALANCE_TEXT, of: (event) => event.balance },
});

export type EventRow = RawOf<StoredEvent>;
export const NEW_EVENT = EVENT.inserted('e', {
  computed: { feed_seq: `nextval('event_feed_seq')` },
  returning: 'account_id, version, ordinal, feed_seq',
});

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
    level: row.level,
    threshold: row.threshold,
    credits: row.credits,
    reservationId: row.reservationId,
    grantId: row.grantId,
    reset: row.reset === null ? null : resetFromText(row.reset),
    balance: balanceFromText(row.balance),
  };
}
