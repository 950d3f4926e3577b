import { t } from '@lingui/core/macro';
import type { OperationFieldsFragment } from '../../gql/operations.js';
import { Button } from '../../ui/Button.js';
import { NotInPlan } from './NotInPlan.js';
import { Shortfall } from './Shortfall.js';
import { Strip } from './Strip.js';
import { Settling, Working } from './WorkProgress.js';
import { Ended, Message } from './WorkResult.js';
import type { Refusal } from './generation.js';
import { useWork } from './GenerationProvider.js';

type WorkCardProps = { onChoose: (operation: OperationFieldsFragment) => void };

/** The work itself: its progress, and how it ended. */
export function WorkCard({ onChoose }: WorkCardProps) {
  const { generation, end, clear } = useWork();
  switch (generation.step) {
    case 'idle':
      return null;
    case 'working':
      return <Working generation={generation} end={end} />;
    case 'reserving':
    case 'finishing':
    case 'unanswered':
    case 'unsettled':
      return <Settling generation={generation} />;
    case 'finished':
      return <Ended generation={generation} onClear={clear} />;
    case 'refused':
      return <Refused refusal={generation.refusal} onClear={clear} onChoose={onChoose} />;
    case 'closed':
      return (
        <Message title={t`The hold had already ended`} text={generation.message}>
          <Back onClear={clear} />
        </Message>
      );
  }
}

function Back({ onClear }: { onClear: () => void }) {
  return (
    <Strip>
      <Button tone="main" onClick={onClear}>
        {t`Back to the quote`}
      </Button>
    </Strip>
  );
}

function Refused(props: {
  refusal: Refusal;
  onClear: () => void;
  onChoose: (operation: OperationFieldsFragment) => void;
}) {
  const { refusal } = props;
  if (refusal.__typename === 'OperationNotInPlan') return <NotInPlan refusal={refusal} />;
  return (
    <Message title={t`Not started`} text={t`${refusal.message} You were not charged.`}>
      {refusal.__typename === 'InsufficientCredits' && <Shortfall {...refusal} onChoose={props.onChoose} />}
      <Back onClear={props.onClear} />
    </Message>
  );
}
