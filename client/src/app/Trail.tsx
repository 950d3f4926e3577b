import { t } from '@lingui/core/macro';
import { RoomLink } from './RoomLink.js';
import type { Crumb } from './room.js';
import styles from './Trail.module.css';

/** "Settings / Billing / Credits": what the room stands within, above its heading. */
export function Trail({ steps }: { steps: readonly Crumb[] }) {
  return (
    <nav aria-label={t`Where this page is`} className={styles.trail}>
      <ol>
        {steps.map(({ title, path }) => (
          <li key={title}>{path === null ? title : <RoomLink to={path}>{title}</RoomLink>}</li>
        ))}
      </ol>
    </nav>
  );
}
