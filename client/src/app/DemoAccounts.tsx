import { t } from '@lingui/core/macro';
import { demoNames } from './demo-names.js';
import { demoRoles } from './stamp.js';
import type { DemoRole } from './stamp.js';
import styles from './AccountPanel.module.css';

/** Which of the demo accounts to look through. */
export function DemoAccounts({ as, onChoose }: { as: DemoRole; onChoose: (as: DemoRole) => void }) {
  const names = demoNames();
  return (
    <div className={styles.setting}>
      <span aria-hidden="true">{t`Demo account`}</span>
      <select
        value={as}
        onChange={(event) => {
          const role = demoRoles.find((each) => each === event.currentTarget.value);
          if (role !== undefined) onChoose(role);
        }}
        aria-label={t`Demo account`}
      >
        {demoRoles.map((role) => (
          <option key={role} value={role}>
            {names[role]}
          </option>
        ))}
      </select>
    </div>
  );
}
