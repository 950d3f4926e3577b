import { compareAge } from './advance.js';
import { type Needing, needs } from './decision.js';
import { LATE_COMMIT_MS } from './late-commit.js';
import type { PurchaseState } from './purchase.js';
import type { GrantState, LoadedAccount } from './state.js';

/** The grants of a purchase, the oldest first: all of them, when nothing is missing for it. */
export function grantsOf(account: LoadedAccount, { id }: Pick<PurchaseState, 'id'>): GrantState[] {
  return [...account.grants.values()].filter(({ purchaseId }) => purchaseId === id).sort(compareAge);
}

/**
 * What has to be loaded before a paid purchase can be refunded or disputed: all its grants, and the expired holds whose work may still
 * land. Null: nothing.
 */
export function missingFor(account: LoadedAccount, { id }: Pick<PurchaseState, 'id'>, now: number): Needing | null {
  if (account.purchasesLoaded?.has(id)) return null;
  return needs({ purchase: { id, holdsSince: now - LATE_COMMIT_MS } });
}
