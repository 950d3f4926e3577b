import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import { outageOf } from '../apollo/freshness.js';
import { useAccount } from '../domain/account.js';
import { CreditChip } from '../features/balance/CreditChip.js';
import { FreshnessBadge } from '../features/live/FreshnessBadge.js';
import { useShownFreshness } from '../features/live/useFreshness.js';
import { basePath } from '../ui/basePath.js';
import { CreditDetails } from './CreditDetails.js';
import { RoomLink } from './RoomLink.js';
import styles from './Header.module.css';

/**
 * On every page: whose account it is, and what it has.
 *
 * @param tools  what is set for the whole page; null on a phone, where it stands behind More and the name of the product here
 */
export function Header({ tools }: { tools: ReactNode }) {
  const isStale = outageOf(useShownFreshness()) !== null;
  return (
    <header className={styles.header}>
      <div className={styles.inner}>
        {tools === null ? (
          <RoomLink to="/" className={styles.brand}>
            <img src={`${basePath}/icon.svg`} width={28} height={28} alt="" />
            <span>AIBC Credits</span>
          </RoomLink>
        ) : (
          <>
            <AccountName />
            <div className={styles.tools}>{tools}</div>
          </>
        )}
        <CreditChip
          freshness={<FreshnessBadge isShort />}
          isStale={isStale}
          details={<CreditDetails isStale={isStale} />}
        />
      </div>
    </header>
  );
}

function AccountName() {
  const { details } = useAccount();
  if (details === null) return <p className={styles.account} />;
  return (
    <p className={styles.account}>
      <bdi>{details.name}</bdi> <span>{t`${details.plan.name} plan`}</span>
    </p>
  );
}
