import { FlaskConical } from 'lucide-react';
import { Instant } from '../../ui/Instant.js';
import type { Home } from './useHome.js';
import styles from './TestClock.module.css';

/** Says that a sandbox account lives ahead of the wall clock, and when; nothing while it does not. */
export function TestClock({ home }: { home: Home }) {
  if (!home.isAhead || home.now === null) return null;
  return (
    <p className={styles.clock} data-test-clock>
      <FlaskConical size={14} aria-hidden="true" />
      <span>
        Test clock: <Instant at={home.now} show="date" />
        <span>, standing still</span>
      </span>
    </p>
  );
}
