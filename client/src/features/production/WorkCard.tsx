import { useEffect, useState } from 'react';
import { Ban, CircleCheck, CircleX, RotateCw, X } from 'lucide-react';
import type { OperationFieldsFragment, PlanFieldsFragment } from '../../gql/operations.js';
import { creditsInWords, formatCredits } from '../../ui/format.js';
import { Button } from '../../ui/Button.js';
import { NotInPlan } from './NotInPlan.js';
import { Sample } from './Sample.js';
import { Shortfall } from './Shortfall.js';
import { outcomeTitle } from './generation.js';
import type { Generation, Refusal } from './generation.js';
import { useWork } from './GenerationProvider.js';
import styles from './WorkCard.module.css';

type WorkCardProps = {
  isDemo: boolean;
  plan: PlanFieldsFragment | null;
  onChoose: (operation: OperationFieldsFragment) => void;
};

/** The work itself: its progress, and how it ended. */
export function WorkCard({ isDemo, plan, onChoose }: WorkCardProps) {
  const { generation, end, clear } = useWork();
  switch (generation.step) {
    case 'idle':
      return null;
    case 'reserving':
      return (
        <Progress
          title={`Reserving for ${generation.operation.name}`}
          note="Putting the credits on hold."
          percent={null}
        />
      );
    case 'working':
      return <Working generation={generation} isDemo={isDemo} end={end} />;
    case 'finishing':
      return <Progress title={generation.operation.name} note="Settling the credits." percent={100} />;
    case 'finished':
      return <Ended generation={generation} onClear={clear} />;
    case 'refused':
      return <Refused refusal={generation.refusal} plan={plan} onClear={clear} onChoose={onChoose} />;
    case 'closed':
      return (
        <Message title="The hold had already ended" text={generation.message}>
          <Button onClick={clear}>Back to the quote</Button>
        </Message>
      );
    case 'unanswered':
      return (
        <Message title="No answer yet" text={`${generation.message} Trying again cannot charge you twice.`}>
          <Button tone="main" onClick={generation.again}>
            <RotateCw size={16} aria-hidden="true" /> Try again
          </Button>
        </Message>
      );
  }
}

function Progress({ title, note, percent }: { title: string; note: string; percent: number | null }) {
  return (
    <div className={styles.work} data-work>
      <h2>{title}</h2>
      {percent === null ? (
        <progress aria-label="Progress" />
      ) : (
        <progress aria-label="Progress" max={100} value={percent} />
      )}
      <p>{note}</p>
    </div>
  );
}

type WorkingProps = {
  generation: Extract<Generation, { step: 'working' }>;
  isDemo: boolean;
  end: ReturnType<typeof useWork>['end'];
};

function Working({ generation, isDemo, end }: WorkingProps) {
  const { operation, reservation, startedAt, workMs } = generation;
  const [percent, setPercent] = useState(0);
  useEffect(() => {
    const timer = setInterval(
      () => setPercent(Math.min(99, Math.floor((100 * (performance.now() - startedAt)) / workMs))),
      100,
    );
    return () => clearInterval(timer);
  }, [startedAt, workMs]);
  return (
    <div className={styles.work} data-work>
      <h2>Generating: {operation.name}</h2>
      <progress aria-label="Progress" max={100} value={percent} />
      <p>{creditsInWords(reservation.held)} on hold. They are spent when the work is done.</p>
      <div className={styles.buttons}>
        <Button onClick={() => end('CANCELED')}>
          <X size={16} aria-hidden="true" /> Cancel
        </Button>
        {isDemo && (
          <>
            <Button onClick={() => end('FAILED')}>
              <CircleX size={16} aria-hidden="true" /> Make it fail
            </Button>
            <Button onClick={() => end('BLOCKED')}>
              <Ban size={16} aria-hidden="true" /> Block the result
            </Button>
          </>
        )}
      </div>
    </div>
  );
}

function Ended({
  generation,
  onClear,
}: {
  generation: Extract<Generation, { step: 'finished' }>;
  onClear: () => void;
}) {
  const { outcome, reservation, operation, available } = generation;
  if (outcome === 'SUCCEEDED') {
    return (
      <div className={styles.work} data-work data-outcome={outcome}>
        <Sample seed={reservation.id} operation={operation} />
        <h2 className={styles.good}>
          <CircleCheck size={19} aria-hidden="true" /> {operation.name} is done
        </h2>
        <p>
          {creditsInWords(reservation.committed)} spent, {formatCredits(available)} available.
        </p>
        <Button tone="main" onClick={onClear}>
          Make another
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.work} data-work data-outcome={outcome}>
      <h2>{outcomeTitle(outcome)}</h2>
      <p>
        <strong>You were not charged.</strong> {creditsInWords(reservation.released)} came back from hold,{' '}
        {formatCredits(available)} available.
      </p>
      <Button tone="main" onClick={onClear}>
        Back to the quote
      </Button>
    </div>
  );
}

function Refused(props: {
  refusal: Refusal;
  plan: PlanFieldsFragment | null;
  onClear: () => void;
  onChoose: (operation: OperationFieldsFragment) => void;
}) {
  const { refusal } = props;
  if (refusal.__typename === 'OperationNotInPlan') return <NotInPlan refusal={refusal} plan={props.plan} />;
  return (
    <Message title="Not started" text={`${refusal.message} You were not charged.`}>
      {refusal.__typename === 'InsufficientCredits' && (
        <Shortfall {...refusal} plan={props.plan} onChoose={props.onChoose} />
      )}
      <Button tone="main" onClick={props.onClear}>
        Back to the quote
      </Button>
    </Message>
  );
}

function Message({ title, text, children }: { title: string; text: string; children: React.ReactNode }) {
  return (
    <div className={styles.work} data-work>
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </div>
  );
}
