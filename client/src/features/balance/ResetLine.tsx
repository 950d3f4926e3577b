import { t } from '@lingui/core/macro';
import { CalendarClock } from 'lucide-react';
import { useAccount } from '../../domain/account.js';
import type { BalanceFieldsFragment } from '../../gql/operations.js';
import { creditsInWords } from '../../ui/format.js';
import { Instant } from '../../ui/Instant.js';
import { formatRemaining } from '../../ui/time.js';
import styles from './ResetLine.module.css';

/** When the allowance renews: the date, the time left on the account's clock, and how many credits come. */
export function ResetLine({ balance }: { balance: BalanceFieldsFragment }) {
  const { plan, now } = useAccount();
  const at = Date.parse(balance.nextResetAt);
  const hasAllowance = (plan?.monthlyCredits ?? balance.allowance) > 0;
  return (
    <p className={styles.reset}>
      <CalendarClock size={16} aria-hidden="true" />
      <span>
        <span>{hasAllowance ? t`Renews` : t`Period ends`}</span> <Instant at={at} />
        {now !== null && <span role="timer">{t` · in ${formatRemaining(at - now)}`}</span>}
        {plan !== null && hasAllowance && <span>{t` · then ${creditsInWords(plan.monthlyCredits)}`}</span>}
      </span>
    </p>
  );
}
