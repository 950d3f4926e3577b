import { addDays, daysBetween, localDate } from '../../ui/time.js';
import type { UsageChosen } from './search.js';

/** A billing period by its days in the account's zone; the day on which one ends and the next begins is in both. */
export type PeriodDays = { number: number; from: string; to: string };

/** Which days are shown, and which ones they are compared with. */
export type Span = {
  from: string;
  /** Inclusive; not after today. */
  to: string;
  /** The last day of the chart: a period that goes on has days to come. */
  until: string;
  before: { from: string; to: string };
  /** The last day of the whole span before, which may be compared with days to come. */
  beforeUntil: string;
};

type Instants = { number: number; start: string; end: string };

/** Periods as days of a zone, newest first. */
export function periodDays(periods: readonly Instants[], timeZone: string): PeriodDays[] {
  return periods.map(({ number, start, end }) => ({
    number,
    from: localDate(Date.parse(start), timeZone),
    // The instant of the reset belongs to the next one.
    to: localDate(Date.parse(end) - 1, timeZone),
  }));
}

const earlier = (first: string, second: string): string => (first < second ? first : second);

/** As many days, just before. */
function justBefore(from: string, to: string): Pick<Span, 'before' | 'beforeUntil'> {
  const before = { from: addDays(from, -1 - daysBetween(from, to)), to: addDays(from, -1) };
  return { before, beforeUntil: before.to };
}

/**
 * The days of a chosen span.
 *
 * A period is compared with the one before, by the same day of it; other days with as many just before. The most that a
 * report takes is 1,098 days: a longer span ends with the last of them.
 *
 * @param periods  newest first; the first is the present one
 * @param today  in the account's zone
 */
export function spanOf(
  { span, from, to }: Pick<UsageChosen, 'span' | 'from' | 'to'>,
  periods: readonly PeriodDays[],
  today: string,
): Span {
  const shown = periods[span === 'last' ? 1 : 0];
  if ((span === 'this' || span === 'last') && shown !== undefined) {
    const previous = periods[span === 'last' ? 2 : 1];
    const last = earlier(shown.to, today);
    const days = { from: shown.from, to: last, until: shown.to };
    if (previous === undefined) return { ...days, ...justBefore(shown.from, last) };
    const sameDay = earlier(addDays(previous.from, daysBetween(shown.from, last)), previous.to);
    const isOver = last === shown.to;
    return {
      ...days,
      before: { from: previous.from, to: isOver ? previous.to : sameDay },
      beforeUntil: previous.to,
    };
  }
  if (span === 'custom') {
    const last = earlier(to ?? today, today);
    const first = earlier(from ?? addDays(last, -29), last);
    const start = daysBetween(first, last) > 1_097 ? addDays(last, -1_097) : first;
    return { from: start, to: last, until: last, ...justBefore(start, last) };
  }
  const start = addDays(today, span === '90' ? -89 : -29);
  return { from: start, to: today, until: today, ...justBefore(start, today) };
}
