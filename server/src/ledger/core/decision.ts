import { balanceOf } from './balance.js';
import type { Group } from './group.js';
import type {
  AnsweringKind,
  BudgetRemoved,
  DisputedAnswer,
  Forbidden,
  HoldCommand,
  LevelsAnswer,
  NotFound,
  Outcome,
  RefundAnswer,
  RefundPreviewAnswer,
  Refusal,
  Refused,
  ReservationAnswer,
  RowAnswer,
  SettledAnswer,
  TooManyOpen,
  WorkAssessed,
} from './outcome.js';
import type { PlanPaidAnswer, RenewedAnswer } from './plan-answers.js';
import type { MethodAnswer } from './top-up-answers.js';
import type { CreditType } from '../../catalog/catalog.js';
import type { LoadedAccount, OwnedRows, ReservationState, RowKind } from './state.js';

/** What has to be loaded of the account before it can be decided. It is loaded under the account's lock. */
export interface Needs {
  /** Rows by their ids. */
  readonly rows?: Readonly<Partial<Record<RowKind, readonly string[]>>>;
  /** Every open hold that has credits on it. */
  readonly creditHolds?: boolean;
  /** The projects to which usage of a day is booked, `YYYY-MM-DD` in the account's zone. */
  readonly projectsOf?: string;
  /** Tallies of members, or of everybody, by member. */
  readonly tallies?: readonly string[];
  /** The commits of the account from a version on, with the reservations that they were of: the last ten thousand of them. */
  readonly commitsSince?: number;
  /** All grants of a purchase, and the holds of the account that expired since an instant, epoch ms, with credits on them. */
  readonly purchase?: { readonly id: string; readonly holdsSince: number };
}

/** It is decided: the entry group to write, if any, and the answer. */
export interface Decided<O extends Outcome = Outcome> {
  readonly kind: 'decided';
  readonly group: Group | null;
  readonly outcome: O;
  /** Whether the answer is kept under the command's key; what is not a decision (not found, forbidden) is not. */
  readonly keeps: boolean;
  /** The account that it creates, as it is before the group; left out: none. */
  readonly creates?: LoadedAccount;
}

/** Nothing is decided yet: the writer loads this and asks again. */
export interface Needing {
  readonly kind: 'needs';
  readonly needs: Needs;
}

/**
 * Everything that ends by an instant is closed, each thing at its own, a sandbox account's clock is put there, and the account is
 * answered as it then is.
 */
export interface Closing {
  readonly kind: 'closes';
  readonly until: number;
}

/** What a command came to. */
export type Decision<O extends Outcome = Outcome> = Decided<O> | Needing | Closing;

export function needs(wanted: Needs): Needing {
  return { kind: 'needs', needs: wanted };
}

/** Answers without deciding anything: nothing is written, nothing kept. */
export function answer<
  O extends
    | NotFound
    | BudgetRemoved
    | WorkAssessed
    | Forbidden
    | TooManyOpen
    | SettledAnswer
    | RefundAnswer
    | DisputedAnswer
    | RefundPreviewAnswer
    | PlanPaidAnswer
    | RenewedAnswer
    | LevelsAnswer
    | MethodAnswer,
>(outcome: O): Decided<O> {
  return { kind: 'decided', group: null, outcome, keeps: false };
}

export function refuse(refusal: Refusal): Decided<Refused> {
  return { kind: 'decided', group: null, outcome: { kind: 'refused', refusal, replayed: false }, keeps: true };
}

/** @param range  the least and the most that the field may be, where it is a number with bounds */
export function refuseAmount(
  field: string,
  message: string,
  range: { readonly min?: number; readonly max?: number } = {},
): Decided<Refused> {
  return refuse({ kind: 'InvalidAmount', field, message, ...range });
}

export function refuseClosed(reservation: ReservationState, asked: HoldCommand): Decided<Refused> {
  return refuse({ kind: 'ReservationClosed', asked, reservation });
}

/** A written group whose answer is a row that it made or changed, and the balance after it. */
export function rowReceipt<K extends AnsweringKind>(
  group: Group,
  of: K,
  id: string,
  creditType: CreditType,
): Decided<RowAnswer<K>> {
  const rows: ReadonlyMap<string, OwnedRows[K]> = group.rows[of];
  const row = rows.get(id) as OwnedRows[K];
  const balance = balanceOf(group.head, creditType);
  return { kind: 'decided', group, outcome: { kind: 'row', of, row, balance, replayed: false }, keeps: true };
}

/** An answer that changes nothing, since what was asked for is so already: the row as it is, kept under the key without a group. */
export function sameReceipt<K extends AnsweringKind>(
  account: LoadedAccount,
  of: K,
  id: string,
  creditType: CreditType,
): Decided<RowAnswer<K>> {
  const rows: ReadonlyMap<string, OwnedRows[AnsweringKind]> = account[of];
  const row = rows.get(id) as OwnedRows[K];
  const balance = balanceOf(account.head, creditType);
  return { kind: 'decided', group: null, outcome: { kind: 'row', of, row, balance, replayed: false }, keeps: true };
}

/** A written group whose answer is a reservation that it changed, and the balance after it. */
export function receipt(group: Group, reservationId: string): Decided<ReservationAnswer> {
  const reservation = group.rows.reservations.get(reservationId) as ReservationState;
  return {
    kind: 'decided',
    group,
    outcome: {
      kind: 'reservation',
      reservation,
      balance: balanceOf(group.head, reservation.creditType),
      replayed: false,
    },
    keeps: true,
  };
}
