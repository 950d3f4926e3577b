import { t } from '@lingui/core/macro';
import { Button } from '../ui/Button.js';
import { basePath } from '../ui/basePath.js';
import { messages } from '../words/en/ChooseAccount.po';
import { learn } from '../words/words.js';
import type { NotSeen } from './account-session.js';
import styles from './SignIn.module.css';

learn(messages);

type Props = {
  notSeen: NotSeen;
  onChoose: (accountId: string) => void;
  onAgain: () => void;
  onSignOut: () => void;
};

/** For somebody who has signed in and does not see the account of the address: those that there are instead. */
export default function ChooseAccount({ notSeen: { asked, accounts }, onChoose, onAgain, onSignOut }: Props) {
  return (
    <main className={styles.page}>
      <div className={styles.form}>
        <img src={`${basePath}/icon.svg`} width={40} height={40} alt="" />
        <h1>{asked === null ? t`No account yet` : t`Not one of your accounts`}</h1>
        <p>
          {asked === null
            ? t`You have signed in, but no account is open to you yet. Its owner can add you.`
            : t`This link leads to an account that you do not see: ${asked}`}
        </p>
        {accounts.length > 0 && (
          <>
            <p id="own-accounts">{t`You can open:`}</p>
            <ul aria-labelledby="own-accounts" className={styles.accounts}>
              {accounts.map(({ id, name }) => (
                <li key={id}>
                  <Button onClick={() => onChoose(id)}>
                    <bdi>{name}</bdi>
                  </Button>
                </li>
              ))}
            </ul>
          </>
        )}
        <div className={styles.ways}>
          <Button tone={accounts.length > 0 ? 'quiet' : 'main'} onClick={onAgain}>{t`Try again`}</Button>
          <Button tone="quiet" onClick={onSignOut}>{t`Sign out`}</Button>
        </div>
      </div>
    </main>
  );
}
