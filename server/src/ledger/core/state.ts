import type { CreditType, PlanCode } from '../../catalog/catalog.js';
import type { AccountCard } from './account-card.js';
import type { BalanceView, LevelName } from './balance-view.js';
import type { Billing } from './billing.js';
import type { BudgetState, CountedLine, TallyState } from './budget.js';
import type { PlanPaymentState } from './plan-payment.js';
import type { PurchaseState, RefundState } from './purchase.js';
import type { AddedLine, ReservationLine } from './reservation-line.js';
import type { LoadedCommits, SpendingHour, SpendingState } from './spending.js';

/** Where a lot of credits came from. Order and meaning: docs/domain.md, Grants. */
export type GrantSource = 'ALLOWANCE' | 'UPGRADE' | 'PURCHASE' | 'BONUS' | 'PROMOTION' | 'ADJUSTMENT' | 'ROLLOVER';
export type ReservationStatus = 'HELD' | 'COMMITTED' | 'RELEASED' | 'EXPIRED';
export type WorkOutcome = 'SUCCEEDED' | 'FAILED' | 'BLOCKED' | 'CANCELED';
export type EntryKind = 'GRANT' | 'RESERVE' | 'COMMIT' | 'RELEASE' | 'EXPIRE' | 'REFUND' | 'REVOKE';

/**
 * A low-balance rule of one account and credit type. `base` is the most that available + held has been since the last start (reset,
 * creation, change of the plan in force), the same in every rule.
 */
export interface LevelRule {
  readonly level: LevelName;
  readonly percent: number | null;
  readonly credits: number | null;
  readonly base: number;
  /** The threshold at which it has fired, in credits; null: it is armed. */
  readonly firedAt: number | null;
}

/**
 * Where credits can be. Whole credits, each >= 0, and always
 * `granted = available + held + spent + expired + refunded + revoked`, per grant and per account and credit type.
 */
export interface Buckets {
  readonly granted: number;
  readonly available: number;
  readonly held: number;
  readonly spent: number;
  readonly expired: number;
  readonly refunded: number;
  readonly revoked: number;
}

/**
 * One account's credits of one type. `available` is all that is owned and free:
 * `available = allowanceLeft + purchased + promotional + waiting`; what can be used now is that less `waiting`.
 */
export interface CreditState extends Buckets {
  /** Committed in the current period. */
  readonly used: number;
  /** Granted by the plan in the current period. */
  readonly allowance: number;
  readonly allowanceLeft: number;
  readonly purchased: number;
  readonly promotional: number;
  readonly waiting: number;
  readonly levels: readonly LevelRule[];
}

/** A lot of credits. Usable while `effectiveAt <= t < expiresAt`; instants in epoch milliseconds, null = never. */
export interface GrantState extends Buckets {
  readonly id: string;
  readonly creditType: CreditType;
  readonly source: GrantSource;
  readonly priority: number;
  readonly effectiveAt: number;
  readonly expiresAt: number | null;
  readonly createdAt: number;
  /** The period it belongs to, for what the plan grants. */
  readonly periodNumber: number | null;
  readonly reason: string | null;
  /** The purchase that brought it, for bought credits and the bonus that came with them. */
  readonly purchaseId: string | null;
  /** What is free of it waits for a payment: owned, not usable. */
  readonly waits: boolean;
  /** It was revoked: what holds on it give back is revoked as well. */
  readonly recalled: boolean;
}

/** What one reservation took from one grant: `credits` in all, `held` of them still on hold. */
export interface Draw {
  readonly grantId: string;
  readonly source: GrantSource;
  readonly credits: number;
  readonly held: number;
  /** Of the grant, epoch ms; orders what is committed first. */
  readonly expiresAt: number | null;
}

/**
 * Credits taken out of available before the work: `reserved = held + committed + released`.
 * `reserved` grows when lines are added, and when a commit above the hold or after its expiry holds more.
 */
export interface ReservationState {
  readonly accountId: string;
  readonly id: string;
  readonly creditType: CreditType;
  readonly status: ReservationStatus;
  readonly reserved: number;
  readonly held: number;
  readonly committed: number;
  readonly released: number;
  /** Work done that no credits could cover. */
  readonly uncollected: number;
  /** Which counters of budgets its lines count in, line by line; null: in none. */
  readonly counted: readonly CountedLine[] | null;
  /** What expiry gave back, which a late commit may still claim; null until it expired. */
  readonly heldAtExpiry: number | null;
  readonly lines: readonly ReservationLine[];
  /** The price list of the lines that it was opened with. */
  readonly priceListVersion: number;
  readonly draws: readonly Draw[];
  readonly project: string | null;
  readonly member: string;
  readonly reference: string | null;
  /** Who may close it, beside services and operators: `user:<sub>` or `service:<id>`. */
  readonly openedBy: string;
  readonly outcome: WorkOutcome | null;
  /** The account version that last changed it. */
  readonly version: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly closedAt: number | null;
}

/** One billing cycle `[start, end)`, epoch ms. */
export interface Period {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** The last time that an account was told of credits that will end: notices come in the order of instants, then of the grants' age. */
export interface ExpiryNotice {
  readonly at: number;
  /** Of the grant. */
  readonly createdAt: number;
  readonly grantId: string;
}

/** Everything about an account that a decision may depend on, except grants and reservations. */
export interface AccountState {
  readonly id: string;
  readonly sandbox: boolean;
  readonly plan: PlanCode;
  /** The plan that takes over at the boundary; null: this one stays. */
  readonly nextPlan: PlanCode | null;
  readonly timeZone: string;
  /** The original anchor and the number of the period that starts there. */
  readonly anchorAt: number;
  readonly anchorPeriod: number;
  readonly period: Period;
  /** A sandbox account's own clock, epoch ms; null: the database's. */
  readonly clockAt: number | null;
  readonly version: number;
  /** When `version` was written, on the account's clock. */
  readonly changedAt: number;
  /** The day (account's zone) on which courtesy operations were last counted, and how many passed. */
  readonly courtesyDay: string | null;
  readonly courtesyUsed: number;
  /** The day (account's zone) on which usage of a project was last booked, and the version before the first of it. */
  readonly projectsDay: string | null;
  readonly projectsDayVersion: number;
  /** Operations done since it was created, by credit type. */
  readonly operations: Readonly<Record<CreditType, number>>;
  /** The last notice that credits will end; null: there was none. */
  readonly noticed: ExpiryNotice | null;
  /** No hold, purchase, grant or period of this account ends, and no notice comes, before this instant (it may be earlier than the first that does). */
  readonly dueAt: number;
  /** How it pays; null: it never paid through this service. */
  readonly billing: Billing | null;
  /** How many budgets are in force. */
  readonly budgets: number;
  /** The hour in which it spent last; null: it has spent nothing since hours are summed, and owns no row of them. */
  readonly spending: SpendingHour | null;
  readonly credits: Readonly<Record<CreditType, CreditState>>;
}

/** What an account owns beside its head: the kinds of rows, and what a row of each is. Ids are unique among all kinds. */
export interface OwnedRows {
  readonly grants: GrantState;
  readonly reservations: ReservationState;
  readonly purchases: PurchaseState;
  readonly planPayments: PlanPaymentState;
  readonly refunds: RefundState;
  readonly budgets: BudgetState;
  readonly tallies: TallyState;
  readonly spendings: SpendingState;
}
export type RowKind = keyof OwnedRows;
export const ROW_KINDS: readonly RowKind[] = [
  'grants',
  'reservations',
  'purchases',
  'refunds',
  'planPayments',
  'budgets',
  'tallies',
  'spendings',
];

/** Rows of each kind by their ids. */
export type RowsById = { readonly [K in RowKind]: ReadonlyMap<string, OwnedRows[K]> };
/** The same of an account that is being worked on. */
export type LoadedRows = { readonly [K in RowKind]: Map<string, OwnedRows[K]> };

/**
 * An account as one batch sees it: the head, its grants that have something left or held, and the reservations that the
 * batch needs. `allHolds` says whether every open hold is among them, `creditHolds` whether every one with credits is.
 */
export interface LoadedAccount extends LoadedRows {
  head: AccountState;
  allHolds: boolean;
  creditHolds: boolean;
  /** The head as the batch found it; null when the batch creates the account. */
  before: AccountState | null;
  /** When something ends next, as the tables have it, epoch ms; another writer moves it without a version. */
  writtenDueAt: number | null;
  /** What the answers kept in this batch add to the account's digest of them. */
  keptDigest: number;
  /** To which projects usage of a day was booked; null: not loaded, since few accounts ever need them. */
  projects: { readonly day: string; readonly names: Set<string> } | null;
  /** Purchases whose grants this batch has loaded, and with them the expired holds whose work may still land; null: of none. */
  purchasesLoaded: Set<string> | null;
  /** Whose tallies were looked for, by member; null: nobody's, and no budgets. Those that are not loaded do not exist. */
  talliesOf: Set<string> | null;
  /** The commits that were looked for to tell who spent most of an hour; null: none. */
  commits: LoadedCommits | null;
  /** What is written of a new account once and never again; null: it is not new. */
  readonly card: AccountCard | null;
  /** Whether what is due was closed in this batch: with `some`, more ended than one batch closes. */
  closed: 'none' | 'some' | 'all';
}

/** One immutable movement. `After` values are the account's, of that credit type; before = after undone. */
export interface Entry {
  readonly kind: EntryKind;
  readonly creditType: CreditType;
  readonly amount: number;
  readonly grantId: string;
  readonly reservationId: string | null;
  readonly availableAfter: number;
  readonly heldAfter: number;
}

export type { AccountCard, AddedLine, BalanceView, LevelName, ReservationLine };
