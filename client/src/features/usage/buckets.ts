import { addDays, daysBetween } from '../../ui/time.js';
import type { UsageFieldsFragment } from '../../gql/operations.js';
import type { Dimension, Unit } from './search.js';
import type { PeriodDays, Span } from './span.js';

type Row = UsageFieldsFragment['rows'][number];

/** What a row of a report is of, in a dimension; the empty text where it is of none. */
export const keyOf = (row: Row, by: Dimension): string => row[by] ?? '';

/** One of the things that credits are told apart by, with what it came to. */
export type Series = { key: string; credits: number; operations: number };

/** A sum of days: what one bar and one row of the table tell. */
export type Bucket = {
  from: string;
  to: string;
  /** By the key of a series. */
  credits: ReadonlyMap<string, number>;
  total: number;
  operations: number;
  /** What the days before had at the same place; null where they have none. */
  before: number | null;
  /** Whether its last day has not begun. */
  isToCome: boolean;
  isOpen: boolean;
};

/** What the types are stacked by, from the axis up; the order never changes. */
const typeOrder = ['IMAGE', 'AUDIO', 'VIDEO', 'REGENERATION', 'DEEP_SCAN', 'SCAN', 'TEXT', 'UPLOAD'];

/** What there is, the most first; types in their own order. */
export function seriesOf(rows: readonly Row[], by: Dimension): Series[] {
  const found = new Map<string, Series>();
  for (const row of rows) {
    const key = keyOf(row, by);
    const series = found.get(key) ?? { key, credits: 0, operations: 0 };
    series.credits += row.credits;
    series.operations += row.operations;
    found.set(key, series);
  }
  const place = ({ key }: Series): number => (by === 'type' ? typeOrder.indexOf(key) : 0);
  return [...found.values()].toSorted(
    (a, b) => place(a) - place(b) || b.credits - a.credits || b.operations - a.operations || (a.key < b.key ? -1 : 1),
  );
}

/** Where the sums begin: each day, each Monday, or each period; the first day in any case. */
function startsOf(unit: Unit, { from, until }: Span, periods: readonly PeriodDays[]): string[] {
  const days = Array.from({ length: daysBetween(from, until) + 1 }, (_, index) => addDays(from, index));
  if (unit === 'day' || unit === 'cumulative') return days;
  const begins =
    unit === 'week'
      ? (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay() === 1
      : (day: string) => periods.some((period) => period.from === day);
  return days.filter((day, index) => index === 0 || begins(day));
}

/**
 * The sums of a report, in order, without gaps; what was not spent is 0. The sum of all totals is the report's, unless they
 * are cumulative: each then holds all days before it too.
 *
 * @param only  counts one series alone; null: all
 */
export function bucketsOf(
  { span, unit, by, only, today }: { span: Span; unit: Unit; by: Dimension; only: string | null; today: string },
  periods: readonly PeriodDays[],
  report: { rows: readonly Row[]; before: readonly Row[] },
): Bucket[] {
  const counts = (row: Row): boolean => only === null || keyOf(row, by) === only;
  const rows = byDay(report.rows.filter(counts));
  const before = byDay(report.before.filter(counts));
  const starts = startsOf(unit, span, periods);
  const buckets = starts.map((from, index): Bucket => {
    const next = starts[index + 1];
    const to = next === undefined ? span.until : addDays(next, -1);
    const credits = new Map<string, number>();
    let [total, operations]: [number, number] = [0, 0];
    for (const row of daysOf(from, to).flatMap((day) => rows.get(day) ?? [])) {
      const key = keyOf(row, by);
      credits.set(key, (credits.get(key) ?? 0) + row.credits);
      total += row.credits;
      operations += row.operations;
    }
    const isToCome = from > today;
    const isOpen = !isToCome && to >= today;
    return { from, to, credits, total, operations, before: beforeOf(before, span, from, to), isToCome, isOpen };
  });
  return unit === 'cumulative' ? summedUp(buckets) : buckets;
}

function byDay(rows: readonly Row[]): Map<string, Row[]> {
  const days = new Map<string, Row[]>();
  for (const row of rows) {
    const day = days.get(row.day ?? '');
    if (day === undefined) days.set(row.day ?? '', [row]);
    else day.push(row);
  }
  return days;
}

const daysOf = (from: string, to: string): string[] =>
  Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, index) => addDays(from, index));

/** What the span before had at the same distance from its first day; null where it was over. */
function beforeOf(
  rows: ReadonlyMap<string, readonly Row[]>,
  { from: first, before, beforeUntil }: Span,
  from: string,
  to: string,
): number | null {
  const start = addDays(before.from, daysBetween(first, from));
  if (start > beforeUntil) return null;
  const days = daysOf(start, addDays(start, daysBetween(from, to))).filter((day) => day <= beforeUntil);
  return days.flatMap((day) => rows.get(day) ?? []).reduce((sum, { credits }) => sum + credits, 0);
}

function summedUp(buckets: readonly Bucket[]): Bucket[] {
  const credits = new Map<string, number>();
  let [total, operations, before]: [number, number, number] = [0, 0, 0];
  return buckets.map((bucket) => {
    for (const [key, value] of bucket.credits) credits.set(key, (credits.get(key) ?? 0) + value);
    total += bucket.total;
    operations += bucket.operations;
    before += bucket.before ?? 0;
    if (bucket.isToCome) return { ...bucket, before: bucket.before === null ? null : before };
    return {
      ...bucket,
      credits: new Map(credits),
      total,
      operations,
      before: bucket.before === null ? null : before,
    };
  });
}
