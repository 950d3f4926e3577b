import type { ReactNode } from 'react';
import { formatCredits, formatSigned } from './format.js';
import { useDelta } from './useDelta.js';
import styles from './Figure.module.css';

type Props = {
  /** Whose amount it is: another one's is no change of this one. */
  of: string;
  value: number;
  /** What is counted, or what it means: "left". */
  unit?: ReactNode;
  size: 'figure' | 'title' | 'body';
  /** Marks the number itself, for those who look for it: `data-<mark>` is the value. */
  mark?: string;
  /** Where there is no room for both, a change stands in place of the unit. */
  isNarrow?: boolean;
};

/**
 * An amount of credits: the true value at once, and for four seconds beside it what changed it ("−5", "+50"). Those who hear
 * the page are told by its one voice.
 */
export function Figure({ of, value, unit, size, mark, isNarrow = false }: Props) {
  const delta = useDelta(of, value);
  const text = formatCredits(value);
  return (
    <span className={styles.figure} data-size={size} style={{ ['--digits' as string]: text.length }}>
      <span className={styles.number} {...(mark === undefined ? {} : { [`data-${mark}`]: value })}>
        {text}
      </span>
      {delta !== 0 && (
        <span key={value} className={styles.delta} data-delta={delta > 0 ? 'up' : 'down'} aria-hidden="true">
          {formatSigned(delta)}
        </span>
      )}
      {unit !== undefined && !(isNarrow && delta !== 0) && <span className={styles.unit}>{unit}</span>}
    </span>
  );
}
