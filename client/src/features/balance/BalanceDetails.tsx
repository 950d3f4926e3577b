import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import { shareOf, useAccount } from '../../domain/account.js';
import { allowanceOf, stripOf } from '../../domain/balance.js';
import type { BalanceFieldsFragment } from '../../gql/operations.js';
import { Part } from '../../ui/Part.js';
import { Strip } from '../../ui/Strip.js';
import { formatCredits } from '../../ui/format.js';
import { ResetLine } from './ResetLine.js';
import { TestClock } from './TestClock.js';
import { messages } from '../../words/en/BalanceDetails.po';
import { learn } from '../../words/words.js';
import styles from './BalanceDetails.module.css';

learn(messages);

type Row = { name: string; credits: number; of?: number; isShownAtZero: boolean };

function rowsOf(balance: BalanceFieldsFragment): Row[] {
  return [
    { name: t`Monthly`, credits: balance.allowanceLeft, ...allowanceOf(balance), isShownAtZero: true },
    { name: t`Given`, credits: balance.promotional, isShownAtZero: false },
    { name: t`Bought`, credits: balance.purchased, isShownAtZero: true },
  ];
}

/** "38 of 100", or the number alone where it is no part of a whole. */
function leftOf(row: Row): string {
  const credits = formatCredits(row.credits);
  if (row.of === undefined) return credits;
  const whole = formatCredits(row.of);
  return t`${credits} of ${whole}`;
}

type Props = { isStale: boolean; lastMovements: ReactNode };

/** What the chip opens: the buckets in the order they are used, what is on hold, the reset, the last movements. */
export default function BalanceDetails(props: Props) {
  const account = useAccount();
  return (
    <Part what={t`Your balance`} of={shareOf(account, account.standard)} height={240}>
      {(standard) => <Details standard={standard} {...props} />}
    </Part>
  );
}

function Details({ standard, isStale, lastMovements }: Props & { standard: BalanceFieldsFragment }) {
  const { scan, details } = useAccount();
  return (
    <div className={styles.details} data-stale={isStale ? '' : undefined}>
      <header>
        <h2>{details === null ? t`Your credits` : <bdi>{details.name}</bdi>}</h2>
        {details !== null && <span className={styles.plan}>{t`${details.plan.name} plan`}</span>}
      </header>
      <TestClock />
      <dl className={styles.rows}>
        {rowsOf(standard)
          .filter((row) => row.isShownAtZero || row.credits > 0)
          .map((row) => (
            <div key={row.name}>
              <dt>{row.name}</dt>
              <dd>{leftOf(row)}</dd>
            </div>
          ))}
        <div className={styles.sum}>
          <dt>{t`Left`}</dt>
          <dd>{formatCredits(standard.available)}</dd>
        </div>
        <div>
          <dt>{t`On hold`}</dt>
          <dd>{formatCredits(standard.held)}</dd>
        </div>
        {standard.waiting > 0 && (
          <div>
            <dt>{t`Waiting for a paid plan`}</dt>
            <dd>{formatCredits(standard.waiting)}</dd>
          </div>
        )}
        <div>
          <dt>{t`Used this month`}</dt>
          <dd>{formatCredits(standard.used)}</dd>
        </div>
      </dl>
      <Strip size={6} label={t`Credits left`} {...stripOf(standard)} />
      <ResetLine balance={standard} />
      <dl className={styles.rows}>
        <div className={styles.sum}>
          <dt>{t`Scan credits, for Deep Scans`}</dt>
          <dd>{scan === null ? '–' : formatCredits(scan.available)}</dd>
        </div>
      </dl>
      <div className={styles.last}>
        <h3>{t`Last spent`}</h3>
        {lastMovements}
      </div>
    </div>
  );
}
