import type { CreditType } from '../../catalog/catalog.js';
import type { LateClaims } from './refundable.js';
import type { ReservationState } from './state.js';

/** How long after its hold expired a commit still lands, ms. Source: docs/domain.md, Quote, reserve, commit */
export const LATE_COMMIT_MS = 24 * 3_600_000;

/** A hold that expired lately, and what a late commit may still claim of it. */
export interface LateHold {
  readonly creditType: CreditType;
  readonly credits: number;
  readonly expiredAt: number;
}

/** Those of an account's reservations whose work may still land. */
export function lateHoldsAmong(reservations: Iterable<ReservationState>, now: number): LateHold[] {
  const late: LateHold[] = [];
  for (const { status, creditType, heldAtExpiry, expiresAt } of reservations)
    if (status === 'EXPIRED' && heldAtExpiry !== null && heldAtExpiry > 0 && now <= expiresAt + LATE_COMMIT_MS)
      late.push({ creditType, credits: heldAtExpiry, expiredAt: expiresAt });
  return late;
}

/** What late commits may still claim of a credit type, and whether that prolongs a refund window that ends at `until`. */
export function lateClaims(holds: readonly LateHold[], creditType: CreditType, until: number | null): LateClaims {
  let credits = 0;
  let prolongsTo: number | null = null;
  for (const hold of holds) {
    if (hold.creditType !== creditType) continue;
    credits += hold.credits;
    const ends = hold.expiredAt + LATE_COMMIT_MS;
    if (until !== null && hold.expiredAt < until && ends > until) prolongsTo = Math.max(prolongsTo ?? 0, ends);
  }
  return { credits, prolongsTo };
}
