import type { ReactNode } from 'react';
import styles from './Section.module.css';

/** A titled part of a page. */
export function Section(props: { id: string; title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section} aria-labelledby={props.id}>
      <header className={styles.header}>
        <h2 id={props.id}>{props.title}</h2>
        {props.aside}
      </header>
      {props.children}
    </section>
  );
}
