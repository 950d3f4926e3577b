import { Ways } from './Ways.js';
import { lowTitle } from './levels.js';
import { useHome } from './useHome.js';
import styles from './LowNews.module.css';

/** The Dashboard's warning as a message for the other rooms: the same words and ways, with numbers that stay live. */
export function LowNews({ accountId }: { accountId: string }) {
  const home = useHome(accountId, null, 'cache-first');
  if (home.standard === null) return null;
  return (
    <div className={styles.news}>
      <strong>{lowTitle(home.standard) ?? 'Enough credits again'}</strong>
      <Ways home={home} />
    </div>
  );
}
