import { t } from '@lingui/core/macro';
import { useMemo, useState } from 'react';
import { Download } from 'lucide-react';
import { Bars } from '../../charts/Bars.js';
import { hueCount } from '../../charts/Hatches.js';
import { Legend } from '../../charts/Legend.js';
import type { AccountDetails } from '../../domain/account.js';
import { usePriceList } from '../../domain/price-list.js';
import { formatDate, formatDayOfYear, formatTime, knowsZone, localDate } from '../../ui/time.js';
import { Button } from '../../ui/Button.js';
import { Choice } from '../../ui/Choice.js';
import type { Sort } from '../../ui/DataTable.js';
import type { FileKind } from '../../ui/save-file.js';
import { creditsIn, othersKey } from './drawn.js';
import { dimensionTitles, nameOfKey, unitNames } from './names.js';
import type { UsageChosen } from './search.js';
import { amountOf, busiest, comparison, largestShare, readingOfBucket } from './sentences.js';
import type { PeriodDays, Span } from './span.js';
import { sumsOf } from './sums.js';
import type { Sums } from './sums.js';
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

/** What was read as one sees it: told, drawn, as a table, as a file. All from the same sums. */
export function UsageShown({ read, periods, span, today, chosen, choose, details }: Props) {
  const { by, only } = chosen;
  const operations = usePriceList().value ?? [];
  const [sort, setSort] = useState<Sort>({ by: 'credits', isDescending: true });
  const sums = useMemo(() => sumsOf(read, chosen, { span, periods, today }), [read, chosen, span, periods, today]);
  const nameOf = ({ key }: { key: string }): string =>
    key === othersKey ? t`all others` : nameOfKey(by, key, operations);
  const { unit, shown, series, total } = sums;
  const isSummed = unit === 'cumulative';
  const buckets = sums.buckets.filter(({ isToCome }) => !isToCome);
  const account = { id: details.id, name: details.name, timeZone: details.timeZone };
  const save = (kind: FileKind): void =>
    saveUsage(kind, { account, chosen: { ...chosen, unit }, span, buckets, shown, nameOf, series, total });
  return (
    <>
      <div className={styles.told}>
        <Told sums={sums} chosen={chosen} span={span} nameOf={nameOf} />
        <div className={styles.tools}>
          <Choice label={t`Bars`} names={unitNames()} value={unit} onChoose={(next) => choose({ unit: next })} />
          <SaveButtons save={save} />
        </div>
      </div>
      <Chart sums={sums} chosen={chosen} periods={periods} span={span} nameOf={nameOf} note={zoneNote(details, span)} />
      <Legend
        label={t`Parts of the chart`}
        items={sums.all
          .filter(({ key }) => key !== othersKey)
          .map((each) => ({ ...each, name: nameOf(each), total: each.credits }))}
        only={only}
        onOnly={(key) => choose({ only: key })}
        hueOf={(key) => sums.all.find((each) => each.key === key)?.hue ?? 0}
      />
      <UsageTable
        buckets={buckets}
        shown={shown}
        nameOf={nameOf}
        total={total}
        operations={sums.operations}
        isSummed={isSummed}
        unitTitle={unit === 'day' || isSummed ? t`Day` : t`Days`}
      />
      <h2 className={styles.heading}>{t`Totals`}</h2>
      <PartsTable
        series={series}
        nameOf={nameOf}
        title={dimensionTitles().get(by) ?? ''}
        total={total}
        sort={sort}
        onSort={setSort}
      />
    </>
  );
}

type NameOf = (part: { key: string }) => string;

/** The sum, how it compares, and what stands out, in words. */
function Told(props: { sums: Sums; chosen: UsageChosen; span: Span; nameOf: NameOf }) {
  const { sums, chosen, span, nameOf } = props;
  const { total, before, shown, days } = sums;
  const largest = shown.toSorted((a, b) => b.credits - a.credits)[0];
  const sentences = [
    comparison(total, before, chosen.span, span),
    largest === undefined || shown.length < 2 ? '' : largestShare(nameOf(largest), largest.credits, total),
    busiest(days),
  ];
  return (
    <p className={styles.sentence} data-usage-total={total}>
      <strong>{amountOf(total, chosen.credits)}</strong>{' '}
      <span>{sentences.filter((each) => each !== '').join(' ')}</span>
    </p>
  );
}

type ChartProps = {
  sums: Sums;
  chosen: UsageChosen;
  periods: readonly PeriodDays[];
  span: Span;
  nameOf: NameOf;
  note: string;
};

function Chart({ sums: { buckets, shown, unit }, chosen, periods, span, nameOf, note }: ChartProps) {
  const isSummed = unit === 'cumulative';
  const bars = buckets.map((bucket) => {
    const values = Array.from({ length: hueCount }, () => 0);
    for (const each of shown) values[each.hue] = (values[each.hue] ?? 0) + creditsIn(bucket, each);
    const isBoundary = unit !== 'period' && periods.some(({ from }) => from >= bucket.from && from <= bucket.to);
    const { from: key, before: ghost, isOpen } = bucket;
    return { key, label: formatDate(key), values, ghost, isOpen, begins: isBoundary ? formatDate(key) : null };
  });
  return (
    <Bars
      bars={bars}
      label={t`Usage, ${formatDate(span.from)} to ${formatDate(span.until)}`}
      readingOf={(index) => {
        const bucket = buckets[index];
        if (bucket === undefined) return '';
        const parts = shown.map((each) => ({ name: nameOf(each), credits: creditsIn(bucket, each) }));
        return readingOfBucket(bucket, parts, { kind: chosen.credits, isSummed });
      }}
      note={note}
      cuts={!isSummed}
    />
  );
}

/** Whose days these are, and which of them is shown whole although the period began within it. */
function zoneNote({ timeZone, period }: AccountDetails, { from }: Span): string {
  if (!knowsZone(timeZone))
    return t`Days in the account's time zone, ${timeZone}, which this browser does not know: the first and the last day are those of UTC.`;
  const start = Date.parse(period.start);
  const isWithinDay = localDate(start, timeZone) === from && localDate(start - 1, timeZone) === from;
  return isWithinDay
    ? t`Days in the account's time zone, ${timeZone}. The period began on ${formatDayOfYear(start, { timeZone })} at ${formatTime(start, { timeZone })}; that day is shown whole.`
    : t`Days in the account's time zone, ${timeZone}.`;
}

function SaveButtons({ save }: { save: (kind: FileKind) => void }) {
  return (
    <>
      <Button onClick={() => save('csv')} aria-label={t`Export as CSV`}>
        <Download size={16} aria-hidden="true" /> <span>{t`CSV`}</span>
      </Button>
      <Button onClick={() => save('json')} aria-label={t`Export as JSON`}>
        <Download size={16} aria-hidden="true" /> <span>{t`JSON`}</span>
      </Button>
    </>
  );
}
