import type { ReactNode } from 'react';
import styles from './Strip.module.css';

type Props = {
  /** The figures that matter, short; shown only where the card above may be out of sight. */
  sum?: readonly string[];
  children: ReactNode;
};

/** What one does next, or what goes on: in the card where there is room, else always in view above the bar of rooms. */
export function Strip({ sum, children }: Props) {
  return (
    <div className={styles.strip} data-strip>
      {sum !== undefined && (
        <p className={styles.sum} aria-hidden="true">
          {sum.map((line) => (
            <span key={line}>{line}</span>
          ))}
        </p>
      )}
      <div className={styles.main}>{children}</div>
    </div>
  );
}
