import { t } from '@lingui/core/macro';
import { useEffect, useRef, useState } from 'react';
import { useWork } from '../features/production/GenerationProvider.js';
import { isUnderWay } from '../features/production/generation.js';
import { LeaveWork } from './LeaveWork.js';
import { demoRoles } from './stamp.js';
import type { DemoRole } from './stamp.js';
import styles from './DemoAccounts.module.css';

/** Called as the plan that it is on. */
const names = (): Record<DemoRole, string> => ({ free: t`Free`, pro: t`Pro`, enterprise: t`Enterprise` });

/** Another account brings another page, and another select: whoever chose in the old one finds the focus in the new. */
let hasChosen = false;

/** Which of the demo accounts to look through; work in progress is not left without a word. */
export function DemoAccounts({ as, onChoose }: { as: DemoRole; onChoose: (as: DemoRole) => void }) {
  const { generation } = useWork();
  const [wanted, setWanted] = useState<DemoRole | null>(null);
  const select = useRef<HTMLSelectElement>(null);
  useEffect(() => {
    if (hasChosen && document.activeElement === document.body) select.current?.focus();
    hasChosen = false;
  }, []);
  const choose = (role: DemoRole): void => {
    hasChosen = true;
    onChoose(role);
  };
  return (
    <>
      <label className={styles.demo}>
        <span className={styles.word}>{t`Demo account`}</span>
        <select
          ref={select}
          value={as}
          onChange={(event) => {
            const role = event.currentTarget.value as DemoRole;
            if (isUnderWay(generation)) setWanted(role);
            else choose(role);
          }}
          aria-label={t`Demo account`}
        >
          {demoRoles.map((role) => (
            <option key={role} value={role}>
              {names()[role]}
            </option>
          ))}
        </select>
      </label>
      {wanted !== null && (
        <LeaveWork to={names()[wanted]} onStay={() => setWanted(null)} onLeave={() => choose(wanted)} />
      )}
    </>
  );
}
