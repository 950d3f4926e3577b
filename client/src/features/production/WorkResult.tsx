import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import { CircleCheck } from 'lucide-react';
import type { WorkOutcome } from '../../gql/operations.js';
import { creditsInWords, formatCredits } from '../../ui/format.js';
import { Button } from '../../ui/Button.js';
import { Figures } from './Figures.js';
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
          <CircleCheck size={19} aria-hidden="true" /> <span>{t`${operation.name} is done`}</span>
        </h2>
        <p className={styles.words}>
          {t`${creditsInWords(reservation.committed)} spent, ${formatCredits(available)} available.`}
        </p>
        <Strip sum={[t`Done`, t`${formatCredits(reservation.committed)} spent`]}>
          <Button tone="main" onClick={onClear}>
            {t`Make another`}
          </Button>
        </Strip>
      </div>
    );
  }
  return (
    <div className={styles.work} data-work data-outcome={outcome}>
      <h2>{outcomeTitle(outcome)}</h2>
      <p className={styles.words}>
        <strong>{t`You were not charged.`}</strong> <span>{reasonOf(outcome, operation.name)}</span>
      </p>
      <Figures
        rows={[
          { label: t`Was on hold`, value: formatCredits(reservation.reserved) },
          { label: t`Used`, value: formatCredits(reservation.committed) },
          { label: t`Came back`, value: formatCredits(reservation.released) },
          { label: t`You have`, value: formatCredits(available) },
        ]}
      />
      <Strip sum={[outcomeTitle(outcome), t`Not charged`]}>
        <Button tone="main" onClick={onClear}>
          {outcome === 'CANCELED' ? t`Start again` : t`Try again`}
        </Button>
      </Strip>
    </div>
  );
}

/** Why nothing came of it, as far as the server was told. */
function reasonOf(outcome: WorkOutcome, name: string): string {
  switch (outcome) {
    case 'FAILED':
      return t`${name} could not be made; its credits are yours again.`;
    case 'BLOCKED':
      return t`What came of ${name} breaks the content rules and is withheld; its credits are yours again.`;
    case 'CANCELED':
      return t`You canceled ${name} before it was made; its credits are yours again.`;
    default:
      return t`${name} ended without a result; its credits are yours again.`;
  }
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
