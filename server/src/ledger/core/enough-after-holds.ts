import type { Plan } from '../../catalog/catalog.js';
import { isUsable, shelfOf } from './burn-order.js';
import type { GrantState, ReservationState } from './state.js';

/** Credits that can be used until an instant, epoch ms. */
interface Free {
  readonly credits: number;
  readonly until: number;
}

/**
 * When open holds that end on their own will have freed enough; null when they will not.
 *
 * Counts what is free then: credits whose grant has ended by that instant are gone, whether a hold gave them back or nobody held
 * them. Allowances to come are not counted, `nextResetAt` tells of those.
 *
 * @param grants  of the credit type
 * @param holds  of the credit type, soonest to end first
 * @param needed  what the work costs in all
 * Source: docs/domain.md, Saying no
 */
export function enoughAfterHoldsAt(
  grants: Iterable<GrantState>,
  holds: readonly ReservationState[],
  needed: number,
  plan: Plan,
  now: number,
): number | null {
  const free: Free[] = [];
  const byId = new Map<string, GrantState>();
  for (const grant of grants) {
    byId.set(grant.id, grant);
    if (isUsable(grant, plan, now)) free.push({ credits: grant.available, until: grant.expiresAt ?? Infinity });
  }
  for (const [index, hold] of holds.entries()) {
    for (const draw of hold.draws)
      if (draw.held > 0 && comesBack(byId.get(draw.grantId), plan))
        free.push({ credits: draw.held, until: draw.expiresAt ?? Infinity });
    // Holds that end at one instant free their credits together.
    if (holds[index + 1]?.expiresAt === hold.expiresAt) continue;
    if (freeAt(free, hold.expiresAt) >= needed) return hold.expiresAt;
  }
  return null;
}

/** Whether credits that a hold gives back to a grant can be used at that instant. */
function comesBack(grant: GrantState | undefined, plan: Plan): boolean {
  return grant !== undefined && !grant.recalled && shelfOf(grant, plan) !== 'waiting';
}

function freeAt(free: readonly Free[], at: number): number {
  return free.reduce((sum, { credits, until }) => (until > at ? sum + credits : sum), 0);
}
