import type { ReactNode } from 'react';
import styles from './Figures.module.css';

export type Figure = { label: ReactNode; value: ReactNode; isMissing?: boolean };

/** Lines of a bill: words on one side, amounts on the other. */
export function Figures({ rows, isBusy = false }: { rows: readonly Figure[]; isBusy?: boolean }) {
  return (
    <dl className={styles.figures} aria-busy={isBusy}>
      {rows.map((row, index) => (
        <div key={index} className={row.isMissing === true ? styles.missing : undefined}>
          <dt>{row.label}</dt>
          <dd>{row.value}</dd>
        </div>
      ))}
    </dl>
  );
}
