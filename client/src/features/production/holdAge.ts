import type { ReservationFieldsFragment } from '../../gql/operations.js';
import { workMsOf } from './generation.js';

type Hold = Pick<ReservationFieldsFragment, 'id' | 'createdAt'> & {
  lines: readonly { quantity: number; operation: { size: string | null } }[];
};

/** Beyond three times the usual length: time for a slow link and a restarted server. */
const graceMs = 15_000;

/** How long a hold is left to the window that works on it, before another may give it back. */
export function patienceMsOf(hold: Pick<Hold, 'lines'>): number {
  const usualMs = hold.lines.reduce((sum, line) => sum + line.quantity * workMsOf(line.operation), 0);
  return graceMs + 3 * usualMs;
}

/** When this page first saw each hold, on its own clock; kept over walks between the rooms. */
const firstSeenAt = new Map<string, number>();

/** @param at  of `performance.now()`; the first call for a hold decides */
export function seenSince(id: string, at: number): number {
  const known = firstSeenAt.get(id) ?? at;
  firstSeenAt.set(id, known);
  return known;
}

/**
 * How much longer a hold counts as work in progress, ms; 0 when it is taken to be left behind.
 *
 * A test clock may stand still, so the age is the longer one of two: on the account's clock, and since this page saw it.
 *
 * @param now  on the account's clock, ms; null while unknown
 * @param seenForMs  since this page first saw it
 */
export function inProgressMs(hold: Hold, now: number | null, seenForMs: number): number {
  const ageMs = now === null ? 0 : now - Date.parse(hold.createdAt);
  return Math.max(0, patienceMsOf(hold) - Math.max(ageMs, seenForMs));
}
