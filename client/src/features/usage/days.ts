import { t } from '@lingui/core/macro';
import { formatCredits } from '../../ui/format.js';
import { addDays, daysBetween } from '../../ui/time.js';

export type Day = { day: string; credits: number; operations: number };

/** Every day of `[from, to]` in order, with 0 where nothing was spent; several rows of one day are summed. */
export function fillDays(
  from: string,
  to: string,
  rows: readonly { day: string | null; credits: number; operations: number }[],
): Day[] {
  const byDay = new Map<string, Day>();
  for (let index = 0; index <= daysBetween(from, to); index++) {
    const day = addDays(from, index);
    byDay.set(day, { day, credits: 0, operations: 0 });
  }
  for (const row of rows) {
    const day = row.day === null ? undefined : byDay.get(row.day);
    if (day === undefined) continue;
    day.credits += row.credits;
    day.operations += row.operations;
  }
  return [...byDay.values()];
}

/** "the same as the 30 days before (46)", "38 more than the 30 days before (46)". */
export function comparedWith(total: number, previous: number, days: number): string {
  const [span, before] = [formatCredits(days), formatCredits(previous)];
  if (total === previous) return t`the same as the ${span} days before (${before})`;
  const difference = formatCredits(Math.abs(total - previous));
  return total > previous
    ? t`${difference} more than the ${span} days before (${before})`
    : t`${difference} less than the ${span} days before (${before})`;
}

/** The day on which most was spent; null when nothing was. */
export function busiestDay(days: readonly Day[]): Day | null {
  const most = days.reduce<Day | null>((best, day) => (best === null || day.credits > best.credits ? day : best), null);
  return most === null || most.credits === 0 ? null : most;
}
