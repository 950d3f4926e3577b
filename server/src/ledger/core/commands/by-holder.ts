import type { Actor, CommandBase } from '../command.js';
import { missingTallies } from '../missing-tallies.js';
import { answer, type Decision } from '../decision.js';
import type { Forbidden, NotFound, Refused, ReservationAnswer } from '../outcome.js';
import type { DecisionContext } from '../rules.js';
import type { LoadedAccount, ReservationState } from '../state.js';

/** What a command about a hold is answered with. */
export type HoldAnswer = ReservationAnswer | Refused | NotFound | Forbidden;

interface HoldCommandBase extends CommandBase {
  readonly reservationId: string;
}

/** Whether the actor may close a hold: who opened it, a service or an operator. */
export function isHolder(
  { closesAny, name, holder }: Pick<Actor, 'closesAny' | 'name' | 'holder'>,
  { openedBy }: Pick<ReservationState, 'openedBy'>,
): boolean {
  return closesAny || name === openedBy || holder === openedBy;
}

/** Decides a command about a reservation that exists, for whoever may close it. Source: docs/domain.md, Quote, reserve, commit */
export function byHolder<C extends HoldCommandBase>(
  decide: (
    account: LoadedAccount,
    reservation: ReservationState,
    command: C,
    context: DecisionContext,
  ) => Decision<HoldAnswer>,
) {
  return (account: LoadedAccount, command: C, context: DecisionContext): Decision<HoldAnswer> => {
    const reservation = account.reservations.get(command.reservationId);
    if (!reservation) return answer({ kind: 'notFound' });
    if (!isHolder(command.actor, reservation)) return answer({ kind: 'forbidden' });
    const missing = account.head.budgets === 0 ? null : missingTallies(account, [reservation.member]);
    return missing ?? decide(account, reservation, command, context);
  };
}
