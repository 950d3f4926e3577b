import { Trans } from '@lingui/react/macro';
import { FlaskConical } from 'lucide-react';
import { useAccount } from '../../domain/account.js';
import { Instant } from '../../ui/Instant.js';
import styles from './TestClock.module.css';

/** Says that a sandbox account lives ahead of the wall clock, and when; nothing while it does not. */
export function TestClock() {
  const { isAhead, now } = useAccount();
  if (!isAhead || now === null) return null;
  return (
    <p className={styles.clock} data-test-clock>
      <FlaskConical size={14} aria-hidden="true" />
      <span>
        <Trans>
          Test clock: <Instant at={now} show="date" />, standing still
        </Trans>
      </span>
    </p>
  );
}
