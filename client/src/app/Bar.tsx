import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import { More } from './More.js';
import { RoomLink } from './RoomLink.js';
import { RoomName } from './RoomName.js';
import { barFor } from './navigation.js';
import type { Tab } from './navigation.js';
import type { Viewer } from './room.js';
import { rooms } from './rooms.js';
import segment from '../ui/Segment.module.css';
import styles from './Bar.module.css';

type Props = {
  path: string;
  viewer: Viewer;
  /** What is set for the whole page. */
  panel: ReactNode;
};

/** The rooms of a phone, within reach of a thumb: three places, and More for all others. */
export function Bar({ path, viewer, panel }: Props) {
  const { tabs, more } = barFor(rooms, viewer);
  return (
    <nav className={styles.bar} aria-label={t`Rooms`}>
      {tabs.map((tab) => (
        <Place key={tab.room.path} tab={tab} path={path} />
      ))}
      <More path={path} groups={more} panel={panel} />
    </nav>
  );
}

/** A place of one room, or of several that stand together: then the page shows them at its top. */
function Place({ tab: { room, title, rooms: together }, path }: { tab: Tab; path: string }) {
  const isWithin = together.some((each) => each.path === path);
  const Word = together.find((each) => each.Word !== undefined)?.Word;
  return (
    <RoomLink
      to={room.path}
      className={styles.place}
      isCurrent={together.length === 1 ? isWithin : isWithin && 'within'}
    >
      <room.icon size={20} aria-hidden="true" />
      {Word === undefined ? <span>{title}</span> : <Word isCurrent={isWithin}>{title}</Word>}
    </RoomLink>
  );
}

/** On a phone: the rooms that stand together with the present one, at the top of its page. Nothing for a room that stands alone. */
export function Together({ path, viewer }: { path: string; viewer: Viewer }) {
  const tab = barFor(rooms, viewer).tabs.find(({ rooms: together }) => together.some((room) => room.path === path));
  if (tab === undefined || tab.rooms.length === 1) return null;
  return (
    <nav className={`${segment.segment} ${styles.together}`} aria-label={tab.title}>
      {tab.rooms.map((room) => (
        <RoomLink key={room.path} to={room.path} isCurrent={room.path === path}>
          <RoomName room={room} isCurrent={room.path === path} isShort />
        </RoomLink>
      ))}
    </nav>
  );
}
