import { LRUCache } from 'lru-cache';
import { dayAt, dayRange, type TimeRange, weekRange } from '../../accounts/periods.js';
import type { BudgetWindow } from './budget.js';
import type { Period } from './state.js';

const HOUR_MS = 3_600_000;
const ZONES_MAX = 1_024;

/** The week that was last asked for in each zone: the usual call is for it. */
const weeks = new LRUCache<string, TimeRange>({ max: ZONES_MAX });

function weekAt(at: number, timeZone: string): TimeRange {
  const known = weeks.get(timeZone);
  if (known !== undefined && at >= known.start && at < known.end) return known;
  const week = weekRange(dayAt(at, timeZone), timeZone);
  weeks.set(timeZone, week);
  return week;
}

/** Hours are counted from the day's first instant, so that they leave no gap where clocks change; the last may then be shorter. */
function hourAt(at: number, day: TimeRange): TimeRange {
  const start = day.start + Math.floor((at - day.start) / HOUR_MS) * HOUR_MS;
  return { start, end: Math.min(start + HOUR_MS, day.end) };
}

/**
 * The window of a budget that contains an instant, `[start, end)` in the account's zone: from the hour, the day, Monday, the period's start.
 *
 * @param head  the account as it is at that instant
 * @returns the end is Infinity for a lifetime, whose start is 0
 * Source: docs/domain.md, Budgets
 */
export function windowAt(
  window: BudgetWindow,
  at: number,
  { timeZone, period }: { readonly timeZone: string; readonly period: Period },
): TimeRange {
  switch (window) {
    case 'HOUR':
      return hourAt(at, dayRange(dayAt(at, timeZone), timeZone));
    case 'DAY':
      return dayRange(dayAt(at, timeZone), timeZone);
    case 'WEEK':
      return weekAt(at, timeZone);
    case 'PERIOD':
      return period;
    case 'LIFETIME':
      return { start: 0, end: Infinity };
  }
}
