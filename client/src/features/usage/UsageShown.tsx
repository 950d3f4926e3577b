import { t } from '@lingui/core/macro';
import { useMemo, useState } from 'react';
import { Download } from 'lucide-react';
import { Bars } from '../../charts/Bars.js';
import { Legend } from '../../charts/Legend.js';
import type { AccountDetails } from '../../domain/account.js';
import { usePriceList } from '../../domain/price-list.js';
import { daysBetween, formatDate, formatDayOfYear, formatTime, knowsZone, localDate } from '../../ui/time.js';
import { Button } from '../../ui/Button.js';
import { Choice } from '../../ui/Choice.js';
import type { Sort } from '../../ui/DataTable.js';
import type { FileKind } from '../../ui/save-file.js';
import { bucketsOf, keyOf, seriesOf } from './buckets.js';
import type { Bucket } from './buckets.js';
import { creditsIn, othersKey, shownOf } from './drawn.js';
import type { Shown } from './drawn.js';
import { dimensionNames, nameOfKey, unitNames } from './names.js';
import type { Unit, UsageChosen } from './search.js';
import { amountOf, busiest, comparison, largestShare, readingOfBucket } from './sentences.js';
import type { PeriodDays, Span } from './span.js';
import { saveUsage } from './usage-file.js';
import { PartsTable, UsageTable } from './UsageTable.js';
import type { UsageRead } from './useUsage.js';
import styles from './UsageRoom.module.css';

type Props = {
  read: UsageRead;
  periods: readonly PeriodDays[];
  span: Span;
  today: string;
  chosen: UsageChosen;
  choose: (values: Partial<UsageChosen>) => void;
  details: AccountDetails;
};

/** So many bars can be told apart; more days are summed to weeks. */
const mostBars = 93;

/** Days, unless there are too many of them. */
export function unitFor(unit: Unit, { from, until }: Span): Unit {
  return daysBetween(from, until) >= mostBars && unit === 'day' ? 'week' : unit;
}

/** What was read as one sees it: told, drawn, as a table, as a file. All from the same sums. */
export function UsageShown({ read, periods, span, today, chosen, choose, details }: Props) {
  const { by, credits: kind, only } = chosen;
  const operations = usePriceList().value ?? [];
  const [sort, setSort] = useState<Sort>({ by: 'credits', isDescending: true });
  const unit = unitFor(chosen.unit, span);
  const isSummed = unit === 'cumulative';
  const series = useMemo(() => seriesOf(read.report.rows, by), [read, by]);
  const all = useMemo(() => shownOf(series, by), [series, by]);
  const buckets = useMemo(
    () => bucketsOf({ span, unit, by, only, today }, periods, { rows: read.report.rows, before: read.before.rows }),
    [span, unit, by, only, today, periods, read],
  );
  const named = (key: string): string => (key === othersKey ? t`all others` : nameOfKey(by, key, operations));
  const nameOf = ({ key }: { key: string }): string => named(key);
  const shown = only === null ? all : all.filter(({ key }) => key === only);
  const counted = only === null ? series : series.filter(({ key }) => key === only);
  const total = counted.reduce((sum, { credits }) => sum + credits, 0);
  const past = buckets.filter(({ isToCome }) => !isToCome);
  const before = read.before.rows
    .filter((row) => (row.day ?? '') <= span.before.to && (only === null || keyOf(row, by) === only))
    .reduce((sum, { credits }) => sum + credits, 0);
  const largest = shown.toSorted((a, b) => b.credits - a.credits)[0];
  const days = useMemo(
    () => bucketsOf({ span, unit: 'day', by, only, today }, periods, { rows: read.report.rows, before: [] }),
    [span, by, only, today, periods, read],
  );
  const file = { chosen: { ...chosen, unit }, span, buckets: past, shown, nameOf, series: counted, total };
  const save = (type: FileKind): void =>
    saveUsage(type, { ...file, account: { id: details.id, name: details.name, timeZone: details.timeZone } });
  const partsOf = (bucket: Bucket) => shown.map((each) => ({ name: nameOf(each), credits: creditsIn(bucket, each) }));
  return (
    <>
      <div className={styles.told}>
        <p className={styles.sentence} data-usage-total={total}>
          <strong>{amountOf(total, kind)}</strong>{' '}
          <span>
            {[
              comparison(total, before, chosen.span, span),
              largest !== undefined && shown.length > 1 && largest.credits > 0
                ? largestShare(nameOf(largest), largest.credits, total)
                : '',
              busiest(days),
            ]
              .filter((each) => each !== '')
              .join(' ')}
          </span>
        </p>
        <div className={styles.tools}>
          <Choice
            label={t`Bars`}
            names={unitNames()}
            value={unit}
            onChoose={(next) => choose({ unit: next })}
          />
          <SaveButtons save={save} />
        </div>
      </div>
      <Bars
        bars={buckets.map((bucket) => barOf(bucket, all, only, periods, unit))}
        label={t`Usage, ${formatDate(span.from)} to ${formatDate(span.until)}`}
        readingOf={(index) => {
          const bucket = buckets[index];
          return bucket === undefined ? '' : readingOfBucket(bucket, partsOf(bucket), { kind, isSummed });
        }}
        note={zoneNote(details, span, periods)}
        cuts={!isSummed}
      />
      <Legend
        label={t`Parts of the chart`}
        items={all.filter(({ key }) => key !== othersKey).map((each) => ({ ...each, name: nameOf(each), total: each.credits }))}
        only={only}
        onOnly={(key) => choose({ only: key })}
        hueOf={(key) => all.find((each) => each.key === key)?.hue ?? 0}
      />
      <UsageTable
        buckets={past}
        shown={shown}
        nameOf={nameOf}
        total={total}
        operations={counted.reduce((sum, each) => sum + each.operations, 0)}
        isSummed={isSummed}
        unitTitle={unit === 'day' || isSummed ? t`Day` : t`Days`}
      />
      <h2 className={styles.heading}>{t`Totals`}</h2>
      <PartsTable
        series={counted}
        nameOf={nameOf}
        title={dimensionNames().get(by) ?? ''}
        total={total}
        sort={sort}
        onSort={setSort}
      />
    </>
  );
}

function barOf(bucket: Bucket, shown: readonly Shown[], only: string | null, periods: readonly PeriodDays[], unit: Unit) {
  const values = Array.from({ length: 6 }, () => 0);
  for (const each of shown)
    if (only === null || each.key === only) values[each.hue] = (values[each.hue] ?? 0) + creditsIn(bucket, each);
  const isBoundary = unit !== 'period' && periods.some(({ from }) => from >= bucket.from && from <= bucket.to);
  return {
    key: bucket.from,
    label: formatDate(bucket.from),
    values,
    ghost: bucket.before,
    isOpen: bucket.isOpen,
    begins: isBoundary ? formatDate(bucket.from) : null,
  };
}

/** Whose days these are, and which of them is shown whole although the period began within it. */
function zoneNote({ timeZone, period }: AccountDetails, span: Span, periods: readonly PeriodDays[]): string {
  if (!knowsZone(timeZone))
    return t`Days in the account's time zone, ${timeZone}, which this browser does not know: the first and the last day are those of UTC.`;
  const start = Date.parse(period.start);
  const isOfPeriod = span.from === periods[0]?.from && span.from === localDate(start, timeZone);
  const isWithinDay = isOfPeriod && localDate(start - 1, timeZone) === span.from;
  return isWithinDay
    ? t`Days in the account's time zone, ${timeZone}. The period began on ${formatDayOfYear(start, { timeZone })} at ${formatTime(start, { timeZone })}; that day is shown whole.`
    : t`Days in the account's time zone, ${timeZone}.`;
}

function SaveButtons({ save }: { save: (kind: FileKind) => void }) {
  return (
    <>
      <Button onClick={() => save('csv')} aria-label={t`Export as CSV`}>
        <Download size={16} aria-hidden="true" /> <span>CSV</span>
      </Button>
      <Button onClick={() => save('json')} aria-label={t`Export as JSON`}>
        <Download size={16} aria-hidden="true" /> <span>JSON</span>
      </Button>
    </>
  );
}
