import { commitOrder } from './burn-order.js';
import { changedReservation } from './changed-state.js';
import type { GroupDraft } from './group-draft.js';
import type { Draw, ReservationState } from './state.js';

function withHeld(draw: Draw, held: number): Draw {
  return { grantId: draw.grantId, source: draw.source, credits: draw.credits, held, expiresAt: draw.expiresAt };
}

/**
 * Gives everything that a reservation still holds back: latest-expiring grant first, among equals in reverse burn order. What comes
 * back to a grant that was revoked goes on to `revoked`; to one that has ended, to `expired`, never into a new allowance.
 *
 * @returns the reservation with nothing held; its status is the caller's
 * Source: docs/domain.md, Quote, reserve, commit; Periods and resets
 */
export function releaseHeld(draft: GroupDraft, reservation: ReservationState, now: number): ReservationState {
  if (reservation.held === 0) return reservation;
  const order = commitOrder(reservation.draws, (id) => draft.grant(id));
  for (let index = order.length - 1; index >= 0; index--) {
    const draw = order[index] as Draw;
    if (draw.held === 0) continue;
    draft.move('RELEASE', draw.grantId, draw.held, reservation.id);
    if (draft.grant(draw.grantId).recalled) draft.move('REVOKE', draw.grantId, draw.held, reservation.id);
    else if (draw.expiresAt !== null && draw.expiresAt <= now)
      draft.move('EXPIRE', draw.grantId, draw.held, reservation.id);
  }
  return changedReservation(reservation, {
    held: 0,
    released: reservation.released + reservation.held,
    draws: reservation.draws.map((draw) => (draw.held === 0 ? draw : withHeld(draw, 0))),
  });
}

/**
 * Turns `amount` of what a reservation holds into spent credits, soonest-expiring grant first, among equals in burn
 * order.
 *
 * @param amount  0 to `reservation.held`
 */
export function commitHeld(draft: GroupDraft, reservation: ReservationState, amount: number): ReservationState {
  if (amount === 0) return reservation;
  const draws = [...reservation.draws];
  let rest = amount;
  for (const draw of commitOrder(reservation.draws, (id) => draft.grant(id))) {
    const part = Math.min(rest, draw.held);
    if (part === 0) continue;
    draft.move('COMMIT', draw.grantId, part, reservation.id);
    draws[draws.indexOf(draw)] = withHeld(draw, draw.held - part);
    rest -= part;
  }
  return changedReservation(reservation, {
    held: reservation.held - amount,
    committed: reservation.committed + amount,
    draws,
  });
}
