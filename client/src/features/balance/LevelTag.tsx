import { OctagonMinus, TriangleAlert } from 'lucide-react';
import { levelWord, toneOf } from '../../domain/balance.js';
import type { BalanceFieldsFragment } from '../../gql/operations.js';
import styles from './LevelTag.module.css';

/** The level as shape and word; nothing while all is well. */
export function LevelTag({ balance }: { balance: BalanceFieldsFragment }) {
  const word = levelWord(balance);
  if (word === null) return null;
  const tone = toneOf(balance);
  const Shape = tone === 'empty' ? OctagonMinus : TriangleAlert;
  return (
    <span className={styles.tag} data-tone={tone}>
      <Shape size={13} strokeWidth={2.4} aria-hidden="true" />
      <span>{word}</span>
    </span>
  );
}
