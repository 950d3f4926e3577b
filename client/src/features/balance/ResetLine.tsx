import { CalendarClock } from 'lucide-react';
import type { BalanceFieldsFragment } from '../../gql/operations.js';
import { creditsInWords } from '../../ui/format.js';
import { Instant } from '../../ui/Instant.js';
import { formatRemaining } from '../../ui/time.js';
import styles from './ResetLine.module.css';

/** When the allowance renews: the date, the time left on the account's clock, and how many credits come. */
export function ResetLine(props: {
  balance: BalanceFieldsFragment;
  plan: { monthlyCredits: number } | null;
  now: number | null;
}) {
  const at = Date.parse(props.balance.nextResetAt);
  const hasAllowance = (props.plan?.monthlyCredits ?? props.balance.allowance) > 0;
  return (
    <p className={styles.reset}>
      <CalendarClock size={16} aria-hidden="true" />
      <span>
        <span>{hasAllowance ? 'Renews' : 'Period ends'}</span> <Instant at={at} />
        {props.now !== null && <span role="timer">{` · in ${formatRemaining(at - props.now)}`}</span>}
        {props.plan !== null && hasAllowance && <span>{` · then ${creditsInWords(props.plan.monthlyCredits)}`}</span>}
      </span>
    </p>
  );
}
