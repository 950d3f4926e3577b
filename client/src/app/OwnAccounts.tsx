import { t } from '@lingui/core/macro';
import type { Seen } from './session.js';
import styles from './AccountPanel.module.css';

type Props = { accountId: string; accounts: readonly Seen[]; onChoose: (account: Seen) => void };

/** Which of one's accounts to look at; nothing for those who see one alone. */
export function OwnAccounts({ accountId, accounts, onChoose }: Props) {
  if (accounts.length < 2) return null;
  return (
    <div className={styles.setting}>
      <span aria-hidden="true">{t`Account`}</span>
      <select
        value={accountId}
        onChange={(event) => {
          const account = accounts.find(({ id }) => id === event.currentTarget.value);
          if (account !== undefined) onChoose(account);
        }}
        aria-label={t`Account`}
      >
        {accounts.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
