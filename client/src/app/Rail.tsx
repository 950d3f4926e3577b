import { t } from '@lingui/core/macro';
import { basePath } from '../ui/basePath.js';
import { RoomLink } from './RoomLink.js';
import { RoomName } from './RoomName.js';
import { railFor } from './navigation.js';
import type { Viewer } from './room.js';
import { rooms } from './rooms.js';
import styles from './Rail.module.css';

/** All rooms at the side where lines begin; on a tablet as icons with a short name each. */
export function Rail({ path, viewer, isNarrow }: { path: string; viewer: Viewer; isNarrow: boolean }) {
  return (
    <div className={styles.rail}>
      <RoomLink to="/" className={styles.brand}>
        <img src={`${basePath}/icon.svg`} width={28} height={28} alt="" />
        <span className={isNarrow ? 'visually-hidden' : undefined}>AIBC Credits</span>
      </RoomLink>
      <nav className={styles.nav} aria-label={t`Rooms`}>
        {railFor(rooms, viewer).map(({ title, groups }) => (
          <div key={title} className={styles.part}>
            {title !== null && <p className={styles.title}>{title}</p>}
            {groups.map(({ group, title: name, rooms: together }) => (
              <ul key={group} aria-label={name}>
                {together.map((room) => (
                  <li key={room.path}>
                    <RoomLink to={room.path} className={styles.link} isCurrent={room.path === path}>
                      <room.icon size={isNarrow ? 20 : 17} aria-hidden="true" />
                      <RoomName room={room} isCurrent={room.path === path} isShort={isNarrow} />
                    </RoomLink>
                  </li>
                ))}
              </ul>
            ))}
          </div>
        ))}
      </nav>
    </div>
  );
}
