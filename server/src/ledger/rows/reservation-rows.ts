import type { ReservationChanges } from '../core/changed-state.js';
import type { ReservationState } from '../core/state.js';
import { COUNTED_TEXT, countedFromText } from './counters-text.js';
import { describeRow, type RawOf } from './describe-row.js';
import { byId, type OwnedKind } from './owned-kind.js';
import { DRAWS_TEXT, drawsFromText, LINES_TEXT, linesFromText } from './reservation-text.js';

/** A hold: loaded when it may end or is named, and kept in a lane's cache; a closed reservation is loaded only when it is named. */
export function isHold({ status }: ReservationState): boolean {
  return status === 'HELD';
}

export const RESERVATION = describeRow<ReservationState, ReservationState, keyof ReservationChanges>('reservation', {
  accountId: { column: 'account_id', type: 'uuid', key: true, of: (row) => row.accountId },
  id: { column: 'reservation_id', type: 'uuid', key: true, of: (row) => row.id },
  creditType: { column: 'credit_type', type: 'text', of: (row) => row.creditType },
  status: { column: 'status', type: 'text', of: (row) => row.status, changes: true },
  reserved: { column: 'reserved', type: 'bigint', of: (row) => row.reserved, changes: true },
  held: { column: 'held', type: 'bigint', of: (row) => row.held, changes: true },
  committed: { column: 'committed', type: 'bigint', of: (row) => row.committed, changes: true },
  released: { column: 'released', type: 'bigint', of: (row) => row.released, changes: true },
  uncollected: { column: 'uncollected', type: 'bigint', of: (row) => row.uncollected, changes: true },
  counted: {
    column: 'counted',
    type: 'text',
    nullable: true,
    form: COUNTED_TEXT,
    of: (row) => row.counted,
    changes: true,
  },
  heldAtExpiry: {
    column: 'held_at_expiry',
    type: 'bigint',
    nullable: true,
    of: (row) => row.heldAtExpiry,
    changes: true,
  },
  lines: { column: 'lines', type: 'text', form: LINES_TEXT, of: (row) => row.lines, changes: true },
  priceListVersion: { column: 'price_list_version', type: 'integer', of: (row) => row.priceListVersion },
  draws: { column: 'draws', type: 'text', form: DRAWS_TEXT, of: (row) => row.draws, changes: true },
  project: { column: 'project', type: 'text', nullable: true, of: (row) => row.project },
  member: { column: 'member', type: 'text', of: (row) => row.member },
  reference: { column: 'reference', type: 'text', nullable: true, of: (row) => row.reference },
  openedBy: { column: 'opened_by', type: 'text', of: (row) => row.openedBy },
  outcome: { column: 'outcome', type: 'text', nullable: true, of: (row) => row.outcome, changes: true },
  version: { column: 'version', type: 'bigint', of: (row) => row.version, changes: true },
  createdAt: { column: 'created_at', type: 'timestamptz', of: (row) => row.createdAt },
  expiresAt: { column: 'expires_at', type: 'timestamptz', of: (row) => row.expiresAt, changes: true },
  closedAt: { column: 'closed_at', type: 'timestamptz', nullable: true, of: (row) => row.closedAt, changes: true },
});

export type ReservationRow = RawOf<ReservationState>;
export const NEW_RESERVATION = RESERVATION.inserted('s');
export const CHANGED_RESERVATION = RESERVATION.changed('r');

/** Fields in the order of `changedReservation`, so that both give states of one shape. */
export function toReservation(row: ReservationRow): ReservationState {
  return {
    accountId: row.accountId,
    id: row.id,
    creditType: row.creditType,
    status: row.status,
    reserved: row.reserved,
    held: row.held,
    committed: row.committed,
    released: row.released,
    uncollected: row.uncollected,
    counted: row.counted === null ? null : countedFromText(row.counted),
    heldAtExpiry: row.heldAtExpiry,
    lines: linesFromText(row.lines),
    priceListVersion: row.priceListVersion,
    draws: drawsFromText(row.draws),
    project: row.project,
    member: row.member,
    reference: row.reference,
    openedBy: row.openedBy,
    outcome: row.outcome,
    version: row.version,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    closedAt: row.closedAt,
  };
}

/** Reservations of accounts: loaded when they may end or are named. */
export const RESERVATIONS: OwnedKind<ReservationState, ReservationState, ReservationRow> = {
  description: RESERVATION,
  created: NEW_RESERVATION,
  changed: CHANGED_RESERVATION,
  toWrite: (_accountId, reservation) => reservation,
  byId: byId('reservations', RESERVATION),
  withAccount: null,
  read: (rows) => RESERVATION.read(rows),
  toRow: toReservation,
  isKept: isHold,
};
