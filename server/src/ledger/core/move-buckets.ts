import type { GrantDraft, Mutable } from './changed-state.js';
import { PATHS } from './paths.js';
import type { shelfOf } from './burn-order.js';
import type { CreditState, EntryKind } from './state.js';

/**
 * Moves an amount of a grant from bucket to bucket, and in the account's credits of its type with it.
 *
 * @returns false when a bucket would fall below zero: whoever asked is then not to go on
 */
export function moveBuckets(
  kind: EntryKind,
  amount: number,
  grant: GrantDraft,
  credits: Mutable<CreditState>,
  shelf: ReturnType<typeof shelfOf>,
): boolean {
  const [from, to] = PATHS[kind];
  if (from === null) {
    grant.granted += amount;
    credits.granted += amount;
  } else {
    grant[from] -= amount;
    credits[from] -= amount;
    if (grant[from] < 0 || credits[from] < 0) return false;
  }
  grant[to] += amount;
  credits[to] += amount;
  if (from === 'available') credits[shelf] -= amount;
  if (to === 'available') credits[shelf] += amount;
  if (kind === 'COMMIT') credits.used += amount;
  return true;
}
