import { t } from '@lingui/core/macro';
import { creditsOfInWords } from '../../domain/balance.js';
import { State } from '../../ui/State.js';
import { formatPercent } from '../../ui/format.js';
import type { Rule } from './levels.js';
import styles from './Levels.module.css';

/** The rules for those who may only read them. */
export function LevelList({ rules }: { rules: readonly Rule[] }) {
  return (
    <ul className={styles.rules} data-levels>
      {rules.map((rule) => (
        <li key={`${rule.level} ${rule.percent ?? ''} ${rule.threshold}`} className={styles.read}>
          <strong>{levelName(rule.level)}</strong>
          <span>{atWords(rule)}</span>
          <Armed rule={rule} />
        </li>
      ))}
    </ul>
  );
}

/** What a level is called. */
export function levelName(level: Rule['level']): string {
  switch (level) {
    case 'LOW':
      return t`Low`;
    case 'CRITICAL':
      return t`Very low`;
    default:
      return t`Out of credits`;
  }
}

/** "At 20 credits or fewer, 20 % of what there was". */
function atWords({ level, percent, threshold, creditType }: Rule): string {
  if (level === 'EMPTY') return t`when nothing is left`;
  const at = creditsOfInWords(threshold, creditType);
  return percent === null ? t`at ${at} or fewer` : t`at ${at} or fewer: ${formatPercent(percent)}`;
}

/** Whether it will warn, and from where on again: by the server's word. */
export function Armed({ rule }: { rule: Rule }) {
  const again = creditsOfInWords(rule.rearmsAt, rule.creditType);
  return (
    <span className={styles.armed} data-fired={rule.fired}>
      {rule.fired ? (
        <State shape="triangle" tone="low">{t`Has warned; again after ${again} were there`}</State>
      ) : (
        <State shape="dot">{t`Will warn once`}</State>
      )}
    </span>
  );
}
