import { t } from '@lingui/core/macro';
import { useQuery } from '@apollo/client/react';
import { CircleHelp, LogOut, Mail } from 'lucide-react';
import { useAccount } from '../domain/account.js';
import { PauseButton } from '../features/live/PauseButton.js';
import { useWork } from '../features/production/GenerationProvider.js';
import { isUnderWay } from '../features/production/generation.js';
import { PageSupportDocument } from '../gql/operations.js';
import { keepFocusOnMenu } from './AccountMenu.js';
import { DemoAccounts } from './DemoAccounts.js';
import { OwnAccounts } from './OwnAccounts.js';
import { RoomLink } from './RoomLink.js';
import type { Asked } from './SwitchAccount.js';
import { ThemeChoice } from './ThemeChoice.js';
import { demoNames } from './demo-names.js';
import { rooms } from './rooms.js';
import type { Session } from './session.js';
import type { DemoRole } from './stamp.js';
import { messages } from '../words/en/AccountPanel.po';
import { learn } from '../words/words.js';
import styles from './AccountPanel.module.css';

learn(messages);

export type PanelProps = {
  session: Pick<Session, 'as' | 'accountId' | 'accounts'>;
  /** Goes on as another demo account. */
  onChoose: (as: DemoRole) => void;
  /** Goes on with another of one's accounts. */
  onSwitch: (accountId: string) => void;
  onSignOut: () => void;
  /** One of these was chosen while work goes on. */
  onAsk: (asked: Asked) => void;
  isPaused: boolean;
  onPause: (isPaused: boolean) => void;
};

/** All that is set for the whole page, and whom to ask: in the account's menu, and on a phone behind More too. */
export default function AccountPanel(props: PanelProps) {
  const { session, onChoose, onSwitch, onSignOut, onAsk, isPaused, onPause } = props;
  const { as, accountId, accounts } = session;
  const { details } = useAccount();
  const { generation } = useWork();
  const leave = (to: string, open: () => void): void => {
    const go = (): void => {
      keepFocusOnMenu();
      open();
    };
    if (isUnderWay(generation)) onAsk({ to, go });
    else go();
  };
  const help = rooms.find((room) => room.path === '/help');
  return (
    <div className={styles.panel}>
      {details !== null && (
        <p className={styles.who}>
          <bdi>{details.name}</bdi> <span>{t`${details.plan.name} plan`}</span>
        </p>
      )}
      {as === null ? (
        <OwnAccounts
          accountId={accountId}
          accounts={accounts}
          onChoose={({ id, name }) => leave(name, () => onSwitch(id))}
        />
      ) : (
        <DemoAccounts as={as} onChoose={(role) => leave(demoNames()[role], () => onChoose(role))} />
      )}
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
        {as === null && (
          <button type="button" onClick={() => leave(t`the sign-in page`, onSignOut)}>
            <LogOut size={17} aria-hidden="true" /> <span>{t`Sign out`}</span>
          </button>
        )}
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
