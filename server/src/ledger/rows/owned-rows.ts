import type { OwnedRows, RowKind } from '../core/state.js';
import type { GrantState, LoadedAccount, ReservationState } from '../core/state.js';
import type { Query, Row } from '../wire/flight.js';
import type { RowDescription } from './describe-row.js';
import { CHANGED_GRANT, GRANT, type GrantRow, isOpenGrant, NEW_GRANT, type OwnedGrant, toGrant } from './grant-rows.js';
import {
  CHANGED_RESERVATION,
  isHold,
  NEW_RESERVATION,
  RESERVATION,
  type ReservationRow,
  toReservation,
} from './reservation-rows.js';
import type { Table } from './write-statement.js';

/** What a row says of itself as it was answered. */
interface OwnedRaw {
  readonly accountId: string;
  readonly id: string;
}

/** How rows of a kind that accounts own are loaded, kept and written. `W`: what is at hand when one is written. */
export interface OwnedKind<R, W, Raw extends OwnedRaw> {
  readonly description: RowDescription<unknown, never>;
  readonly created: Table<W>;
  readonly changed: Table<W>;
  readonly toWrite: (accountId: string, row: R) => W;
  /** Loads rows by account and id: $1 uuids of accounts, $2 uuids of rows. */
  readonly byId: Query;
  /** Loads those that come with their account, $1 uuids of accounts; null: none do. */
  readonly withAccount: Query | null;
  /** Checks the columns of an answer. */
  readonly read: (rows: readonly Row[]) => readonly Raw[];
  readonly toRow: (raw: Raw) => R;
  /** Whether a lane's cache keeps it: those that come with their account, and others that may be needed again. */
  readonly isKept: (row: R) => boolean;
}

/** Loads rows by id through the table's primary key, account first. */
function byId<S extends { readonly accountId: string; readonly id: string }>(
  name: string,
  description: RowDescription<S, never>,
): Query {
  const id = description.column('id').name;
  return {
    name: `ledger_${name}_by_id`,
    text: `/* ledger.${name}_by_id */ SELECT ${description.select('r')} FROM unnest($1::uuid[], $2::uuid[]) AS u(account_id, ${id}), LATERAL (
      SELECT * FROM ${description.table} s WHERE s.account_id = u.account_id AND s.${id} = u.${id} LIMIT 1) r`,
  };
}

const GRANTS: OwnedKind<GrantState, OwnedGrant, GrantRow> = {
  description: GRANT,
  created: NEW_GRANT,
  changed: CHANGED_GRANT,
  toWrite: (accountId, grant) => ({ accountId, grant }),
  byId: byId('grants', GRANT),
  withAccount: {
    name: 'ledger_open_grants',
    text: `/* ledger.open_grants */ SELECT ${GRANT.select('g')} FROM credit_grant g WHERE g.account_id = ANY($1::uuid[]) AND g.is_open`,
  },
  read: (rows) => GRANT.read(rows),
  toRow: toGrant,
  isKept: isOpenGrant,
};

const RESERVATIONS: OwnedKind<ReservationState, ReservationState, ReservationRow> = {
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

/** A kind, as whoever deals with any of them sees it. */
type AnyKind = OwnedKind<OwnedRows[RowKind], object, OwnedRaw>;

/** Rows meet their kind by its name alone, which TypeScript cannot follow; here it is told once. */
function anyKind<K extends RowKind, W extends object, Raw extends OwnedRaw>(
  kind: OwnedKind<OwnedRows[K], W, Raw>,
): AnyKind {
  return kind as unknown as AnyKind;
}

/** All kinds of rows that accounts own: a new one is a description, and a line here and in `core/state.ts`. */
const KINDS: { readonly [K in RowKind]: AnyKind } = {
  grants: anyKind<'grants', OwnedGrant, GrantRow>(GRANTS),
  reservations: anyKind<'reservations', ReservationState, ReservationRow>(RESERVATIONS),
};

export function ownedKind(kind: RowKind): AnyKind {
  return KINDS[kind];
}

/** An account's rows of a kind, whichever it is. */
export function rowsOf(account: LoadedAccount, kind: RowKind): Map<string, OwnedRows[RowKind]> {
  return account[kind];
}

/** Takes rows of a kind into their accounts; one that is there already is newer than the table. */
export function addRows(accounts: ReadonlyMap<string, LoadedAccount>, kind: RowKind, answered: readonly Row[]): void {
  const { read, toRow } = ownedKind(kind);
  for (const raw of read(answered)) {
    const account = accounts.get(raw.accountId);
    if (account && !account[kind].has(raw.id)) rowsOf(account, kind).set(raw.id, toRow(raw));
  }
}
