import { t } from '@lingui/core/macro';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { Button } from '../../ui/Button.js';
import { useWaiting } from '../../ui/waiting.js';
import styles from './Buying.module.css';

/** How far something that was ordered is: `leaving` for the checkout, or why it did not go on. */
export type Step = { is: 'ready' } | { is: 'asking' } | { is: 'leaving' } | { is: 'refused'; why: string };

type Props = { step: Step; onPay: () => void; note: string; children: ReactNode };

/** The sheet's main button, which says the amount, and why it waits or did not work. */
export function Pay({ step, onPay, note, children }: Props) {
  const waiting = useWaiting();
  const id = useId();
  const isBusy = step.is === 'asking' || step.is === 'leaving';
  return (
    <>
      {step.is === 'refused' && (
        <p role="alert" className={styles.refused}>
          {step.why}
        </p>
      )}
      <Button
        tone="main"
        size="large"
        onClick={onPay}
        aria-disabled={isBusy || waiting !== null}
        aria-describedby={id}
        data-pay
      >
        <span>
          {step.is === 'asking' ? t`Asking the server` : step.is === 'leaving' ? t`Opening the checkout` : children}
        </span>
      </Button>
      <p id={id} className={styles.fine}>
        {waiting ?? note}
      </p>
    </>
  );
}
