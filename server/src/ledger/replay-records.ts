import type { CreditType } from '../catalog/catalog.js';
import type { EntryKind } from './state.js';

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
