import { priorityOf } from './burn-order.js';
import type { GrantState } from './state.js';

/** What is said of a grant when it is made; its priority follows from its source. */
type GrantTerms = Pick<
  GrantState,
  'id' | 'creditType' | 'source' | 'effectiveAt' | 'expiresAt' | 'createdAt' | 'periodNumber' | 'reason'
> &
  Partial<Pick<GrantState, 'purchaseId' | 'waits'>>;

/** A new grant with nothing in it: a GRANT movement fills it. */
export function emptyGrant(terms: GrantTerms): GrantState {
  return {
    id: terms.id,
    creditType: terms.creditType,
    source: terms.source,
    priority: priorityOf(terms.source),
    granted: 0,
    available: 0,
    held: 0,
    spent: 0,
    expired: 0,
    refunded: 0,
    revoked: 0,
    effectiveAt: terms.effectiveAt,
    expiresAt: terms.expiresAt,
    createdAt: terms.createdAt,
    periodNumber: terms.periodNumber,
    reason: terms.reason,
    purchaseId: terms.purchaseId ?? null,
    waits: terms.waits ?? false,
    recalled: false,
  };
}
