import { CalendarClock, OctagonMinus, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useQuery } from '@apollo/client/react';
import { OperationsForSaleDocument } from '../../gql/operations.js';
import { Ways } from './Ways.js';
import { lowTitle, toneOf } from './levels.js';
import { goodFor } from './payable.js';
import type { Home } from './useHome.js';
import styles from './MoreCredits.module.css';

const shapes = { ok: CalendarClock, low: TriangleAlert, empty: OctagonMinus };

type Props = {
  home: Home;
  /** A link to where credits are used, with these words. */
  wayOn: (words: string) => ReactNode;
};

/**
 * When credits come again and what more of them costs: quiet while there are enough, a warning while there are not.
 *
 * One place and one set of lines for both, so that nothing on the page jumps when credits run low.
 */
export function MoreCredits({ home, wayOn }: Props) {
  const { standard } = home;
  if (standard === null) return null;
  const tone = toneOf(standard);
  const Shape = shapes[tone];
  return (
    <section
      className={styles.more}
      data-tone={tone}
      aria-label={tone === 'ok' ? 'More credits' : 'Low balance'}
      data-low-banner={tone === 'ok' ? undefined : ''}
    >
      <div className={styles.head}>
        <strong className={styles.title}>
          <Shape size={18} aria-hidden="true" /> <span>{lowTitle(standard) ?? 'When you need more'}</span>
        </strong>
        <WayOn home={home} wayOn={wayOn} />
      </div>
      <Ways home={home} />
    </section>
  );
}

/** Leads to the Production Room only when something there can be paid; says what is open when nothing can. */
function WayOn({ home, wayOn }: Props) {
  const { data } = useQuery(OperationsForSaleDocument);
  const { account, standard } = home;
  if (account === null || standard === null || data === undefined) return <p className={styles.wayOn} />;
  const good = goodFor(standard, account.plan, data.priceList.operations);
  if (good.kind === 'said') return <p className={styles.wayOn}>{good.sentence}</p>;
  const words = standard.level === 'OK' ? 'See what you can make' : 'See what you can still make';
  return <p className={styles.wayOn}>{wayOn(words)}</p>;
}
