import { t } from '@lingui/core/macro';
import { memo } from 'react';
import { ChartColumn, Table2 } from 'lucide-react';
import { useAccount } from '../../domain/account.js';
import type { SpendByDayQuery } from '../../gql/operations.js';
import { creditsInWords, formatCredits } from '../../ui/format.js';
import { addDays, formatDate, knowsZone, localDate } from '../../ui/time.js';
import { Button } from '../../ui/Button.js';
import { Choice } from '../../ui/Choice.js';
import { Empty, Part } from '../../ui/Part.js';
import { Section } from '../../ui/Section.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { useSearchOf } from '../../ui/useSearchOf.js';
import { messages } from '../../words/en/SpendByDay.po';
import { learn } from '../../words/words.js';
import { DayBars } from './DayBars.js';
import { DayTable } from './DayTable.js';
import { busiestDay, comparedWith, fillDays } from './days.js';
import type { Day } from './days.js';
import { spans, spendSearch } from './filters.js';
import { useSpend } from './useSpend.js';
import styles from './SpendByDay.module.css';

learn(messages);

const height = 400;
const spanNames = () => new Map(spans.map((days) => [days, t`${days} days`]));

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

/** What the last days cost, as bars and as the same numbers in a table. */
export default function SpendByDay() {
  const { accountId, details, standard, now } = useAccount();
  if (details === null || now === null) return null;
  return (
    <Spend
      accountId={accountId}
      timeZone={details.timeZone}
      now={now}
      periodStart={Date.parse(details.period.start)}
      used={standard?.used ?? null}
    />
  );
}

// Holds come and go without a spend: the chart need not be drawn again for them.
const Spend = memo(function Spend({ accountId, timeZone, now, periodStart, used }: Props) {
  const to = localDate(now, timeZone);
  const [{ days: spanDays, spend }, choose] = useSearchOf(spendSearch);
  const isTable = spend === 'table';
  const from = addDays(to, 1 - spanDays);
  const report = useSpend(accountId, from, to);
  useOnChange(used, 2_000, () => void report.again());
  const isSpent = report.value !== null && report.value.total > 0;
  return (
    <Section
      id="spend-title"
      title={t`Spend by day, last ${spanDays} days`}
      aside={
        <span className={styles.tools}>
          {isSpent && (
            <Button tone="quiet" onClick={() => choose({ spend: isTable ? 'chart' : 'table' })} aria-pressed={isTable}>
              {isTable ? <ChartColumn size={16} aria-hidden="true" /> : <Table2 size={16} aria-hidden="true" />}
              <span>{isTable ? t`Show as chart` : t`Show as table`}</span>
            </Button>
          )}
          <Choice label={t`Days`} names={spanNames()} value={spanDays} onChoose={(days) => choose({ days })} />
        </span>
      }
    >
      <Part
        what={t`Spend by day`}
        of={report}
        height={height}
        isEmpty={({ total }) => total === 0}
        empty={
          <Empty icon={<ChartColumn size={20} />} title={t`No credits spent in this time`} height={220}>
            {t`As soon as something is generated, its day appears here.`}
          </Empty>
        }
      >
        {(usage) => (
          <Days
            report={usage}
            days={fillDays(from, to, usage.rows)}
            isTable={isTable}
            spanDays={spanDays}
            timeZone={timeZone}
            resetDay={localDate(periodStart, timeZone)}
          />
        )}
      </Part>
    </Section>
  );
});

type DaysProps = {
  report: SpendByDayQuery['usage'];
  days: readonly Day[];
  isTable: boolean;
  spanDays: number;
  timeZone: string;
  resetDay: string;
};

function Days({ report, days, isTable, spanDays, timeZone, resetDay }: DaysProps) {
  const busiest = busiestDay(days);
  const zone = knowsZone(timeZone)
    ? t`Days in the account's time zone, ${timeZone}.`
    : t`Days in the account's time zone, ${timeZone}, which this browser does not know: the first and the last day are those of UTC.`;
  const compared = comparedWith(report.total, report.previousTotal, spanDays);
  const busiestDate =
    busiest === null ? '' : formatDate(busiest.day, { weekday: 'long', day: 'numeric', month: 'short' });
  return (
    <>
      <p className={styles.summary}>
        <b>{creditsInWords(report.total)}</b>{' '}
        <span>
          {busiest === null
            ? `${compared}.`
            : t`${compared}. Most on ${busiestDate}: ${formatCredits(busiest.credits)}.`}
        </span>
      </p>
      {isTable ? (
        <>
          <DayTable days={days} total={report.total} />
          <p className={styles.zone}>
            {t`${formatCredits(spanDays)} days, newest first: scroll for the earlier ones. ${zone}`}
          </p>
        </>
      ) : (
        <DayBars days={days} resetDay={resetDay} note={zone} />
      )}
    </>
  );
}
