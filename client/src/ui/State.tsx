import type { ReactNode } from 'react';
import styles from './State.module.css';

type Props = {
  /** Each is told from the others without its colour. */
  shape: 'dot' | 'ring' | 'diamond' | 'bars' | 'triangle' | 'stop';
  /** Only trouble has a colour. */
  tone?: 'plain' | 'low' | 'out';
  /** Whether it is about to become another. */
  isPassing?: boolean;
  children: ReactNode;
};

/** A shape and a word: a level, how current a number is, what becomes of a hold, a purchase or a delivery. */
export function State({ shape, tone = 'plain', isPassing = false, children }: Props) {
  return (
    <span className={styles.state} data-tone={tone}>
      <i aria-hidden="true" data-shape={shape} data-passing={isPassing ? '' : undefined} />
      <span>{children}</span>
    </span>
  );
}
