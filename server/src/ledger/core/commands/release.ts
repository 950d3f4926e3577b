import { byHolder, type HoldAnswer } from './by-holder.js';
import { changedReservation } from '../changed-state.js';
import type { CommandBase, CommandKind, Keyed } from '../command.js';
import { type Decided, receipt, refuseClosed } from '../decision.js';
import { GroupDraft } from '../group-draft.js';
import { releaseHeld } from '../release-held.js';
import type { DecisionContext } from '../rules.js';
import type { LoadedAccount, ReservationState } from '../state.js';

/** Gives everything back that a reservation holds. */
export interface ReleaseCommand extends CommandBase {
  readonly type: 'release';
  readonly keyed: Keyed;
  readonly reservationId: string;
}

/**
 * Gives everything back that an open reservation holds, and closes it as RELEASED with the outcome CANCELED.
 *
 * What came from a grant that has ended meanwhile goes on to `expired`, in the same group.
 *
 * @returns the reservation; or a refusal: ReservationClosed
 * Source: docs/domain.md, Quote, reserve, commit
 */
function decideRelease(
  account: LoadedAccount,
  reservation: ReservationState,
  command: ReleaseCommand,
  context: DecisionContext,
): Decided<HoldAnswer> {
  if (reservation.status !== 'HELD') return refuseClosed(reservation, 'release');
  const draft = new GroupDraft(account, context);
  const released = releaseHeld(draft, reservation, context.now);
  draft.put(
    'reservations',
    changedReservation(released, {
      status: 'RELEASED',
      outcome: 'CANCELED',
      version: draft.version,
      closedAt: context.now,
    }),
  );
  return receipt(draft.close('release', command.actor.name, reservation.id), reservation.id);
}

export const RELEASE: CommandKind<ReleaseCommand, HoldAnswer> = {
  decide: byHolder(decideRelease),
  cause: 'release',
  reservationOf: ({ reservationId }) => reservationId,
};
