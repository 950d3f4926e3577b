import type { Plan } from '../../catalog/catalog.js';
import type { Draw, GrantSource, GrantState } from './state.js';

const PRIORITY: Readonly<Record<GrantSource, number>> = {
  ALLOWANCE: 10,
  UPGRADE: 10,
  ROLLOVER: 10,
  PROMOTION: 20,
  ADJUSTMENT: 20,
  BONUS: 30,
  PURCHASE: 30,
};

/** Lower burns first. Source: docs/domain.md, Grants and burn order */
export function priorityOf(source: GrantSource): number {
  return PRIORITY[source];
}

/**
 * Where a grant's free credits show in a balance. What an operator gives is promotional, a bonus too; the bonus of a purchase is
 * purchased. Bought credits wait while the plan may not buy, and whatever is not yet paid waits.
 *
 * Source: docs/domain.md, Grants and burn order
 */
export function shelfOf(
  grant: Pick<GrantState, 'source' | 'purchaseId' | 'waits'>,
  plan: Plan,
): 'allowanceLeft' | 'promotional' | 'purchased' | 'waiting' {
  if (grant.waits) return 'waiting';
  switch (grant.source) {
    case 'ALLOWANCE':
    case 'UPGRADE':
    case 'ROLLOVER':
      return 'allowanceLeft';
    case 'PROMOTION':
    case 'ADJUSTMENT':
      return 'promotional';
    case 'BONUS':
      if (grant.purchaseId === null) return 'promotional';
      return plan.canPurchase ? 'purchased' : 'waiting';
    case 'PURCHASE':
      return plan.canPurchase ? 'purchased' : 'waiting';
  }
}

function compareExpiry(a: number | null, b: number | null): number {
  return (a ?? Infinity) === (b ?? Infinity) ? 0 : (a ?? Infinity) - (b ?? Infinity);
}

/**
 * The total order in which grants are drawn: priority, expiry (never = last), free before paid, effectiveAt, createdAt, id.
 *
 * Source: docs/domain.md, Grants and burn order
 */
export function compareBurnOrder(a: GrantState, b: GrantState): number {
  return (
    a.priority - b.priority ||
    compareExpiry(a.expiresAt, b.expiresAt) ||
    Number(a.source === 'PURCHASE') - Number(b.source === 'PURCHASE') ||
    a.effectiveAt - b.effectiveAt ||
    a.createdAt - b.createdAt ||
    (a.id < b.id ? -1 : Number(a.id > b.id))
  );
}

/** Whether a grant can pay at an instant: it has something free, has begun, has not ended, and the plan lets it. */
export function isUsable(grant: GrantState, plan: Plan, now: number): boolean {
  return (
    grant.available > 0 &&
    grant.effectiveAt <= now &&
    (grant.expiresAt === null || now < grant.expiresAt) &&
    shelfOf(grant, plan) !== 'waiting'
  );
}

/**
 * What a reservation holds of its draws, in the order in which it is committed: soonest-expiring grant first, among equals in burn
 * order. Released in the opposite order: the latest-expiring part, paid before free.
 *
 * @param grantOf  the grant of a draw that still holds something
 * Source: docs/domain.md, Quote, reserve, commit
 */
export function commitOrder(draws: readonly Draw[], grantOf: (grantId: string) => GrantState): readonly Draw[] {
  if (draws.length < 2) return draws;
  return draws
    .filter(({ held }) => held > 0)
    .sort(
      (a, b) => compareExpiry(a.expiresAt, b.expiresAt) || compareBurnOrder(grantOf(a.grantId), grantOf(b.grantId)),
    );
}
