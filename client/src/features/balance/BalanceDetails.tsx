import type { ReactNode } from 'react';
import type { BalanceFieldsFragment } from '../../gql/operations.js';
import { formatCredits } from '../../ui/format.js';
import { ResetLine } from './ResetLine.js';
import { TestClock } from './TestClock.js';
import { Unread } from './Unread.js';
import { UsedMeter } from './UsedMeter.js';
import { allowanceOf } from './levels.js';
import type { Home } from './useHome.js';
import styles from './BalanceDetails.module.css';

type Row = { name: string; credits: number; of?: number; isShownAtZero: boolean };

function rowsOf(balance: BalanceFieldsFragment): Row[] {
  return [
    { name: 'Allowance left', credits: balance.allowanceLeft, ...allowanceOf(balance), isShownAtZero: true },
    { name: 'Promotional', credits: balance.promotional, isShownAtZero: false },
    { name: 'Purchased', credits: balance.purchased, isShownAtZero: true },
  ];
}

type Props = { home: Home; isStale: boolean; lastMovements: ReactNode };

/** What the chip opens: the buckets in the order they are used, what is on hold, the reset, the last movements. */
export function BalanceDetails({ home, isStale, lastMovements }: Props) {
  const { standard, scan, account } = home;
  if (standard === null) return <Unread home={home} what="your balance" height={240} saysWhy />;
  return (
    <div className={styles.details} data-stale={isStale ? '' : undefined}>
      <header>
        <h2>{account === null ? 'Your credits' : <bdi>{account.name}</bdi>}</h2>
        {account !== null && <span className={styles.plan}>{`${account.plan.name} plan`}</span>}
      </header>
      <TestClock home={home} />
      <dl className={styles.rows}>
        {rowsOf(standard)
          .filter((row) => row.isShownAtZero || row.credits > 0)
          .map((row) => (
            <div key={row.name}>
              <dt>{row.name}</dt>
              <dd>{formatCredits(row.credits) + (row.of === undefined ? '' : ` of ${formatCredits(row.of)}`)}</dd>
            </div>
          ))}
        <div className={styles.sum}>
          <dt>Available</dt>
          <dd>{formatCredits(standard.available)}</dd>
        </div>
        <div>
          <dt>On hold for work in progress</dt>
          <dd>{formatCredits(standard.held)}</dd>
        </div>
        {standard.waiting > 0 && (
          <div>
            <dt>Waiting for a paid plan</dt>
            <dd>{formatCredits(standard.waiting)}</dd>
          </div>
        )}
        <div>
          <dt>Used this period</dt>
          <dd>{formatCredits(standard.used)}</dd>
        </div>
      </dl>
      <UsedMeter thin balance={standard} />
      <ResetLine balance={standard} plan={account?.plan ?? null} now={home.now} />
      <dl className={styles.rows}>
        <div className={styles.sum}>
          <dt>Scan credits, for Deep Scans</dt>
          <dd>{scan === null ? '–' : formatCredits(scan.available)}</dd>
        </div>
      </dl>
      <div className={styles.last}>
        <h3>Last spent</h3>
        {lastMovements}
      </div>
    </div>
  );
}
