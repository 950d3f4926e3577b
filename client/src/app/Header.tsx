import type { ReactNode } from 'react';
import { outageOf } from '../apollo/freshness.js';
import { useAccount } from '../domain/account.js';
import { CreditChip } from '../features/balance/CreditChip.js';
import { LevelTag } from '../features/balance/LevelTag.js';
import { FreshnessBadge } from '../features/live/FreshnessBadge.js';
import { useShownFreshness } from '../features/live/useFreshness.js';
import { AccountMenu } from './AccountMenu.js';
import { CreditDetails } from './CreditDetails.js';
import styles from './Header.module.css';

/**
 * On every page: whose account it is, and what it has.
 *
 * @param panel  what the account's menu opens
 */
export function Header({ panel }: { panel: ReactNode }) {
  const { standard } = useAccount();
  const isStale = outageOf(useShownFreshness()) !== null;
  // On a plan without credits there is nothing to run low on.
  const isTold = standard !== null && standard.level !== 'OK' && standard.allowance > 0;
  const level = isTold ? <LevelTag balance={standard} isShort /> : null;
  return (
    <header className={styles.header}>
      <AccountMenu panel={panel} />
      <CreditChip
        state={<FreshnessBadge isShort isLive={level} />}
        isStale={isStale}
        details={<CreditDetails isStale={isStale} />}
      />
    </header>
  );
}
