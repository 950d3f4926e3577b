import type { ReactNode } from 'react';
import { RoomLink } from './RoomLink.js';
import { RoomName } from './RoomName.js';
import type { Rooms } from './navigation.js';
import styles from './MoreSheet.module.css';

type Props = { path: string; groups: readonly Rooms[]; panel: ReactNode };

/** What the sheet of More holds: the rooms that have no place in the bar, by their groups, and what is set for the whole page. */
export default function MoreSheet({ path, groups, panel }: Props) {
  return (
    <>
      {groups.map(({ group, title, rooms }) => (
        <div key={group} className={styles.group}>
          <p id={`more-${group}`}>{title}</p>
          <ul aria-labelledby={`more-${group}`}>
            {rooms.map((room) => (
              <li key={room.path}>
                <RoomLink to={room.path} className={styles.link} isCurrent={room.path === path}>
                  <room.icon size={18} aria-hidden="true" />
                  <RoomName room={room} isCurrent={room.path === path} isShort={false} />
                </RoomLink>
              </li>
            ))}
          </ul>
        </div>
      ))}
      <div className={styles.panel}>{panel}</div>
    </>
  );
}
