import { t } from '@lingui/core/macro';
import { formatCredits } from '../ui/format.js';
import { Swatch } from './Hatches.js';
import styles from './Chart.module.css';

/** A series as it is told: what it is called and what it came to. */
export type LegendItem = { key: string; name: string; total: number };

type Props = {
  label: string;
  items: readonly LegendItem[];
  /** The one that is shown alone; null: all are. */
  only: string | null;
  /** Shows one alone, or all again; left out where nothing can be chosen. */
  onOnly?: (key: string | null) => void;
  /** Places of the hues, where not every series of the chart is in it. */
  hueOf: (key: string) => number;
};

/** The series of a chart with their totals; a press shows one alone. */
export function Legend({ label, items, only, onOnly, hueOf }: Props) {
  return (
    <ul className={styles.legend} aria-label={label}>
      {items.map(({ key, name, total }) => {
        const words = (
          <>
            <Swatch series={hueOf(key)} />
            <bdi>{name}</bdi>
            <b>{formatCredits(total)}</b>
          </>
        );
        return (
          <li key={key}>
            {onOnly === undefined ? (
              <span className={styles.item}>{words}</span>
            ) : (
              <button
                type="button"
                className={styles.item}
                aria-pressed={only === key}
                title={only === key ? t`Show all` : t`Show only this`}
                onClick={() => onOnly(only === key ? null : key)}
              >
                {words}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
