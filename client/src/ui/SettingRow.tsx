import { t } from '@lingui/core/macro';
import { useEffect, useId, useState } from 'react';
import type { ReactNode } from 'react';
import { Check } from 'lucide-react';
import { useAnnouncer } from './Announce.js';
import { Button } from './Button.js';
import styles from './SettingRow.module.css';

/** How long a change can be taken back by one press. */
const undoMs = 8_000;

/** What a control of a row is given. */
export type Setting<T> = {
  /** Of the control itself, which the row's label names. */
  id: string;
  /** The ids of what explains it, and of why it could not be saved. */
  describedBy: string;
  value: T;
  /** Saves it. A field of text calls it when it is left or Enter is pressed. */
  change: (value: T) => void;
  isSaving: boolean;
};

type Props<T> = {
  label: string;
  help?: ReactNode;
  /** As the server has it. */
  value: T;
  /** Resolves to null when it is saved, else to why it is not, in a sentence. */
  save: (value: T) => Promise<string | null>;
  /** The control. */
  children: (setting: Setting<T>) => ReactNode;
};

type Step<T> = { is: 'still' } | { is: 'saving'; to: T } | { is: 'saved'; before: T } | { is: 'refused'; why: string };

/** One thing that can be set: saved as it is changed, said in place, and taken back by Undo for a while. */
export function SettingRow<T>({ label, help, value, save, children }: Props<T>) {
  const id = useId();
  const announcer = useAnnouncer();
  const [step, setStep] = useState<Step<T>>({ is: 'still' });
  useEffect(() => {
    if (step.is !== 'saved') return;
    const timer = setTimeout(() => setStep({ is: 'still' }), undoMs);
    return () => clearTimeout(timer);
  }, [step]);
  const change = async (to: T): Promise<void> => {
    if (to === value || step.is === 'saving') return;
    setStep({ is: 'saving', to });
    const why = await save(to);
    if (why !== null) return setStep({ is: 'refused', why });
    setStep({ is: 'saved', before: value });
    announcer.now(t`${label}: saved.`);
  };
  const undo = async (before: T): Promise<void> => {
    setStep({ is: 'saving', to: before });
    const why = await save(before);
    setStep(why === null ? { is: 'still' } : { is: 'refused', why });
    if (why === null) announcer.now(t`${label}: taken back.`);
    document.getElementById(id)?.focus();
  };
  return (
    <div className={styles.row} data-setting={step.is}>
      <div className={styles.words}>
        <label htmlFor={id}>{label}</label>
        {help !== undefined && (
          <div id={`${id}-help`} className={styles.help}>
            {help}
          </div>
        )}
      </div>
      <div className={styles.control}>
        {children({
          id,
          describedBy: [`${id}-help`, `${id}-step`].join(' '),
          value: step.is === 'saving' ? step.to : value,
          change: (to) => void change(to),
          isSaving: step.is === 'saving',
        })}
        <div id={`${id}-step`} className={styles.step} role={step.is === 'refused' ? 'alert' : undefined}>
          {step.is === 'saving' && <span>{t`Saving`}</span>}
          {step.is === 'saved' && (
            <>
              <Check size={14} aria-hidden="true" /> <span>{t`Saved`}</span>{' '}
              <Button tone="quiet" onClick={() => void undo(step.before)} aria-label={t`Undo: ${label}`}>
                {t`Undo`}
              </Button>
            </>
          )}
          {step.is === 'refused' && <span className={styles.refused}>{step.why}</span>}
        </div>
      </div>
    </div>
  );
}
