import type { Query, Row } from '../wire/flight.js';
import type { RowDescription } from './describe-row.js';
import type { Table } from './write-statement.js';

/** What a row says of itself as it was answered. */
export interface OwnedRaw {
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
export function byId<S extends { readonly accountId: string; readonly id: string }>(
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
