import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { ScanSearch } from 'lucide-react';
import { shareOf, useAccount } from '../../domain/account.js';
import { hasNoCreditsByPlan, stripOf, toneOf, wholeOf } from '../../domain/balance.js';
import { Offer } from '../../domain/Offer.js';
import { nextPlan, useOffers } from '../../domain/offers.js';
import type { BalanceFieldsFragment } from '../../gql/operations.js';
import { formatCredits, formatPercent } from '../../ui/format.js';
import { Figure } from '../../ui/Figure.js';
import { Part } from '../../ui/Part.js';
import { Strip } from '../../ui/Strip.js';
import { Skeleton } from '../../ui/Skeleton.js';
import { Buckets } from './Buckets.js';
import { LevelTag } from './LevelTag.js';
import { MoreCredits } from './MoreCredits.js';
import { ResetLine } from './ResetLine.js';
import { TestClock } from './TestClock.js';
import styles from './BalanceHero.module.css';

type Props = { freshness: ReactNode; wayOn: (words: string) => ReactNode };

/**
 * The first thing to read: what is available, what is on hold, what is used.
 *
 * @param freshness  how current the number is, said beside it
 * @param wayOn  a link to where credits are used, with the given words
 */
export function BalanceHero({ freshness, wayOn }: Props) {
  const account = useAccount();
  return (
    <section className={styles.hero} aria-labelledby="balance-title">
      <div className={styles.main}>
        <header className={styles.header}>
          <h2 id="balance-title" className={styles.label}>
            {t`Available credits`}
          </h2>
          <TestClock />
          {freshness}
        </header>
        <Part what={t`Your balance`} of={shareOf(account, account.standard)} height={206}>
          {(standard) => <Standard standard={standard} wayOn={wayOn} />}
        </Part>
      </div>
      <ScanCredits />
    </section>
  );
}

function Standard({ standard, wayOn }: { standard: BalanceFieldsFragment; wayOn: Props['wayOn'] }) {
  const { plan } = useAccount();
  const isByPlan = hasNoCreditsByPlan(standard, plan);
  return (
    <div>
      <div className={styles.top}>
        <p className={styles.figure}>
          <Figure of={standard.id} value={standard.available} size="figure" mark="available" />
          {!isByPlan && <LevelTag balance={standard} />}
        </p>
        {!isByPlan && <Buckets balance={standard} />}
      </div>
      {isByPlan ? (
        <>
          <NoCredits />
          <ResetLine balance={standard} />
        </>
      ) : (
        <>
          <UsedLine balance={standard} />
          <MoreCredits wayOn={wayOn} />
        </>
      )}
    </div>
  );
}

/** A plan without credits: what stays open on it, and which plan has some. */
function NoCredits() {
  const { plan } = useAccount();
  const { value: offers } = useOffers();
  if (plan === null) return <Skeleton height={74} label={t`Reading your plan`} />;
  const larger = nextPlan(offers?.plans ?? [], plan);
  return (
    <div className={styles.note}>
      <p>
        {t`The ${plan.name} plan comes without monthly credits. What costs nothing stays open: uploads, text and standard scans.`}
      </p>
      {larger !== null && <Offer kind="plan" item={larger} isMain />}
    </div>
  );
}

function UsedLine({ balance }: { balance: BalanceFieldsFragment }) {
  const whole = wholeOf(balance);
  return (
    <div className={styles.used}>
      <Strip size={20} label={t`Credits left`} {...stripOf(balance)} />
      <ul className={styles.legend}>
        <li>
          <i data-part="left" data-tone={toneOf(balance)} />
          <span>
            <Trans>
              <b>{formatCredits(balance.available)}</b> left
            </Trans>
          </span>
        </li>
        <li>
          <i data-part="held" data-tone={toneOf(balance)} />
          <span>
            <Trans>
              <b>{formatCredits(balance.held)}</b> on hold
            </Trans>
          </span>
        </li>
        <li>
          <i data-part="used" />
          <span>
            <b>{formatCredits(balance.used)}</b> <span>{t`of ${formatCredits(whole)} used`}</span>{' '}
            <b>{`(${formatPercent(balance.usedPercent)})`}</b>
          </span>
        </li>
      </ul>
    </div>
  );
}

/** The other purse, beside the first: it never mixes with it. */
function ScanCredits() {
  const account = useAccount();
  return (
    <aside className={styles.scan} aria-labelledby="scan-title">
      <h2 id="scan-title" className={styles.label}>
        <ScanSearch size={16} aria-hidden="true" /> {t`Scan credits`}
      </h2>
      <Part what={t`Your scan credits`} of={shareOf(account, account.scan)} height={96} saysWhy={false}>
        {(scan) => (
          <div className={styles.scanFigures}>
            <p className={styles.scanNumber}>{formatCredits(scan.available)}</p>
            {wholeOf(scan) > 0 && (
              <div className={styles.scanUsed}>
                <Strip size={6} label={t`Scan credits left`} {...stripOf(scan)} />
                <p>
                  <b>{formatCredits(scan.used)}</b>{' '}
                  <span>
                    {scan.held > 0
                      ? t`of ${formatCredits(wholeOf(scan))} used, ${formatCredits(scan.held)} on hold`
                      : t`of ${formatCredits(wholeOf(scan))} used`}
                  </span>
                </p>
              </div>
            )}
            <p className={styles.scanNote}>
              {account.plan !== null && !account.plan.deepScans
                ? t`Deep Scans are not part of the ${account.plan.name} plan.`
                : scan.available === 0
                  ? t`None left. A Deep Scan takes a scan credit; standard scans stay free.`
                  : t`For Deep Scans only. They never mix with your other credits.`}
            </p>
          </div>
        )}
      </Part>
    </aside>
  );
}
