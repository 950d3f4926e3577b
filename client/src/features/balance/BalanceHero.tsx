import type { ReactNode } from 'react';
import { useQuery } from '@apollo/client/react';
import { ScanSearch } from 'lucide-react';
import { OffersDocument } from '../../gql/operations.js';
import type { BalanceFieldsFragment } from '../../gql/operations.js';
import { creditsInWords, formatCredits, formatMoney, formatPercent } from '../../ui/format.js';
import { Skeleton } from '../../ui/Section.js';
import { Buckets } from './Buckets.js';
import { LevelTag } from './LevelTag.js';
import { MoreCredits } from './MoreCredits.js';
import { ResetLine } from './ResetLine.js';
import { TestClock } from './TestClock.js';
import { Unread } from './Unread.js';
import { UsedMeter } from './UsedMeter.js';
import { hasNoCreditsByPlan, largerPlans, toneOf, wholeOf } from './levels.js';
import type { Home, HomeAccount } from './useHome.js';
import styles from './BalanceHero.module.css';

type Props = { home: Home; freshness: ReactNode; wayOn: (words: string) => ReactNode };

/**
 * The first thing to read: what is available, what is on hold, what is used.
 *
 * @param freshness  how current the number is, said beside it
 * @param wayOn  a link to where credits are used, with the given words
 */
export function BalanceHero({ home, freshness, wayOn }: Props) {
  const { standard, account } = home;
  const isByPlan = standard !== null && hasNoCreditsByPlan(standard, account?.plan ?? null);
  return (
    <section className={styles.hero} aria-labelledby="balance-title">
      <div className={styles.main}>
        <header className={styles.header}>
          <h2 id="balance-title" className={styles.label}>
            Available credits
          </h2>
          <TestClock home={home} />
          {freshness}
        </header>
        {standard === null ? (
          <Unread home={home} what="your balance" height={206} saysWhy />
        ) : (
          <div>
            <div className={styles.top}>
              <p className={styles.figure}>
                <span className={styles.number} data-available={standard.available}>
                  {formatCredits(standard.available)}
                </span>
                {!isByPlan && <LevelTag balance={standard} />}
              </p>
              {!isByPlan && <Buckets balance={standard} />}
            </div>
            {isByPlan ? (
              <>
                <NoCredits plan={account?.plan ?? null} />
                <ResetLine balance={standard} plan={account?.plan ?? null} now={home.now} />
              </>
            ) : (
              <>
                <UsedLine balance={standard} />
                <MoreCredits home={home} wayOn={wayOn} />
              </>
            )}
          </div>
        )}
      </div>
      <ScanCredits home={home} />
    </section>
  );
}

/** A plan without credits: what stays open on it, and which plan has some. */
function NoCredits({ plan }: { plan: HomeAccount['plan'] | null }) {
  const { data } = useQuery(OffersDocument);
  if (plan === null) return <Skeleton height={74} label="Reading your plan" />;
  const [larger] = largerPlans(data?.plans ?? [], plan);
  return (
    <div className={styles.note}>
      <p>
        {`The ${plan.name} plan comes without monthly credits. What costs nothing stays open: uploads, text and standard scans.`}
      </p>
      {larger !== undefined && (
        <p>
          <b>{`${larger.name} gives ${creditsInWords(larger.monthlyCredits)} a period`}</b>
          <span>
            {larger.price === null
              ? '.'
              : ` for ${formatMoney(larger.price.amountMinor, larger.price.currency)} a month.`}
          </span>
        </p>
      )}
    </div>
  );
}

function UsedLine({ balance }: { balance: BalanceFieldsFragment }) {
  const whole = wholeOf(balance);
  return (
    <div className={styles.used}>
      <UsedMeter balance={balance} />
      <ul className={styles.legend}>
        <li>
          <i data-part="used" data-tone={toneOf(balance)} />
          <span>
            <b>{formatCredits(balance.used)}</b> <span>{`of ${formatCredits(whole)} used`}</span>{' '}
            <b>{`(${formatPercent(balance.usedPercent)})`}</b>
          </span>
        </li>
        <li>
          <i data-part="held" data-tone={toneOf(balance)} />
          <span>
            <b>{formatCredits(balance.held)}</b> on hold
          </span>
        </li>
        <li>
          <i data-part="left" />
          <span>
            <b>{formatCredits(balance.available)}</b> available
          </span>
        </li>
      </ul>
    </div>
  );
}

/** The other purse, beside the first: it never mixes with it. */
function ScanCredits({ home }: { home: Home }) {
  const { scan, account } = home;
  return (
    <aside className={styles.scan} aria-labelledby="scan-title">
      <h2 id="scan-title" className={styles.label}>
        <ScanSearch size={16} aria-hidden="true" /> Scan credits
      </h2>
      {scan === null ? (
        <Unread home={home} what="your scan credits" height={96} saysWhy={false} />
      ) : (
        <div className={styles.scanFigures}>
          <p className={styles.scanNumber}>{formatCredits(scan.available)}</p>
          {wholeOf(scan) > 0 && (
            <div className={styles.scanUsed}>
              <UsedMeter thin label="Scan credits used" balance={scan} />
              <p>
                <b>{formatCredits(scan.used)}</b>{' '}
                <span>
                  {`of ${formatCredits(wholeOf(scan))} used${scan.held > 0 ? `, ${formatCredits(scan.held)} on hold` : ''}`}
                </span>
              </p>
            </div>
          )}
          <p className={styles.scanNote}>
            {account !== null && !account.plan.deepScans
              ? `Deep Scans are not part of the ${account.plan.name} plan.`
              : scan.available === 0
                ? 'None left. A Deep Scan takes a scan credit; standard scans stay free.'
                : 'For Deep Scans only. They never mix with your other credits.'}
          </p>
        </div>
      )}
    </aside>
  );
}
