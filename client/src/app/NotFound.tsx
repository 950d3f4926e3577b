import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useLocation } from 'wouter';
import { RoomLink } from './RoomLink.js';
import { nearestTo } from './nearest.js';
import type { Room } from './room.js';
import styles from './NotFound.module.css';

/** An address that is no room: says so, and leads to those there are, the likeliest first. */
export default function NotFound({ rooms }: { rooms: readonly Room[] }) {
  const [path] = useLocation();
  const ways = nearestTo(path, rooms);
  return (
    <section className={styles.page} data-not-found>
      <p>
        <Trans>
          There is no page at{' '}
          <code className={styles.address}>
            <bdi>{path}</bdi>
          </code>
          . It may have moved, or the address has a slip in it. Your credits are as they were.
        </Trans>
      </p>
      <h2>{t`Where to go from here`}</h2>
      <ul className={styles.ways}>
        {ways.map(({ path: to, title, icon: Icon }) => (
          <li key={to}>
            <RoomLink to={to} className={styles.way}>
              <Icon size={18} aria-hidden="true" />
              <span>{title}</span>
            </RoomLink>
          </li>
        ))}
      </ul>
    </section>
  );
}
