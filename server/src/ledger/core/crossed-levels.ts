import { cheapestCost, CREDIT_TYPES, type CreditType } from '../../catalog/catalog.js';
import type { Mutable } from './changed-state.js';
import type { EventType, FactsOf } from './events.js';
import type { EventFacts } from './events/event-kind.js';
import type { DecisionContext } from './rules.js';
import type { AccountState, CreditState } from './state.js';

/** What happened, before it has its place and balance. */
export interface Told {
  readonly type: EventType;
  readonly creditType: CreditType;
  readonly facts: EventFacts;
}

/**
 * Judges the low-balance rules of the credits that a group touched, and leaves them as they then are.
 *
 * @param credits  the account's credits as they were before the group
 * @param touched  the credits that the group changed
 * @param judged  `start`: rules are judged by a new base
 * @returns what is to be told of them
 */
export function crossedLevels(
  credits: AccountState['credits'],
  touched: Partial<Record<CreditType, Mutable<CreditState>>>,
  { prices, rules }: DecisionContext,
  reservationId: string | null,
  judged: { readonly start: boolean },
): Told[] {
  const crossed: Told[] = [];
  for (const creditType of CREDIT_TYPES) {
    const before = credits[creditType];
    const after = touched[creditType];
    if (!after) continue;
    const availableBefore = before.available - before.waiting;
    const available = after.available - after.waiting;
    if (available === availableBefore && !judged.start) continue;
    const change = rules.crossLevels(
      after.levels,
      { available: availableBefore },
      { available, held: after.held },
      cheapestCost(prices, creditType),
      judged,
    );
    after.levels = change.rules;
    if (!change.event) continue;
    const { type, level, threshold } = change.event;
    crossed.push({ type, creditType, facts: { level, threshold, reservationId } satisfies FactsOf<typeof type> });
  }
  return crossed;
}
