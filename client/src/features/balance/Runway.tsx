import { t } from '@lingui/core/macro';
import { useQuery } from '@apollo/client/react';
import { useAccount } from '../../domain/account.js';
import { RunwayDocument } from '../../gql/operations.js';
import type { BalanceFieldsFragment, RunwayQuery } from '../../gql/operations.js';
import { creditsInWords, formatCredits } from '../../ui/format.js';
import { Instant } from '../../ui/Instant.js';
import { PeriodLine } from '../../ui/PeriodLine.js';
import { daysBetween, formatDay, formatRemaining, localDate } from '../../ui/time.js';
import { useOnChange } from '../../ui/useOnChange.js';
import styles from './Runway.module.css';

type Forecast = NonNullable<RunwayQuery['account']>['forecast'];

/** A forecast is counted from whole days: it does not have to follow each spend. */
const askAgainMs = 15_000;
const dayMs = 86_400_000;

/** The period as a line below the strip: where it is, when credits renew, and whether they last that long at this pace. */
export function Runway({ balance }: { balance: BalanceFieldsFragment }) {
  const { accountId, details, plan, now } = useAccount();
  const { data, refetch } = useQuery(RunwayDocument, { variables: { accountId } });
  useOnChange(balance.version, askAgainMs, () => void refetch().catch(() => undefined));
  if (details === null || now === null || plan === null) return <div className={styles.place} />;
  const [start, end] = [Date.parse(details.period.start), Date.parse(balance.nextResetAt)];
  const pace = paceOf(data?.account?.forecast ?? null, balance.available, end - now);
  const day = (at: number): string => localDate(at, details.timeZone);
  const days = daysBetween(day(start), day(end));
  const today = Math.min(days, daysBetween(day(start), day(now)) + 1);
  const [dayNumber, daysNumber] = [formatCredits(today), formatCredits(days)];
  const renews = plan.monthlyCredits > 0 ? t`resets to ${formatCredits(plan.monthlyCredits)} on` : t`period ends on`;
  const left = formatRemaining(end - now);
  return (
    <div className={styles.place}>
      <PeriodLine
        start={start}
        end={end}
        now={now}
        {...(pace?.runsOut === undefined ? {} : { runsOut: pace.runsOut.at, band: pace.runsOut.band })}
        label={t`Day ${dayNumber} of ${daysNumber} of this period. ${pace?.words ?? ''}`}
        captions={[
          <Instant key="start" at={start} show="day" />,
          t`today, day ${dayNumber} of ${daysNumber}`,
          <span key="end" className={styles.end}>
            {pace !== null && <span data-pace>{pace.words}</span>}
            <span>
              {renews} <Instant at={end} show="day" />
              <span role="timer">{t`, in ${left}`}</span>
            </span>
          </span>,
        ]}
      />
    </div>
  );
}

type Pace = { words: string; runsOut?: { at: number; band: { from: number; to: number } } };

/** What the forecast says in words, and where its marks stand; null while there is too little to go by. */
function paceOf(forecast: Forecast | null, available: number, leftMs: number): Pace | null {
  if (forecast === null || forecast.insufficientData || forecast.burnPerDay === null) return null;
  if (forecast.runsOutAt !== null) {
    const at = Date.parse(forecast.runsOutAt);
    const from = forecast.runsOutEarliestAt === null ? at : Date.parse(forecast.runsOutEarliestAt);
    const to = forecast.runsOutLatestAt === null ? at : Date.parse(forecast.runsOutLatestAt);
    const [about, first, last] = [formatDay(at), formatDay(from), formatDay(to)];
    const words =
      first === last ? t`at this pace out about ${about}` : t`at this pace out about ${about}, ${first} to ${last}`;
    return { words, runsOut: { at, band: { from, to } } };
  }
  if (forecast.lastsUntilReset !== true) return null;
  const kept = Math.max(0, Math.floor(available - (forecast.burnPerDay * leftMs) / dayMs));
  return { words: t`on pace to keep about ${creditsInWords(kept)}` };
}
