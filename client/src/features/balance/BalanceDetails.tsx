import type { ReactNode } from 'react';
import { shareOf, useAccount } from '../../domain/account.js';
import { allowanceOf } from '../../domain/balance.js';
import type { BalanceFieldsFragment } from '../../gql/operations.js';
import { Part } from '../../ui/Part.js';
import { formatCredits } from '../../ui/format.js';
import { ResetLine } from './ResetLine.js';
import { TestClock } from './TestClock.js';
import { UsedMeter } from './UsedMeter.js';
import styles from './BalanceDetails.module.css';

type Row = { name: string; credits: number; of?: number; isShownAtZero: boolean };

function rowsOf(balance: BalanceFieldsFragment): Row[] {
  return [
    { name: 'Allowance left', credits: balance.allowanceLeft, ...allowanceOf(balance), isShownAtZero: true },
    { name: 'Promotional', credits: balance.promotional, isShownAtZero: false },
    { name: 'Purchased', credits: balance.purchased, isShownAtZero: true },
  ];
}

type Props = { isStale: boolean; lastMovements: ReactNode };

/** What the chip opens: the buckets in the order they are used, what is on hold, the reset, the last movements. */
export function BalanceDetails(props: Props) {
  const account = useAccount();
  return (
    <Part what="Your balance" of={shareOf(account, account.standard)} height={240}>
      {(standard) => <Details standard={standard} {...props} />}
    </Part>
  );
}

function Details({ standard, isStale, lastMovements }: Props & { standard: BalanceFieldsFragment }) {
  const { scan, details } = useAccount();
  return (
    <div className={styles.details} data-stale={isStale ? '' : undefined}>
      <header>
        <h2>{details === null ? 'Your credits' : <bdi>{details.name}</bdi>}</h2>
        {details !== null && <span className={styles.plan}>{`${details.plan.name} plan`}</span>}
      </header>
      <TestClock />
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
      <ResetLine balance={standard} />
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
