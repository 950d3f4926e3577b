import { t } from '@lingui/core/macro';
import { useAccount } from '../../domain/account.js';
import { lowTitle } from '../../domain/balance.js';
import { Ways } from './Ways.js';
import styles from './LowNews.module.css';

/** The Dashboard's warning as a message for the other rooms: the same words and ways, with numbers that stay live. */
export function LowNews() {
  const { standard } = useAccount();
  if (standard === null) return null;
  return (
    <div className={styles.news}>
      <strong>{lowTitle(standard) ?? t`Enough credits again`}</strong>
      <Ways />
    </div>
  );
}
