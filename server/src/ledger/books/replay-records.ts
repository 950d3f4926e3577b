import type { CreditType } from '../../catalog/catalog.js';
import { balanceFromText } from '../rows/event-text.js';
import type { Row } from '../wire/flight.js';
import type { EntryKind } from '../core/state.js';

/** A row of the journal that has a place: an entry, or a group without one. */
export interface JournalRecord {
  readonly version: number;
  readonly ordinal: number;
  readonly kind: EntryKind | null;
  readonly creditType: CreditType;
  readonly amount: number;
  readonly grantId: string;
  readonly availableAfter: number;
  readonly heldAfter: number;
  readonly reservationId: string | null;
  readonly command: string;
  readonly at: number;
  /** What is kept under its key; only the first row of a group has it. */
  readonly kept: KeptRecord | null;
}

/** An answer as it is kept under its key. */
export interface KeptRecord {
  readonly key: string;
  readonly scope: string;
  readonly input: string;
  readonly outcome: string;
  readonly reservationId: string | null;
}

/** An event as it is stored, with what the journal must agree with. */
export interface ToldEvent {
  readonly version: number;
  readonly ordinal: number;
  readonly feedSeq: number;
  readonly sandbox: boolean;
  readonly type: string;
  readonly creditType: CreditType;
  readonly at: number;
  readonly credits: number | null;
  readonly reservationId: string | null;
  readonly grantId: string | null;
  readonly balance: {
    readonly available: number;
    readonly waiting: number;
    readonly held: number;
    readonly version: number;
  };
}

/** A row of `usage_day`. */
export interface UsageRecord {
  readonly day: string;
  readonly creditType: CreditType;
  readonly operation: string;
  readonly member: string;
  readonly project: string;
  readonly feature: string;
  readonly type: string;
  readonly credits: number;
  readonly operations: number;
}

/* The same from rows of the tables. */

export function toRecord(row: Row): JournalRecord {
  return {
    version: row['version'] as never,
    ordinal: row['ordinal'] as never,
    kind: row['kind'] as never,
    creditType: row['credit_type'] as never,
    amount: row['amount'] as never,
    grantId: row['grant_id'] as never,
    availableAfter: row['available_after'] as never,
    heldAfter: row['held_after'] as never,
    reservationId: row['reservation_id'] as never,
    command: row['command'] as never,
    at: row['at'] as never,
    kept: toKept(row),
  };
}

export function toKept(row: Row): KeptRecord | null {
  if (row['idempotency_key'] === null) return null;
  return {
    key: row['idempotency_key'] as never,
    scope: row['scope'] as never,
    input: row['input'] as never,
    outcome: row['outcome'] as never,
    reservationId: row['reservation_id'] as never,
  };
}

export function toTold(row: Row): ToldEvent {
  return {
    version: row['version'] as never,
    ordinal: row['ordinal'] as never,
    feedSeq: row['feed_seq'] as never,
    sandbox: row['sandbox'] as never,
    type: row['type'] as never,
    creditType: row['credit_type'] as never,
    at: row['at'] as never,
    credits: row['credits'] as never,
    reservationId: row['reservation_id'] as never,
    grantId: row['grant_id'] as never,
    balance: balanceFromText(row['balance'] as never),
  };
}

export function toUsage(row: Row): UsageRecord {
  return {
    day: row['day'] as never,
    creditType: row['credit_type'] as never,
    operation: row['operation'] as never,
    member: row['member'] as never,
    project: row['project'] as never,
    feature: row['feature'] as never,
    type: row['type'] as never,
    credits: row['credits'] as never,
    operations: row['operations'] as never,
  };
}
