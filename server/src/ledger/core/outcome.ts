import type { CreditPack, CreditType, Operation, PlanCode } from '../../catalog/catalog.js';
import type { MethodAnswer, TopUpAnswer, TopUpPreview } from './top-up-answers.js';
import type { RefundProblem } from './refundable.js';
import type { PurchaseState, RefundState } from './purchase.js';
import type { PlanChange } from './plan-change.js';
import type { PlanPaidAnswer, RenewedAnswer } from './plan-answers.js';
import type { AccountState, BalanceView, OwnedRows, ReservationState, RowKind } from './state.js';

/** What may be asked of a hold: a commit, a release, a longer life, more lines. */
export type HoldCommand = 'commit' | 'release' | 'extend' | 'add';

/** Why not, in data. Kinds are the contract's refusal types; figures are those of the first decision. */
export type Refusal =
  | {
      readonly kind: 'InsufficientCredits';
      readonly creditType: CreditType;
      readonly needed: number;
      readonly available: number;
      readonly held: number;
      readonly shortfall: number;
      /** What of `available` is set aside for other work. Missing in answers that older versions kept: nothing. */
      readonly setAside?: number;
      readonly nextResetAt: number;
      /** When open holds will have freed enough on their own; null when they will not. */
      readonly enoughAfterHoldsAt: number | null;
      readonly smallestPack: CreditPack | null;
      readonly upgrade: PlanCode | null;
      readonly alternatives: readonly Operation[];
      /** Reservations that hold the rest, soonest to end first, at most 10. */
      readonly holds: readonly ReservationState[];
      readonly version: number;
    }
  | {
      readonly kind: 'OperationNotInPlan';
      readonly operation: string;
      readonly plan: PlanCode;
      readonly upgrade: PlanCode | null;
    }
  | { readonly kind: 'OperationUnknown'; readonly operation: string }
  | { readonly kind: 'MixedCreditTypes' }
  | { readonly kind: 'QuoteNotValid'; readonly reason: 'EXPIRED' | 'FORGED' | 'OTHER_ACCOUNT' | 'COURTESY_USED' }
  | {
      readonly kind: 'InvalidAmount';
      readonly field: string;
      readonly message: string;
      /** The least and the most that the field may be, where it is a number with bounds. */
      readonly min?: number;
      readonly max?: number;
    }
  | { readonly kind: 'IdempotencyConflict'; readonly fields: readonly string[] }
  | {
      readonly kind: 'ReservationClosed';
      /** What the caller wanted to do with it. Missing in answers that older versions kept. */
      readonly asked?: HoldCommand;
      readonly reservation: ReservationState;
    }
  | {
      readonly kind: 'CommitExceedsReservation';
      readonly held: number;
      readonly requested: number;
      /** Whether the hold had expired: then `held` is what it held before. This and `creditType` are missing in answers that older versions kept. */
      readonly isLate?: boolean;
      readonly creditType?: CreditType;
    }
  | BudgetRefusal
  | { readonly kind: 'PackUnknown'; readonly packId: string }
  | { readonly kind: 'PurchaseNotAllowed'; readonly plan: PlanCode; readonly upgrade: PlanCode | null }
  | { readonly kind: 'PaymentsUnavailable' }
  | { readonly kind: 'PaymentMethodMissing' }
  | { readonly kind: 'RefundNotAllowed'; readonly reason: RefundProblem };

/** A hard budget denies it: of several the one with the least remaining, with its figures of that window. */
export interface BudgetRefusal {
  readonly kind: 'BudgetExceeded';
  /** Whose budget; uuids. */
  readonly accountId: string;
  readonly budgetId: string;
  readonly name: string;
  readonly creditType: CreditType;
  readonly limit: number;
  readonly consumed: number;
  readonly held: number;
  readonly needed: number;
  /** When its next window begins; null: never. */
  readonly resetsAt: number | null;
  readonly version: number;
}

export interface ReservationAnswer {
  readonly kind: 'reservation';
  readonly reservation: ReservationState;
  readonly balance: BalanceView;
  readonly replayed: boolean;
}

/** Kinds of rows that a command may answer with. Reservations have an answer of their own. */
export type AnsweringKind = Exclude<RowKind, 'reservations'>;

/** A row that the command made or changed, and the balance beside it: a grant, or whatever kind a command brings. */
export interface RowAnswer<K extends AnsweringKind> {
  readonly kind: 'row';
  readonly of: K;
  readonly row: OwnedRows[K];
  readonly balance: BalanceView;
  readonly replayed: boolean;
}

/** What a word of the provider did. */
export interface SettledAnswer {
  readonly kind: 'settled';
  readonly purchase: PurchaseState;
  /** The payment pays for nothing, and goes back; null: it does not, or is on its way. */
  readonly refund: RefundState | null;
}

/** Money that goes back, as it then stands. */
export interface RefundAnswer {
  readonly kind: 'refund';
  readonly refund: RefundState;
}

/** What a word of the provider about a dispute did. */
export interface DisputedAnswer {
  readonly kind: 'disputed';
  readonly purchase: PurchaseState;
  /** Nobody has been told yet that it was paid: nothing was done. */
  readonly isUnpaid: boolean;
}

/** What a refund would do now. */
export interface RefundPreviewAnswer {
  readonly kind: 'refund-preview';
  /** As it is. */
  readonly purchase: PurchaseState;
  /** Why nothing would be refunded; null: something would. */
  readonly problem: RefundProblem | null;
  readonly refundedCredits: number;
  readonly revokedCredits: number;
  /** Minor units of the purchase's currency. */
  readonly amountMinor: number;
  readonly balanceAfter: BalanceView;
}

/** So many purchases of the account are not paid yet that no other may begin. */
export interface TooManyOpen {
  readonly kind: 'tooManyOpen';
  /** When the first of them ends, on the account's clock. */
  readonly until: number;
}

/** The plan that was asked for is in force from an instant on, epoch ms; the account and its balance as they then are. */
export interface PlanAnswer {
  readonly kind: 'plan';
  readonly account: AccountState;
  /** STANDARD. */
  readonly balance: BalanceView;
  readonly effectiveAt: number;
  readonly replayed: boolean;
}

/** What a change of the plan would do. */
export interface PlanPreview {
  readonly kind: 'planPreview';
  readonly change: PlanChange;
}

/** The account with the low-balance rules that it was asked to have. */
export interface LevelsAnswer {
  readonly kind: 'levels';
  readonly account: AccountState;
}

/** The account as the decision left it, and the instant on its clock. */
export interface AccountAnswer {
  readonly kind: 'account';
  readonly account: AccountState;
  readonly now: number;
  /** The database's clock when it was decided, epoch ms. */
  readonly databaseNow: number;
  /** Whether this command created it. */
  readonly isNew: boolean;
}

/** What a reservation would meet now, beside its price: the account as it is, set-asides for other work, the budget that denies it. */
export interface WorkAssessed {
  readonly kind: 'workAssessed';
  readonly account: AccountState;
  readonly now: number;
  readonly setAside: number;
  /** The same, as far as the caller may know of it. */
  readonly setAsideSeen: number;
  /** When the next window of a budget of the account begins, epoch ms; Infinity: never. */
  readonly windowsEnd: number;
  readonly blockedBy: BudgetRefusal | null;
}

/** A budget is not in force any more. */
export interface BudgetRemoved {
  readonly kind: 'budgetRemoved';
}

export interface Refused {
  readonly kind: 'refused';
  readonly refusal: Refusal;
  readonly replayed: boolean;
}

export interface NotFound {
  readonly kind: 'notFound';
}

export interface Forbidden {
  readonly kind: 'forbidden';
}

/** Answers that can be kept under a key. */
export type KeptAnswer = ReservationAnswer | RowAnswer<AnsweringKind> | PlanAnswer | TopUpAnswer | Refused;

/**
 * What a command came to. `refused` is a decision (kept under its key); `notFound`, `forbidden` and `tooManyOpen` are not
 * decisions and keep nothing.
 */
export type Outcome =
  | KeptAnswer
  | PlanPreview
  | TopUpPreview
  | MethodAnswer
  | PlanPaidAnswer
  | RenewedAnswer
  | SettledAnswer
  | RefundAnswer
  | DisputedAnswer
  | RefundPreviewAnswer
  | BudgetRemoved
  | WorkAssessed
  | AccountAnswer
  | LevelsAnswer
  | NotFound
  | Forbidden
  | TooManyOpen;
