import { commitOrder } from './burn-order.js';
import type { GroupDraft } from './group-draft.js';
import type { ReservationState } from './state.js';

/**
 * Gives everything that a reservation still holds back, latest-expiring grant first. What comes back to a grant that
 * has ended goes on to `expired`, never into a new allowance.
 *
 * @returns the reservation with nothing held; its status is the caller's
 * Source: docs/domain.md, Periods and resets
 */
export function releaseHeld(draft: GroupDraft, reservation: ReservationState, now: number): ReservationState {
  if (reservation.held === 0) return reservation;
  for (const draw of commitOrder(reservation.draws).reverse()) {
    if (draw.held === 0) continue;
    draft.move('RELEASE', draw.grantId, draw.held, reservation.id);
    if (draw.expiresAt !== null && draw.expiresAt <= now) draft.move('EXPIRE', draw.grantId, draw.held, reservation.id);
  }
  return {
    ...reservation,
    held: 0,
    released: reservation.released + reservation.held,
    draws: reservation.draws.map((draw) => (draw.held === 0 ? draw : { ...draw, held: 0 })),
  };
}

/**
 * Turns `amount` of what a reservation holds into spent credits, soonest-expiring grant first.
 *
 * @param amount  0 to `reservation.held`
 */
export function commitHeld(draft: GroupDraft, reservation: ReservationState, amount: number): ReservationState {
  if (amount === 0) return reservation;
  const draws = [...reservation.draws];
  let rest = amount;
  for (const draw of commitOrder(reservation.draws)) {
    const part = Math.min(rest, draw.held);
    if (part === 0) continue;
    draft.move('COMMIT', draw.grantId, part, reservation.id);
    draws[draws.indexOf(draw)] = { ...draw, held: draw.held - part };
    rest -= part;
  }
  return {
    ...reservation,
    held: reservation.held - amount,
    committed: reservation.committed + amount,
    draws,
  };
}
