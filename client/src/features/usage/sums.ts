import { daysBetween } from '../../ui/time.js';
import { bucketsOf, keyOf, seriesOf } from './buckets.js';
import type { Bucket, Series } from './buckets.js';
import { shownOf } from './drawn.js';
import type { Shown } from './drawn.js';
import type { Unit, UsageChosen } from './search.js';
import type { PeriodDays, Span } from './span.js';
import type { UsageRead } from './useUsage.js';

/** What sentence, chart, table and file tell: all of them from these. */
export type Sums = {
  /** What a bar sums; days are weeks where there would be too many. */
  unit: Unit;
  buckets: readonly Bucket[];
  /** The days by themselves, whatever a bar sums. */
  days: readonly Bucket[];
  /** Every part that the legend names. */
  all: readonly Shown[];
  /** Those that are counted: all, or the chosen one. */
  shown: readonly Shown[];
  series: readonly Series[];
  total: number;
  operations: number;
  /** Of the span before, up to the same day. */
  before: number;
};

/** So many bars can be told apart; more days are summed to weeks. */
const mostBars = 93;

export function sumsOf(
  read: UsageRead,
  chosen: UsageChosen,
  { span, periods, today }: { span: Span; periods: readonly PeriodDays[]; today: string },
): Sums {
  const { by, only } = chosen;
  const unit = daysBetween(span.from, span.until) >= mostBars && chosen.unit === 'day' ? 'week' : chosen.unit;
  const series = seriesOf(read.report.rows, by);
  const all = shownOf(series, by);
  const counted = only === null ? series : series.filter(({ key }) => key === only);
  const rows = { rows: read.report.rows, before: read.before.rows };
  const asked = { span, by, only, today };
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
  return {
    unit,
    buckets: bucketsOf({ ...asked, unit }, periods, rows),
    days: bucketsOf({ ...asked, unit: 'day' }, periods, { ...rows, before: [] }),
    all,
    shown: only === null ? all : all.filter(({ key }) => key === only),
    series: counted,
    total: sum(counted.map(({ credits }) => credits)),
    operations: sum(counted.map(({ operations }) => operations)),
    before: sum(
      read.before.rows
        .filter((row) => (row.day ?? '') <= span.before.to && (only === null || keyOf(row, by) === only))
        .map(({ credits }) => credits),
    ),
  };
}
