import type { Cause } from '../core/cause.js';
import type { WrittenDecision } from '../core/written-decision.js';
import type { Entry, EntryKind } from '../core/state.js';
import type { CreditType } from '../../catalog/catalog.js';
import { describeRow, type FieldsOf } from './describe-row.js';

/** What a row of the journal is written from: an entry, or a group or kept refusal without one. */
export interface JournalRow {
  readonly decision: WrittenDecision;
  readonly ordinal: number;
  readonly entry: Entry | null;
}

/** A row of `journal`. */
export interface JournalFields {
  readonly accountId: string;
  /** Null: a kept refusal, which has no entry group. */
  readonly version: number | null;
  readonly ordinal: number;
  /** Null: a row without an entry. */
  readonly kind: EntryKind | null;
  readonly creditType: CreditType | null;
  readonly amount: number | null;
  readonly grantId: string | null;
  /** The account's, of that credit type, right after the entry. */
  readonly availableAfter: number | null;
  readonly heldAfter: number | null;
  readonly reservationId: string | null;
  /** Why it was written; a migration has causes of its own. */
  readonly cause: string;
  readonly actor: string;
  readonly at: number;
  /** With scope, input and outcome: the answer that is kept; in the first row of a decision alone. */
  readonly key: string | null;
  readonly scope: string | null;
  readonly input: string | null;
  readonly outcome: string | null;
  readonly recordedAt: number;
}

/** A decision's key and answer stand in its first row. */
function keptIn({ decision, ordinal }: JournalRow): WrittenDecision['kept'] {
  return ordinal === 0 ? decision.kept : null;
}

export const JOURNAL = describeRow<JournalFields, JournalRow>('journal', {
  accountId: { column: 'account_id', type: 'uuid', key: true, of: ({ decision }) => decision.account.head.id },
  version: {
    column: 'version',
    type: 'bigint',
    key: true,
    nullable: true,
    of: ({ decision }) => decision.group?.head.version ?? null,
  },
  ordinal: { column: 'ordinal', type: 'integer', key: true, of: (row) => row.ordinal },
  kind: { column: 'kind', type: 'text', nullable: true, of: ({ entry }) => entry?.kind ?? null },
  creditType: { column: 'credit_type', type: 'text', nullable: true, of: ({ entry }) => entry?.creditType ?? null },
  amount: { column: 'amount', type: 'bigint', nullable: true, of: ({ entry }) => entry?.amount ?? null },
  grantId: { column: 'grant_id', type: 'uuid', nullable: true, of: ({ entry }) => entry?.grantId ?? null },
  availableAfter: {
    column: 'available_after',
    type: 'bigint',
    nullable: true,
    of: ({ entry }) => entry?.availableAfter ?? null,
  },
  heldAfter: { column: 'held_after', type: 'bigint', nullable: true, of: ({ entry }) => entry?.heldAfter ?? null },
  reservationId: {
    column: 'reservation_id',
    type: 'uuid',
    nullable: true,
    of: ({ decision }) => decision.reservationId,
  },
  cause: { column: 'command', type: 'text', of: ({ decision }) => decision.cause },
  actor: { column: 'actor', type: 'text', of: ({ decision }) => decision.actor },
  at: { column: 'at', type: 'timestamptz', of: ({ decision }) => decision.at },
  key: { column: 'idempotency_key', type: 'text', nullable: true, of: (row) => keptIn(row)?.keyed.key ?? null },
  scope: { column: 'scope', type: 'text', nullable: true, of: (row) => keptIn(row)?.keyed.scope ?? null },
  input: { column: 'input', type: 'text', nullable: true, of: (row) => keptIn(row)?.input ?? null },
  outcome: { column: 'outcome', type: 'text', nullable: true, of: (row) => keptIn(row)?.outcome ?? null },
  recordedAt: { column: 'recorded_at', type: 'timestamptz', of: null },
});

export const NEW_JOURNAL = JOURNAL.inserted('j');

type Filled<T, K extends keyof T> = Omit<T, K> & { readonly [F in K]: NonNullable<T[F]> };

/** An entry, without what is kept beside it. */
export const ENTRY = JOURNAL.pick(
  'accountId',
  'version',
  'ordinal',
  'kind',
  'creditType',
  'amount',
  'grantId',
  'availableAfter',
  'heldAfter',
  'reservationId',
  'cause',
  'actor',
  'at',
);

/** What a commit took, and of which reservation. */
export const COMMITTED = JOURNAL.pick('accountId', 'creditType', 'amount', 'reservationId');

type OfAnEntry = 'version' | 'kind' | 'creditType' | 'amount' | 'grantId' | 'availableAfter' | 'heldAfter';

/** A row with an entry: the table lets none lack any of these (`journal_entry`). */
export type EntryFields = Filled<FieldsOf<typeof ENTRY>, OfAnEntry> & { readonly cause: Cause };

/** Whether a row has an entry, and with it all that an entry has. */
export function hasEntry<T extends Pick<JournalFields, OfAnEntry>>(
  row: T,
): row is T & Pick<EntryFields, OfAnEntry | 'cause'> {
  return row.kind !== null;
}

/** A row of an entry group, which has a place in the account's order. */
export type PlacedFields = Filled<JournalFields, 'version'>;

/** Whether a row belongs to an entry group; a kept refusal does not. */
export function hasPlace<T extends Pick<JournalFields, 'version'>>(row: T): row is T & Pick<PlacedFields, 'version'> {
  return row.version !== null;
}

/** What is kept of an answer under its key. */
export const KEPT_ANSWER = JOURNAL.pick('accountId', 'key', 'scope', 'input', 'outcome', 'reservationId');

/** An answer as it is kept under its key. */
export type KeptRecord = Filled<
  Pick<JournalFields, 'key' | 'scope' | 'input' | 'outcome' | 'reservationId'>,
  'key' | 'scope' | 'input' | 'outcome'
>;

/** Whether a row keeps an answer: with a key it has scope, input and outcome too (`journal_key`). */
export function keepsAnswer<T extends Pick<JournalFields, keyof KeptRecord>>(row: T): row is T & KeptRecord {
  return row.key !== null;
}
