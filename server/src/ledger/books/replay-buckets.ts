import type { Mutable } from '../core/changed-state.js';
import { PATHS } from '../core/paths.js';
import type { Buckets, EntryKind } from '../core/state.js';

export type MutableBuckets = Mutable<Buckets>;

export const BUCKETS = ['granted', 'available', 'held', 'spent', 'expired', 'refunded', 'revoked'] as const;

export function emptyBuckets(): MutableBuckets {
  return { granted: 0, available: 0, held: 0, spent: 0, expired: 0, refunded: 0, revoked: 0 };
}

/** Moves an amount between buckets as its kind says. */
export function apply(kind: EntryKind, amount: number, buckets: MutableBuckets): void {
  const [from, to] = PATHS[kind];
  if (from === null) buckets.granted += amount;
  else buckets[from] -= amount;
  buckets[to] += amount;
}
