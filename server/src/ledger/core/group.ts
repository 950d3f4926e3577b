import type { AuditEntry } from '../../audit/actions.js';
import type { Cause } from './cause.js';
import type { LedgerEvent } from './events.js';
import type { LineDelta, UsageDelta } from './line-deltas.js';
import type { ClosedPeriod, WaitingCredits } from './past.js';
import { ROW_KINDS } from './state.js';
import type { AccountState, Entry, LoadedAccount, OwnedRows, RowKind, RowsById } from './state.js';

/** All that one decision wrote, sharing one version: the change from one state of an account to the next. */
export interface Group {
  readonly head: AccountState;
  readonly at: number;
  readonly cause: Cause;
  readonly actor: string;
  /** The reservation that it is about. */
  readonly reservationId: string | null;
  readonly entries: readonly Entry[];
  /** The rows that it made or changed, as it left them. */
  readonly rows: RowsById;
  /** Ids of those that it made. */
  readonly newIds: readonly string[];
  readonly events: readonly LedgerEvent[];
  /** What the audit log is told of it. */
  readonly audits: readonly AuditEntry[];
  /** What it did to the lines of reservations. */
  readonly lines: readonly LineDelta[];
  /** What of that is booked as usage. */
  readonly usage: readonly UsageDelta[];
  /** What waits from now on, of the types of which something else waits than before. */
  readonly waiting: readonly WaitingCredits[];
  /** The period that ended, if it opened another. */
  readonly closed: ClosedPeriod | null;
}

/** Makes a closed group part of the working state that the next decision sees. */
export function applyGroup(account: LoadedAccount, group: Group): void {
  account.head = group.head;
  for (const kind of ROW_KINDS) applyRows(account, group, kind);
}

function applyRows(account: LoadedAccount, group: Group, kind: RowKind): void {
  const loaded = account[kind] as Map<string, OwnedRows[RowKind]>;
  for (const [id, row] of group.rows[kind]) loaded.set(id, row);
}
