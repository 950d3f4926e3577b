import type { Group } from './group-draft.js';
import type { HoldCommand, Outcome, Refusal } from './outcome.js';
import { balanceOf } from './balance.js';
import type { ReservationState } from './state.js';

/**
 * What a command came to: the entry group it writes, if any, and its answer. `keeps` says whether the answer is kept
 * under the command's key; what is not a decision (not found, forbidden) is not.
 * `needsHolds`: nothing was decided, since every hold of the account with credits on it has to be loaded first.
 */
export type Decision =
  | { readonly group: Group | null; readonly outcome: Outcome; readonly keeps: boolean }
  | 'needsHolds';

export function refuse(refusal: Refusal): Decision {
  return { group: null, outcome: { kind: 'refused', refusal, replayed: false }, keeps: true };
}

/** @param range  the least and the most that the field may be, where it is a number with bounds */
export function refuseAmount(
  field: string,
  message: string,
  range: { readonly min?: number; readonly max?: number } = {},
): Decision {
  return refuse({ kind: 'InvalidAmount', field, message, ...range });
}

export function refuseClosed(reservation: ReservationState, asked: HoldCommand): Decision {
  return refuse({ kind: 'ReservationClosed', asked, reservation });
}

/** A written group whose answer is its reservation and the balance after it. */
export function receipt(group: Group): Decision {
  const reservation = group.reservation as ReservationState;
  return {
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
