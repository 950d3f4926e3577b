import { demoRoles } from './stamp.js';
import type { DemoRole } from './stamp.js';
import styles from './DemoAccounts.module.css';

const names: Record<DemoRole, string> = { free: 'Free', pro: 'Pro', enterprise: 'Enterprise' };

/** Which of the demo accounts to look through. */
export function DemoAccounts({ as, onChoose }: { as: DemoRole; onChoose: (as: DemoRole) => void }) {
  return (
    <label className={styles.demo}>
      <span className={styles.word}>Demo account</span>
      <select
        value={as}
        onChange={(event) => onChoose(event.currentTarget.value as DemoRole)}
        aria-label="Demo account"
      >
        {demoRoles.map((role) => (
          <option key={role} value={role}>
            {names[role]}
          </option>
        ))}
      </select>
    </label>
  );
}
