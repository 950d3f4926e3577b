import type { CreditType, PlanCode } from '../../catalog/catalog.js';
import type { QuotePayload } from '../../catalog/quote-payload.js';
import type { GrantSource, WorkOutcome } from './state.js';

/** Who asks, as the ledger records it. */
export interface Actor {
  /** `user:<sub>`, `service:<id>`, `operator:<id>` or `system`. */
  readonly name: string;
  /** Whose the holds are that it opens, as `name` is written; left out: `name`. */
  readonly holder?: string;
  /** The member that usage is booked to when nobody is named. */
  readonly member: string;
  /** Services and operators close holds that others opened. */
  readonly closesAny: boolean;
}

/**
 * An idempotency key with what it was used for. `scope` holds mutation and caller kind; `input` is the canonical
 * input with defaults filled in, field by field, so that a conflict can name the fields.
 */
export interface Keyed {
  readonly key: string;
  readonly scope: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface OperationLine {
  readonly operation: string;
  readonly quantity: number;
}

/** A quote's token after its signature was checked; null when it is not one of ours. */
export type PresentedQuote = { readonly payload: QuotePayload | null };

interface CommandBase {
  readonly accountId: string;
  readonly actor: Actor;
}

export interface ReserveCommand extends CommandBase {
  readonly type: 'reserve';
  readonly keyed: Keyed;
  readonly reservationId: string;
  readonly quote: PresentedQuote | null;
  readonly operations: readonly OperationLine[];
  readonly ttlSeconds: number;
  readonly project: string | null;
  readonly member: string | null;
  readonly reference: string | null;
  /** Reserve and commit in one step. */
  readonly spend: boolean;
}

export interface CommitCommand extends CommandBase {
  readonly type: 'commit';
  readonly keyed: Keyed;
  readonly reservationId: string;
  readonly amount: number | null;
  readonly operations: readonly OperationLine[] | null;
  readonly final: boolean;
  readonly outcome: WorkOutcome;
  readonly policy: 'REJECT' | 'IF_AVAILABLE';
}

export interface ReleaseCommand extends CommandBase {
  readonly type: 'release';
  readonly keyed: Keyed;
  readonly reservationId: string;
}

export interface ExtendCommand extends CommandBase {
  readonly type: 'extend';
  readonly keyed: Keyed;
  readonly reservationId: string;
  readonly ttlSeconds: number;
}

export interface GrantCommand extends CommandBase {
  readonly type: 'grant';
  readonly keyed: Keyed;
  readonly grantId: string;
  readonly credits: number;
  readonly creditType: CreditType;
  readonly source: GrantSource;
  readonly expiresAt: number | null;
  readonly reason: string;
}

/**
 * Births an account under `accountId`; an account that exists is answered as it is, so that a retry is safe.
 *
 * `now` is a sandbox account's first instant; null: the database's. Whoever opens an account for an external id first
 * claims that id in `external_account` (a transaction of its own) and opens under the account id found there.
 */
export interface OpenCommand extends CommandBase {
  readonly type: 'open';
  readonly externalId: string | null;
  readonly name: string;
  readonly plan: PlanCode;
  readonly timeZone: string;
  readonly billingAnchor: number | null;
  readonly sandbox: boolean;
  readonly now: number | null;
}

/** Closes what is due and nothing else: readers and the punctual worker submit it. */
export interface AdvanceCommand extends CommandBase {
  readonly type: 'advance';
}

/** Moves a sandbox account's own clock forward. */
export interface ClockCommand extends CommandBase {
  readonly type: 'clock';
  readonly to: number;
}

/** Everything that changes an account is one of these. */
export type Command =
  | ReserveCommand
  | CommitCommand
  | ReleaseCommand
  | ExtendCommand
  | GrantCommand
  | OpenCommand
  | AdvanceCommand
  | ClockCommand;
