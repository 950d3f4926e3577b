import { t } from '@lingui/core/macro';
import { Suspense, useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Menu } from 'lucide-react';
import { Skeleton } from '../ui/Skeleton.js';
import { RoomBoundary } from './RoomBoundary.js';
import { lazily } from './room.js';
import type { Rooms } from './navigation.js';
import styles from './Bar.module.css';

const importMoreSheet = () => import('./MoreSheet.js');
const MoreSheet = lazily(importMoreSheet);

/** As for the rooms: the sheet then opens at once, and without a network. */
const fetchSheetMs = 3_000;

type Props = { path: string; groups: readonly Rooms[]; panel: ReactNode };

/** The last place of a phone's bar: a sheet with all other rooms and what is set for the whole page. */
export function More({ path, groups, panel }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const sheet = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => void importMoreSheet().catch(() => undefined), fetchSheetMs);
    return () => clearTimeout(timer);
  }, []);
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
        <span>{t`More`}</span>
      </button>
      <div
        ref={sheet}
        id="more"
        popover="auto"
        role="dialog"
        aria-label={t`More`}
        tabIndex={-1}
        className={styles.sheet}
        onToggle={(event) => {
          const isNowOpen = event.newState === 'open';
          setIsOpen(isNowOpen);
          if (isNowOpen) event.currentTarget.focus();
        }}
      >
        {isOpen && (
          <RoomBoundary what={t`More`} height={120}>
            <Suspense fallback={<Skeleton height={140} label={t`Opening`} />}>
              <MoreSheet path={path} groups={groups} panel={panel} />
            </Suspense>
          </RoomBoundary>
        )}
      </div>
    </>
  );
}
