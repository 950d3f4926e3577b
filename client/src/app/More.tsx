import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Menu } from 'lucide-react';
import { RoomLink } from './RoomLink.js';
import { RoomName } from './RoomName.js';
import type { Rooms } from './navigation.js';
import styles from './Bar.module.css';

type Props = { path: string; groups: readonly Rooms[]; tools: ReactNode };

/** The last place of a phone's bar: a sheet with all other rooms and what is set for the whole page. */
export function More({ path, groups, tools }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const sheet = useRef<HTMLDivElement>(null);
  const isWithin = groups.some(({ rooms }) => rooms.some((room) => room.path === path));
  const shownOn = useRef(path);
  useEffect(() => {
    // Whoever walked from it is there: it would cover the page.
    if (shownOn.current !== path) sheet.current?.hidePopover();
    shownOn.current = path;
  }, [path]);
  return (
    <>
      <button
        type="button"
        className={styles.place}
        popoverTarget="more"
        aria-haspopup="dialog"
        aria-current={isWithin ? 'true' : undefined}
      >
        <Menu size={20} aria-hidden="true" />
        <span>More</span>
      </button>
      <div
        ref={sheet}
        id="more"
        popover="auto"
        role="dialog"
        aria-label="More"
        tabIndex={-1}
        className={styles.sheet}
        onToggle={(event) => {
          const isNowOpen = event.newState === 'open';
          setIsOpen(isNowOpen);
          if (isNowOpen) event.currentTarget.focus();
        }}
      >
        {isOpen && (
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
            <div className={styles.tools}>{tools}</div>
          </>
        )}
      </div>
    </>
  );
}
