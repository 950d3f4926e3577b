import { t } from '@lingui/core/macro';
import { useEffect, useRef, useState } from 'react';
import { useWork } from '../features/production/GenerationProvider.js';
import { isUnderWay } from '../features/production/generation.js';
import { Button } from '../ui/Button.js';
import { messages } from '../words/en/LeaveWork.po';
import { learn } from '../words/words.js';
import styles from './LeaveWork.module.css';

learn(messages);

type Props = {
  /** The account's name. */
  to: string;
  onStay: () => void;
  onLeave: () => void;
};

/** Asks before another account is opened over work in progress: it would end there, and its credits stay held. */
export default function LeaveWork({ to, onStay, onLeave }: Props) {
  const { generation, end } = useWork();
  const dialog = useRef<HTMLDialogElement>(null);
  const [isLeaving, setIsLeaving] = useState(false);
  const stay = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    // What is pressed without a thought loses nothing.
    stay.current?.focus();
  }, []);
  const leave = async (): Promise<void> => {
    setIsLeaving(true);
    await end('CANCELED');
    onLeave();
  };
  const name = generation.step === 'idle' ? t`The work` : generation.operation.name;
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby="leave-title" onClose={onStay}>
      <h2 id="leave-title">{isUnderWay(generation) ? t`${name} is still being made` : t`${name} has ended`}</h2>
      <p>{consequenceOf(generation.step, to)}</p>
      <div className={styles.buttons}>
        <Button aria-disabled={isLeaving} onClick={() => void leave()}>
          {generation.step === 'working' ? t`Cancel it and open ${to}` : t`Open ${to}`}
        </Button>
        <Button ref={stay} tone="main" onClick={() => dialog.current?.close()}>
          {t`Stay here`}
        </Button>
      </div>
    </dialog>
  );
}

function consequenceOf(step: ReturnType<typeof useWork>['generation']['step'], to: string): string {
  switch (step) {
    case 'working':
      return t`Opening ${to} ends it here. You are not charged, and the credits on hold come back.`;
    case 'reserving':
    case 'finishing':
      return t`The server is settling it at this moment. Its result will not be shown here.`;
    case 'unanswered':
    case 'unsettled':
      return t`The server has not answered yet. What is on hold comes back by itself if nothing settles it.`;
    default:
      return t`Nothing is lost by opening ${to} now.`;
  }
}
