import type { OperationFieldsFragment, PlanFieldsFragment } from '../../gql/operations.js';
import { Button } from '../../ui/Button.js';
import { NotInPlan } from './NotInPlan.js';
import { Shortfall } from './Shortfall.js';
import { Strip } from './Strip.js';
import { Settling, Working } from './WorkProgress.js';
import { Ended, Message } from './WorkResult.js';
import type { Refusal } from './generation.js';
import { useWork } from './GenerationProvider.js';

type WorkCardProps = {
  isDemo: boolean;
  plan: PlanFieldsFragment | null;
  /** The account's time, ms. */
  now: number | null;
  onChoose: (operation: OperationFieldsFragment) => void;
};

/** The work itself: its progress, and how it ended. */
export function WorkCard({ isDemo, plan, now, onChoose }: WorkCardProps) {
  const { generation, end, clear } = useWork();
  switch (generation.step) {
    case 'idle':
      return null;
    case 'working':
      return <Working generation={generation} isDemo={isDemo} end={end} />;
    case 'reserving':
    case 'finishing':
    case 'unanswered':
    case 'unsettled':
      return <Settling generation={generation} />;
    case 'finished':
      return <Ended generation={generation} onClear={clear} />;
    case 'refused':
      return <Refused refusal={generation.refusal} plan={plan} now={now} onClear={clear} onChoose={onChoose} />;
    case 'closed':
      return (
        <Message title="The hold had already ended" text={generation.message}>
          <Back onClear={clear} />
        </Message>
      );
  }
}

function Back({ onClear }: { onClear: () => void }) {
  return (
    <Strip>
      <Button tone="main" onClick={onClear}>
        Back to the quote
      </Button>
    </Strip>
  );
}

function Refused(props: {
  refusal: Refusal;
  plan: PlanFieldsFragment | null;
  now: number | null;
  onClear: () => void;
  onChoose: (operation: OperationFieldsFragment) => void;
}) {
  const { refusal } = props;
  if (refusal.__typename === 'OperationNotInPlan') return <NotInPlan refusal={refusal} plan={props.plan} />;
  return (
    <Message title="Not started" text={`${refusal.message} You were not charged.`}>
      {refusal.__typename === 'InsufficientCredits' && (
        <Shortfall {...refusal} plan={props.plan} now={props.now} onChoose={props.onChoose} />
      )}
      <Back onClear={props.onClear} />
    </Message>
  );
}
