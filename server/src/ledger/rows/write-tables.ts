import { drawsToText, linesToText } from './reservation-text.js';
import type { WrittenDecision } from '../core/written-decision.js';
import type { Entry, GrantState, LedgerEvent, ReservationState, UsageDelta } from '../core/state.js';
import type { Column, Table } from './write-statement.js';

export interface OwnedGrant {
  readonly accountId: string;
  readonly grant: GrantState;
}

/** A row of the journal: an entry, or a group or kept refusal without one. */
export interface JournalRow {
  readonly decision: WrittenDecision;
  readonly ordinal: number;
  readonly entry: Entry | null;
}

/** A decision's key and answer stand in its first row. */
function keptIn({ decision, ordinal }: JournalRow): WrittenDecision['kept'] {
  return ordinal === 0 ? decision.kept : null;
}

type Part<T> = readonly Column<T>[];

const GRANT_KEYS: Part<OwnedGrant> = [
  { name: 'account_id', type: 'uuid', of: ({ accountId }) => accountId },
  { name: 'grant_id', type: 'uuid', of: ({ grant }) => grant.id },
];
const GRANT_AMOUNTS: Part<OwnedGrant> = [
  { name: 'available', type: 'bigint', of: ({ grant }) => grant.available },
  { name: 'held', type: 'bigint', of: ({ grant }) => grant.held },
  { name: 'spent', type: 'bigint', of: ({ grant }) => grant.spent },
  { name: 'expired', type: 'bigint', of: ({ grant }) => grant.expired },
  { name: 'refunded', type: 'bigint', of: ({ grant }) => grant.refunded },
  { name: 'revoked', type: 'bigint', of: ({ grant }) => grant.revoked },
  { name: 'is_open', type: 'boolean', of: ({ grant }) => grant.available > 0 || grant.held > 0 },
];

export const CHANGED_GRANT: Table<OwnedGrant> = {
  code: 'g',
  name: 'credit_grant',
  keys: 2,
  columns: [...GRANT_KEYS, ...GRANT_AMOUNTS],
};

export const NEW_GRANT: Table<OwnedGrant> = {
  code: 'h',
  name: 'credit_grant',
  keys: null,
  columns: [
    ...GRANT_KEYS,
    ...GRANT_AMOUNTS,
    { name: 'granted', type: 'bigint', of: ({ grant }) => grant.granted },
    { name: 'credit_type', type: 'text', of: ({ grant }) => grant.creditType },
    { name: 'source', type: 'text', of: ({ grant }) => grant.source },
    { name: 'priority', type: 'integer', of: ({ grant }) => grant.priority },
    { name: 'effective_at', type: 'timestamptz', of: ({ grant }) => grant.effectiveAt },
    { name: 'expires_at', type: 'timestamptz', of: ({ grant }) => grant.expiresAt },
    { name: 'created_at', type: 'timestamptz', of: ({ grant }) => grant.createdAt },
    { name: 'period_number', type: 'integer', of: ({ grant }) => grant.periodNumber },
    { name: 'reason', type: 'text', of: ({ grant }) => grant.reason },
  ],
};

const RESERVATION_KEYS: Part<ReservationState> = [
  { name: 'account_id', type: 'uuid', of: ({ accountId }) => accountId },
  { name: 'reservation_id', type: 'uuid', of: (reservation) => reservation.id },
];
const RESERVATION_CHANGES: Part<ReservationState> = [
  { name: 'status', type: 'text', of: (reservation) => reservation.status },
  { name: 'reserved', type: 'bigint', of: (reservation) => reservation.reserved },
  { name: 'held', type: 'bigint', of: (reservation) => reservation.held },
  { name: 'committed', type: 'bigint', of: (reservation) => reservation.committed },
  { name: 'released', type: 'bigint', of: (reservation) => reservation.released },
  { name: 'uncollected', type: 'bigint', of: (reservation) => reservation.uncollected },
  { name: 'held_at_expiry', type: 'bigint', of: (reservation) => reservation.heldAtExpiry },
  { name: 'lines', type: 'text', of: (reservation) => linesToText(reservation.lines) },
  { name: 'draws', type: 'text', of: (reservation) => drawsToText(reservation.draws) },
  { name: 'outcome', type: 'text', of: (reservation) => reservation.outcome },
  { name: 'version', type: 'bigint', of: (reservation) => reservation.version },
  { name: 'expires_at', type: 'timestamptz', of: (reservation) => reservation.expiresAt },
  { name: 'closed_at', type: 'timestamptz', of: (reservation) => reservation.closedAt },
];

export const CHANGED_RESERVATION: Table<ReservationState> = {
  code: 'r',
  name: 'reservation',
  keys: 2,
  columns: [...RESERVATION_KEYS, ...RESERVATION_CHANGES],
};

export const NEW_RESERVATION: Table<ReservationState> = {
  code: 's',
  name: 'reservation',
  keys: null,
  columns: [
    ...RESERVATION_KEYS,
    ...RESERVATION_CHANGES,
    { name: 'credit_type', type: 'text', of: (reservation) => reservation.creditType },
    { name: 'price_list_version', type: 'integer', of: (reservation) => reservation.priceListVersion },
    { name: 'project', type: 'text', of: (reservation) => reservation.project },
    { name: 'member', type: 'text', of: (reservation) => reservation.member },
    { name: 'reference', type: 'text', of: (reservation) => reservation.reference },
    { name: 'opened_by', type: 'text', of: (reservation) => reservation.openedBy },
    { name: 'created_at', type: 'timestamptz', of: (reservation) => reservation.createdAt },
  ],
};

export const JOURNAL: Table<JournalRow> = {
  code: 'j',
  name: 'journal',
  keys: null,
  columns: [
    { name: 'account_id', type: 'uuid', of: ({ decision }) => decision.account.head.id },
    { name: 'version', type: 'bigint', of: ({ decision }) => decision.group?.head.version ?? null },
    { name: 'ordinal', type: 'integer', of: (row) => row.ordinal },
    { name: 'kind', type: 'text', of: ({ entry }) => entry?.kind ?? null },
    { name: 'credit_type', type: 'text', of: ({ entry }) => entry?.creditType ?? null },
    { name: 'amount', type: 'bigint', of: ({ entry }) => entry?.amount ?? null },
    { name: 'grant_id', type: 'uuid', of: ({ entry }) => entry?.grantId ?? null },
    { name: 'available_after', type: 'bigint', of: ({ entry }) => entry?.availableAfter ?? null },
    { name: 'held_after', type: 'bigint', of: ({ entry }) => entry?.heldAfter ?? null },
    { name: 'reservation_id', type: 'uuid', of: ({ decision }) => decision.reservationId },
    { name: 'command', type: 'text', of: ({ decision }) => decision.cause },
    { name: 'actor', type: 'text', of: ({ decision }) => decision.actor },
    { name: 'at', type: 'timestamptz', of: ({ decision }) => decision.at },
    { name: 'idempotency_key', type: 'text', of: (row) => keptIn(row)?.keyed.key ?? null },
    { name: 'scope', type: 'text', of: (row) => keptIn(row)?.keyed.scope ?? null },
    { name: 'input', type: 'text', of: (row) => keptIn(row)?.input ?? null },
    { name: 'outcome', type: 'text', of: (row) => keptIn(row)?.outcome ?? null },
  ],
};

export const EVENT: Table<LedgerEvent> = {
  code: 'e',
  name: 'event',
  keys: null,
  computed: { feed_seq: `nextval('event_feed_seq')` },
  returning: 'account_id, version, ordinal, feed_seq',
  columns: [
    { name: 'account_id', type: 'uuid', of: (event) => event.accountId },
    { name: 'version', type: 'bigint', of: (event) => event.version },
    { name: 'ordinal', type: 'integer', of: (event) => event.ordinal },
    { name: 'sandbox', type: 'boolean', of: (event) => event.sandbox },
    { name: 'type', type: 'text', of: (event) => event.type },
    { name: 'credit_type', type: 'text', of: (event) => event.creditType },
    { name: 'at', type: 'timestamptz', of: (event) => event.at },
    { name: 'level', type: 'text', of: (event) => event.level },
    { name: 'threshold', type: 'bigint', of: (event) => event.threshold },
    { name: 'credits', type: 'bigint', of: (event) => event.credits },
    { name: 'reservation_id', type: 'uuid', of: (event) => event.reservationId },
    { name: 'grant_id', type: 'uuid', of: (event) => event.grantId },
    { name: 'reset', type: 'text', of: (event) => (event.reset === null ? null : JSON.stringify(event.reset)) },
    { name: 'balance', type: 'text', of: (event) => JSON.stringify(event.balance) },
  ],
};

export const USAGE: Table<UsageDelta> = {
  code: 'u',
  name: 'usage_day',
  keys: null,
  onConflict: `ON CONFLICT (account_id, day, credit_type, operation, member, project) DO UPDATE
    SET credits = usage_day.credits + EXCLUDED.credits, operations = usage_day.operations + EXCLUDED.operations`,
  columns: [
    { name: 'account_id', type: 'uuid', of: (row) => row.accountId },
    { name: 'day', type: 'date', of: (row) => row.day },
    { name: 'credit_type', type: 'text', of: (row) => row.creditType },
    { name: 'operation', type: 'text', of: (row) => row.operation },
    { name: 'member', type: 'text', of: (row) => row.member },
    { name: 'project', type: 'text', of: (row) => row.project ?? '' },
    { name: 'feature', type: 'text', of: (row) => row.feature },
    { name: 'type', type: 'text', of: (row) => row.type },
    { name: 'credits', type: 'bigint', of: (row) => row.credits },
    { name: 'operations', type: 'bigint', of: (row) => row.operations },
  ],
};
