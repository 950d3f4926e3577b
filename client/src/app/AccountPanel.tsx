import { t } from '@lingui/core/macro';
import { useQuery } from '@apollo/client/react';
import { CircleHelp, Mail } from 'lucide-react';
import { useAccount } from '../domain/account.js';
import { PauseButton } from '../features/live/PauseButton.js';
import { useWork } from '../features/production/GenerationProvider.js';
import { isUnderWay } from '../features/production/generation.js';
import { PageSupportDocument } from '../gql/operations.js';
import { keepFocusOnMenu } from './AccountMenu.js';
import { DemoAccounts } from './DemoAccounts.js';
import { RoomLink } from './RoomLink.js';
import { ThemeChoice } from './ThemeChoice.js';
import { rooms } from './rooms.js';
import type { DemoRole } from './stamp.js';
import { messages } from '../words/en/AccountPanel.po';
import { learn } from '../words/words.js';
import styles from './AccountPanel.module.css';

learn(messages);

export type PanelProps = {
  /** The demo account that is open; null where one signs in. */
  as: DemoRole | null;
  onChoose: (as: DemoRole) => void;
  /** Another was chosen while work goes on. */
  onAsk: (as: DemoRole) => void;
  isPaused: boolean;
  onPause: (isPaused: boolean) => void;
};

/** All that is set for the whole page, and whom to ask: in the account's menu, and on a phone behind More too. */
export default function AccountPanel({ as, onChoose, onAsk, isPaused, onPause }: PanelProps) {
  const { details } = useAccount();
  const { generation } = useWork();
  const choose = (role: DemoRole): void => {
    if (isUnderWay(generation)) return onAsk(role);
    keepFocusOnMenu();
    onChoose(role);
  };
  const help = rooms.find((room) => room.path === '/help');
  return (
    <div className={styles.panel}>
      {details !== null && (
        <p className={styles.who}>
          <bdi>{details.name}</bdi> <span>{t`${details.plan.name} plan`}</span>
        </p>
      )}
      {as !== null && <DemoAccounts as={as} onChoose={choose} />}
      <div className={styles.setting}>
        <span aria-hidden="true">{t`Theme`}</span>
        <ThemeChoice />
      </div>
      <div className={styles.ways}>
        <PauseButton isPaused={isPaused} onChange={onPause} />
        {help !== undefined && (
          <RoomLink to={help.path}>
            <CircleHelp size={17} aria-hidden="true" /> <span>{help.title}</span>
          </RoomLink>
        )}
        <Support />
      </div>
    </div>
  );
}

/** A mail to those who answer questions about credits; it says which account it is about. Nothing where the server names nobody. */
function Support() {
  const { accountId } = useAccount();
  const { data } = useQuery(PageSupportDocument);
  const address = data?.supportAddress ?? null;
  if (address === null) return null;
  const subject = encodeURIComponent(t`Credits of account ${accountId}`);
  return (
    <a href={`mailto:${address}?subject=${subject}`}>
      <Mail size={17} aria-hidden="true" /> <span>{t`Contact support`}</span>
    </a>
  );
}
