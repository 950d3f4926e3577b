import type { BudgetState, CounterState } from './budget.js';
import type { Told } from './crossed-levels.js';

const NOTHING = 0;
const LOW = 1;
const EXHAUSTED = 2;

/** How much of a budget is used: most from 80 % on, all from 100 %; exact for every whole number. */
function levelAt(used: number, limit: number): number {
  if (used === 0) return NOTHING;
  if (used >= limit) return EXHAUSTED;
  return used >= limit - Math.floor(limit / 5) ? LOW : NOTHING;
}

/** Below 70 %. */
function isClear(used: number, limit: number): boolean {
  const threeTenths = 3 * Math.floor(limit / 10) + Math.floor((3 * (limit % 10)) / 10);
  return used < limit - threeTenths;
}

/** What it had warned of before: by a limit that was changed since, it begins at what was used then, without an event. */
function warnedBefore({ limit: judgedBy, warned, consumed, held }: CounterState, limit: number): number {
  return judgedBy === limit ? warned : levelAt(consumed + held, limit);
}

/**
 * What a counter has warned of once so much is used: more when more is used, nothing again below 70 %.
 *
 * Source: docs/domain.md, Thresholds, events, notifications
 */
export function warnedAfter(before: CounterState, used: number, limit: number): number {
  const warned = warnedBefore(before, limit);
  if (used > before.consumed + before.held) return Math.max(warned, levelAt(used, limit));
  return isClear(used, limit) ? NOTHING : warned;
}

/** What is to be told of a counter that moved: once a window and level; null: nothing. */
export function budgetWarning(before: CounterState, after: CounterState, budget: BudgetState): Told | null {
  if (after.warned <= warnedBefore(before, budget.limit)) return null;
  return {
    type: after.warned === EXHAUSTED ? 'BUDGET_EXHAUSTED' : 'BUDGET_LOW',
    creditType: budget.creditType,
    facts: { budgetId: budget.id, budgetName: budget.name },
  };
}
