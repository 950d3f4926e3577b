import styles from './Pill.module.css';

/** A word or two about what stands beside it. */
export function Pill({ children }: { children: string }) {
  return <span className={styles.pill}>{children}</span>;
}
