import type { ReactNode } from 'react';
import styles from './Page.module.css';

type Props = {
  /**
   * - `overview`: a lead over two columns, 2:1.
   * - `workbench`: choices, and beside them what they come to, which stays in sight; the past below both.
   * - `ledger`: sentence, filters, chart and table, one below the other. Its line in the table of rooms says `isWide`.
   * - `settings`: one narrow column of sections, and from a laptop's width on a summary beside it.
   */
  shape: 'overview' | 'workbench' | 'ledger' | 'settings';
  /** Above, as wide as the page. */
  lead?: ReactNode;
  children: ReactNode;
  /** At the end of the line; below on narrow screens. */
  aside?: ReactNode;
  /** Below, as wide as the page. */
  below?: ReactNode;
};

/** How the parts of a room stand. Parts are divided by space; only what one can act on as one thing has an edge. */
export function Page({ shape, lead, children, aside, below }: Props) {
  return (
    <div className={styles.page} data-shape={shape}>
      {lead !== undefined && <div className={styles.across}>{lead}</div>}
      <div className={styles.parts}>{children}</div>
      {aside !== undefined && <div className={styles.aside}>{aside}</div>}
      {below !== undefined && <div className={styles.across}>{below}</div>}
    </div>
  );
}
