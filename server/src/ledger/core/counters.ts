import { type BudgetState, type CounterRef, type CounterState, EVERYBODY, type TallyState } from './budget.js';

/** The tally of a member, or of everybody; null: there is none. */
export function tallyOf(tallies: ReadonlyMap<string, TallyState>, member: string): TallyState | null {
  for (const tally of tallies.values()) if (tally.member === member) return tally;
  return null;
}

/** A budget's counter of one window; null: nothing counts in it so far. */
export function counterOf(tally: TallyState | null, budget: number, start: number): CounterState | null {
  if (tally === null) return null;
  for (const counter of tally.counters) if (counter.budget === budget && counter.start === start) return counter;
  return null;
}

/** Whose tally a counter lies in. */
export function memberOf({ eachMember }: BudgetState, { shared }: Pick<CounterRef, 'shared'>, member: string): string {
  return eachMember && !shared ? member : EVERYBODY;
}
