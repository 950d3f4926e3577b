import { LRUCache } from 'lru-cache';
import { Temporal } from 'temporal-polyfill';

/** A half-open span of time, epoch milliseconds. */
export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

/** One billing cycle `[start, end)`; its end is the reset date. */
export interface Period extends TimeRange {
  readonly number: number;
}

/** The mean length of a month, to guess a period number before it is found exactly. */
const MEAN_MONTH_MS = 2_629_746_000;
const DAY_MS = 86_400_000;
const DAYS_CACHED_MAX = 400;
const ZONES_CACHED_MAX = 1024;

/**
 * The instant `months` after an anchor: a boundary between two periods.
 *
 * Computed from the original anchor, never from the previous boundary, so that 31 Jan gives 28 Feb and then 31 Mar.
 *
 * @param anchor  start of the first period, epoch milliseconds
 * @param months  months since the anchor; 0 is the anchor itself
 * @param timeZone  IANA name; the day is clamped to the month's length in this zone
 * @returns epoch milliseconds; a local time that a clock change skips moves forward by the gap, a doubled one takes the first
 * @throws RangeError for an unknown zone
 * Source: docs/domain.md, Periods and resets
 */
export function boundary(anchor: number, months: number, timeZone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(anchor).toZonedDateTimeISO(timeZone).add({ months }).epochMilliseconds;
}

/**
 * The period that contains an instant.
 *
 * @param anchor  start of period `anchorPeriod`, epoch milliseconds
 * @param anchorPeriod  the number that the period starting at the anchor has
 * @param at  epoch milliseconds, at or after the anchor
 * @throws RangeError for an instant before the anchor or an unknown zone
 * Source: docs/domain.md, Periods and resets
 */
export function periodAt(anchor: number, anchorPeriod: number, at: number, timeZone: string): Period {
  if (!(at >= anchor)) throw new RangeError('an account has no period before its anchor');
  const zoned = Temporal.Instant.fromEpochMilliseconds(anchor).toZonedDateTimeISO(timeZone);
  const boundaryAt = (months: number): number => zoned.add({ months }).epochMilliseconds;
  let months = Math.floor((at - anchor) / MEAN_MONTH_MS);
  let start = boundaryAt(months);
  while (start > at) {
    months -= 1;
    start = boundaryAt(months);
  }
  let end = boundaryAt(months + 1);
  while (end <= at) {
    months += 1;
    start = end;
    end = boundaryAt(months + 1);
  }
  return { number: anchorPeriod + months, start, end };
}

/**
 * A time zone by its IANA name, in the spelling of the time zone database: `europe/berlin` is `Europe/Berlin`.
 *
 * What only the system's ICU knows (`IST`, `SystemV/AST4`) is none: the calendar here cannot compute with it. Links keep their own name,
 * since which of two names is the main one changes from release to release.
 *
 * @returns null for anything else, an offset such as `+01:00` included
 */
export function canonicalTimeZone(name: string): string | null {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(name) || /^systemv\//i.test(name)) return null;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

interface Day extends TimeRange {
  readonly day: string;
}

interface ZoneDays {
  last: Day;
  readonly byUtcDay: LRUCache<number, Day[]>;
}

const zones = new LRUCache<string, ZoneDays>({ max: ZONES_CACHED_MAX });
const NO_DAY: Day = { day: '', start: Infinity, end: -Infinity };

/**
 * The calendar day of an instant in a zone, `YYYY-MM-DD`.
 *
 * Days are half-open and leave no gap: a day lasts from its first midnight (or the first instant after a skipped one) to the
 * next day's, also where clocks go back across midnight. The usual call, on the day asked for last, costs two comparisons.
 *
 * @param at  epoch milliseconds
 * @throws RangeError for an unknown zone
 * Source: docs/domain.md, Usage
 */
export function dayAt(at: number, timeZone: string): string {
  const zone = zones.get(timeZone);
  if (zone !== undefined && at >= zone.last.start && at < zone.last.end) return zone.last.day;
  return findDay(at, timeZone).day;
}

function findDay(at: number, timeZone: string): Day {
  const utcDay = Math.floor(at / DAY_MS);
  const zone = zones.get(timeZone);
  let found = zone?.byUtcDay.get(utcDay)?.find((day) => at >= day.start && at < day.end);
  found ??= computeDay(at, timeZone);
  remember(timeZone, utcDay, found);
  return found;
}

function remember(timeZone: string, utcDay: number, day: Day): void {
  let zone = zones.get(timeZone);
  if (zone === undefined) {
    zone = { last: NO_DAY, byUtcDay: new LRUCache({ max: DAYS_CACHED_MAX }) };
    zones.set(timeZone, zone);
  }
  zone.last = day;
  const known = zone.byUtcDay.get(utcDay);
  if (known === undefined) {
    zone.byUtcDay.set(utcDay, [day]);
  } else if (!known.includes(day)) {
    known.push(day);
  }
}

function computeDay(at: number, timeZone: string): Day {
  let date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
  let start = startOf(date, timeZone);
  let next = date.add({ days: 1 });
  let end = startOf(next, timeZone);
  while (end <= at) {
    date = next;
    start = end;
    next = date.add({ days: 1 });
    end = startOf(next, timeZone);
  }
  return { day: date.toString(), start, end };
}

function startOf(date: Temporal.PlainDate, timeZone: string): number {
  return date.toZonedDateTime(timeZone).epochMilliseconds;
}

/**
 * From a calendar day's first instant to the next day's, `[start, end)`; empty for a day that the zone skipped.
 *
 * @param day  `YYYY-MM-DD`
 * @throws RangeError for a day that no calendar has or an unknown zone
 */
export function dayRange(day: string, timeZone: string): TimeRange {
  const last = zones.get(timeZone)?.last;
  if (last !== undefined && last.day === day) return { start: last.start, end: last.end };
  const date = dateOf(day);
  return { start: startOf(date, timeZone), end: startOf(date.add({ days: 1 }), timeZone) };
}

/**
 * The week, from Monday, that a calendar day is in, `[start, end)`.
 *
 * @param day  `YYYY-MM-DD`
 * @throws RangeError for a day that no calendar has or an unknown zone
 */
export function weekRange(day: string, timeZone: string): TimeRange {
  const date = dateOf(day);
  const monday = date.subtract({ days: date.dayOfWeek - 1 });
  return { start: startOf(monday, timeZone), end: startOf(monday.add({ days: 7 }), timeZone) };
}

function dateOf(day: string): Temporal.PlainDate {
  const date = Temporal.PlainDate.from(day);
  if (date.toString() !== day) throw new RangeError(`${day} is not a day as YYYY-MM-DD`);
  return date;
}
