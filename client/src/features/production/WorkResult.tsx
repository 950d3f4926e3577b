import type { ReactNode } from 'react';
import { CircleCheck } from 'lucide-react';
import { creditsInWords, formatCredits } from '../../ui/format.js';
import { Button } from '../../ui/Button.js';
import { Sample } from './Sample.js';
import { Strip } from './Strip.js';
import { outcomeTitle } from './generation.js';
import type { Generation } from './generation.js';
import styles from './WorkCard.module.css';

type EndedProps = { generation: Extract<Generation, { step: 'finished' }>; onClear: () => void };

/** How the work ended, and what it cost or did not. */
export function Ended({ generation, onClear }: EndedProps) {
  const { outcome, reservation, operation, available } = generation;
  if (outcome === 'SUCCEEDED') {
    return (
      <div className={styles.work} data-work data-outcome={outcome}>
        <Sample seed={reservation.id} operation={operation} />
        <h2 className={styles.good}>
          <CircleCheck size={19} aria-hidden="true" /> <span>{`${operation.name} is done`}</span>
        </h2>
        <p className={styles.words}>
          {`${creditsInWords(reservation.committed)} spent, ${formatCredits(available)} available.`}
        </p>
        <Strip sum={['Done', `${formatCredits(reservation.committed)} spent`]}>
          <Button tone="main" onClick={onClear}>
            Make another
          </Button>
        </Strip>
      </div>
    );
  }
  return (
    <div className={styles.work} data-work data-outcome={outcome}>
      <h2>{outcomeTitle(outcome)}</h2>
      <p className={styles.words}>
        <strong>You were not charged.</strong>{' '}
        <span>{`${creditsInWords(reservation.released)} came back from hold, ${formatCredits(available)} available.`}</span>
      </p>
      <Strip sum={[outcome === 'CANCELED' ? 'Canceled' : 'Ended', 'Not charged']}>
        <Button tone="main" onClick={onClear}>
          Back to the quote
        </Button>
      </Strip>
    </div>
  );
}

export function Message({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <div className={styles.work} data-work>
      <h2>{title}</h2>
      <p className={styles.words}>{text}</p>
      {children}
    </div>
  );
}
