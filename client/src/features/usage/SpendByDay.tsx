import { memo, useState } from 'react';
import { useQuery } from '@apollo/client/react';
import { ChartColumn, Table2 } from 'lucide-react';
import { messageOf } from '../../apollo/retry.js';
import { SpendByDayDocument } from '../../gql/operations.js';
import { creditsInWords, formatCredits } from '../../ui/format.js';
import { addDays, formatDate, knowsZone, localDate } from '../../ui/time.js';
import { Button } from '../../ui/Button.js';
import { Empty, Failed, Section, Skeleton } from '../../ui/Section.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { DayBars } from './DayBars.js';
import { DayTable } from './DayTable.js';
import { busiestDay, comparedWith, fillDays } from './days.js';
import styles from './SpendByDay.module.css';

const spanDays = 30;
const height = 400;

type Props = {
  accountId: string;
  /** The account's zone: its days, not the viewer's, are what usage is counted in. */
  timeZone: string;
  /** The account's time, ms. */
  now: number;
  periodStart: number;
  /** Spent in this period; a new value means there is something new to read. */
  used: number | null;
};

/** What the last thirty days cost, as bars and as the same numbers in a table. */
function SpendByDay({ accountId, timeZone, now, periodStart, used }: Props) {
  const to = localDate(now, timeZone);
  const from = addDays(to, 1 - spanDays);
  const [isTable, setIsTable] = useState(false);
  const {
    data: read,
    previousData,
    error,
    refetch,
  } = useQuery(SpendByDayDocument, { variables: { accountId, from, to } });
  // At midnight the days move on: the old ones stand until the new ones are read.
  const data = read ?? previousData;
  const again = (): void => void refetch().catch(() => undefined);
  useOnChange(used, 2_000, again);

  const report = data?.usage ?? null;
  const days = report === null ? [] : fillDays(from, to, report.rows);
  const busiest = busiestDay(days);
  const zone = knowsZone(timeZone)
    ? `Days in the account's time zone, ${timeZone}.`
    : `Days in the account's time zone, ${timeZone}, which this browser does not know: the first and the last day are those of UTC.`;
  return (
    <Section
      id="spend-title"
      title={`Spend by day, last ${spanDays} days`}
      aside={
        report !== null &&
        busiest !== null && (
          <Button tone="quiet" onClick={() => setIsTable(!isTable)} aria-pressed={isTable}>
            {isTable ? <ChartColumn size={16} aria-hidden="true" /> : <Table2 size={16} aria-hidden="true" />}
            <span>{isTable ? 'Show as chart' : 'Show as table'}</span>
          </Button>
        )
      }
    >
      {report === null ? (
        error === undefined ? (
          <Skeleton height={height} label="Reading what was spent" />
        ) : (
          <Failed what="Spend by day" reason={messageOf(error)} onRetry={again} height={height} />
        )
      ) : busiest === null ? (
        <Empty icon={<ChartColumn size={20} />} title="No credits spent in this time" height={220}>
          As soon as something is generated, its day appears here.
        </Empty>
      ) : (
        <>
          <p className={styles.summary}>
            <b>{creditsInWords(report.total)}</b>{' '}
            <span>
              {`${comparedWith(report.total, report.previousTotal, spanDays)}. Most on ${formatDate(busiest.day, { weekday: 'long', day: 'numeric', month: 'short' })}: ${formatCredits(busiest.credits)}.`}
            </span>
          </p>
          {isTable ? (
            <>
              <DayTable days={days} total={report.total} />
              <p className={styles.zone}>
                {`${formatCredits(spanDays)} days, newest first: scroll for the earlier ones. ${zone}`}
              </p>
            </>
          ) : (
            <DayBars days={days} resetDay={localDate(periodStart, timeZone)} note={zone} />
          )}
        </>
      )}
    </Section>
  );
}

// Holds come and go without a spend: the chart need not be drawn again for them.
export default memo(SpendByDay);
