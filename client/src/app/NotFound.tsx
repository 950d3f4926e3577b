import { useLocation } from 'wouter';
import { RoomLink } from './RoomLink.js';
import { nearestTo } from './nearest.js';
import { pathOf } from './room.js';
import type { Viewer } from './room.js';
import { rooms } from './rooms.js';
import styles from './NotFound.module.css';

/** An address that is no room: says so, and leads to those there are, the likeliest first. */
export function NotFound({ viewer }: { viewer: Viewer }) {
  const [location] = useLocation();
  const path = pathOf(location);
  const ways = nearestTo(
    path,
    rooms.filter((room) => room.isFor(viewer)),
  );
  return (
    <section className={styles.page} data-not-found>
      <p>
        There is no page at{' '}
        <code className={styles.address}>
          <bdi>{path}</bdi>
        </code>
        . It may have moved, or the address has a slip in it. Your credits are as they were.
      </p>
      <h2>Where to go from here</h2>
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
