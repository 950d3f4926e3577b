import { byHolder, type HoldAnswer } from './by-holder.js';
import { changedReservation } from '../changed-state.js';
import type { CommandBase, CommandKind, Keyed } from '../command.js';
import { type Decided, receipt, refuseAmount, refuseClosed } from '../decision.js';
import { GroupDraft } from '../group-draft.js';
import type { DecisionContext } from '../rules.js';
import type { LoadedAccount, ReservationState } from '../state.js';

/** Keeps a hold open for longer. */
export interface ExtendCommand extends CommandBase {
  readonly type: 'extend';
  readonly keyed: Keyed;
  readonly reservationId: string;
  readonly ttlSeconds: number;
}

/** No hold outlives this, counted from its opening. */
const HOLD_LIFE_MAX_MS = 7 * 86_400_000;
/** The longest that one call holds. */
const TTL_SECONDS_MAX = 86_400;

/**
 * Sets the end of an open hold to now plus the TTL. A hold is never shortened, and none outlives 7 days from its opening.
 *
 * @returns the reservation with its new end; or a refusal: ReservationClosed, or InvalidAmount naming `ttlSeconds` with the least and the most seconds
 * that are possible
 * Source: docs/domain.md, Quote, reserve, commit
 */
function decideExtend(
  account: LoadedAccount,
  reservation: ReservationState,
  command: ExtendCommand,
  context: DecisionContext,
): Decided<HoldAnswer> {
  if (reservation.status !== 'HELD') return refuseClosed(reservation, 'extend');
  const expiresAt = context.now + command.ttlSeconds * 1000;
  const last = reservation.createdAt + HOLD_LIFE_MAX_MS;
  const range = {
    min: Math.ceil((reservation.expiresAt - context.now) / 1000),
    max: Math.min(TTL_SECONDS_MAX, Math.floor((last - context.now) / 1000)),
  };
  if (expiresAt < reservation.expiresAt)
    return refuseAmount('ttlSeconds', 'A hold is never shortened: it ends later than that already.', range);
  if (expiresAt > last) return refuseAmount('ttlSeconds', 'No hold outlives 7 days from its opening.', range);
  const draft = new GroupDraft(account, context);
  draft.put('reservations', changedReservation(reservation, { expiresAt, version: draft.version }));
  return receipt(draft.close('extend', command.actor.name, reservation.id), reservation.id);
}

export const EXTEND: CommandKind<ExtendCommand, HoldAnswer> = {
  decide: byHolder(decideExtend),
  cause: 'extend',
  reservationOf: ({ reservationId }) => reservationId,
};
