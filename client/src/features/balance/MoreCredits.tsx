import { t } from '@lingui/core/macro';
import { CalendarClock, OctagonMinus, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useAccount } from '../../domain/account.js';
import { lowTitle, toneOf } from '../../domain/balance.js';
import { usePriceList } from '../../domain/price-list.js';
import { Ways } from './Ways.js';
import { goodFor } from './payable.js';
import styles from './MoreCredits.module.css';

const shapes = { ok: CalendarClock, low: TriangleAlert, empty: OctagonMinus };

type Props = {
  /** A link to where credits are used, with these words. */
  wayOn: (words: string) => ReactNode;
};

/**
 * When credits come again and what more of them costs: quiet while there are enough, a warning while there are not.
 *
 * One place and one set of lines for both, so that nothing on the page jumps when credits run low.
 */
export function MoreCredits({ wayOn }: Props) {
  const { standard } = useAccount();
  if (standard === null) return null;
  const tone = toneOf(standard);
  const Shape = shapes[tone];
  return (
    <section
      className={styles.more}
      data-tone={tone}
      aria-label={tone === 'ok' ? t`More credits` : t`Low balance`}
      data-low-banner={tone === 'ok' ? undefined : ''}
    >
      <div className={styles.head}>
        <strong className={styles.title}>
          <Shape size={18} aria-hidden="true" /> <span>{lowTitle(standard) ?? t`When you need more`}</span>
        </strong>
        <WayOn wayOn={wayOn} />
      </div>
      <Ways />
    </section>
  );
}

/** Leads to the Production Room only when something there can be paid; says what is open when nothing can. */
function WayOn({ wayOn }: Props) {
  const { plan, standard } = useAccount();
  const { value: operations } = usePriceList();
  if (plan === null || standard === null || operations === null) return <p className={styles.wayOn} />;
  const good = goodFor(standard, plan, operations);
  if (good.kind === 'said') return <p className={styles.wayOn}>{good.sentence}</p>;
  const words = standard.level === 'OK' ? t`See what you can make` : t`See what you can still make`;
  return <p className={styles.wayOn}>{wayOn(words)}</p>;
}
