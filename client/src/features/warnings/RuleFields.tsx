import { t } from '@lingui/core/macro';
import { useId } from 'react';
import { X } from 'lucide-react';
import { Button } from '../../ui/Button.js';
import { levelName } from './LevelList.js';
import { faultOf } from './levels.js';
import type { RuleDraft, Unit } from './levels.js';
import styles from './Levels.module.css';

type Props = { draft: RuleDraft; onChange: (next: RuleDraft | null) => void };

/** One rule in one line: how bad, how few, of what. */
export function RuleFields({ draft, onChange }: Props) {
  const faultId = useId();
  const fault = draft.amount === '' ? null : faultOf(draft);
  const name = levelName(draft.level);
  return (
    <div className={styles.fields}>
      <select
        aria-label={t`How low`}
        value={draft.level}
        onChange={({ currentTarget: { value } }) => onChange({ ...draft, level: value === 'LOW' ? 'LOW' : 'CRITICAL' })}
      >
        <option value="LOW">{levelName('LOW')}</option>
        <option value="CRITICAL">{levelName('CRITICAL')}</option>
      </select>
      <span>{t`at`}</span>
      <input
        aria-label={t`${name}, at or below`}
        aria-invalid={fault !== null}
        aria-describedby={fault === null ? undefined : faultId}
        inputMode="decimal"
        autoComplete="off"
        value={draft.amount}
        onChange={({ currentTarget: { value } }) => onChange({ ...draft, amount: value })}
      />
      <select
        aria-label={t`${name}, counted in`}
        value={draft.unit}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...draft, unit: value === 'percent' ? 'percent' : 'credits' })
        }
      >
        {[...unitNames()].map(([unit, words]) => (
          <option key={unit} value={unit}>
            {words}
          </option>
        ))}
      </select>
      <Button tone="quiet" className={styles.remove} onClick={() => onChange(null)} aria-label={t`Remove ${name}`}>
        <X size={16} aria-hidden="true" />
      </Button>
      {fault !== null && (
        <p id={faultId} className={styles.problem}>
          {fault}
        </p>
      )}
    </div>
  );
}

const unitNames = (): ReadonlyMap<Unit, string> =>
  new Map([
    ['percent', t`% of the most this period`],
    ['credits', t`credits or fewer`],
  ]);
