import { useEffect, useRef, useState } from 'react';
import { Redirect, useLocation } from 'wouter';
import { outageOf } from '../apollo/freshness.js';
import { EventToasts } from '../features/alerts/EventToasts.js';
import { useHome } from '../features/balance/useHome.js';
import { OutageLine } from '../features/live/OutageLine.js';
import { useFreshness } from '../features/live/useFreshness.js';
import { useLive } from '../features/live/useLive.js';
import { GenerationProvider } from '../features/production/GenerationProvider.js';
import { readStored, writeStored } from '../ui/stored.js';
import { Header } from './Header.js';
import { RoomLink } from './RoomLink.js';
import { Room } from './Room.js';
import { fetchRooms } from './rooms.js';
import { pausedKey } from './session.js';
import type { Session } from './session.js';
import type { DemoRole } from './stamp.js';
import { useSpokenBalance, useSpokenOutage } from './useSpoken.js';
import styles from './Shell.module.css';

/** After the page itself has had the network to itself. */
const fetchRoomsMs = 3_000;

const titles: Record<string, string> = { '/': 'Dashboard', '/production': 'Production Room' };

/** Every page: the header, the room, and what keeps them live. */
export function Shell({ session, onChooseRole }: { session: Session; onChooseRole: (as: DemoRole) => void }) {
  const { client, socket, freshness: store, back, clock, accountId } = session;
  const [isPaused, setIsPaused] = useState(() => readStored(pausedKey) === 'yes');
  const pause = (next: boolean): void => {
    writeStored(pausedKey, next ? 'yes' : 'no');
    setIsPaused(next);
  };
  useLive({ client, socket, freshness: store, back, clock, accountId, isPaused });
  const freshness = useFreshness(store);
  const home = useHome(
    accountId,
    session.stamped?.balanceId ?? null,
    session.stamped === null ? 'cache-and-network' : 'cache-first',
  );
  const [location] = useLocation();
  const path = location.replace(/\/+$/, '') || '/';
  const title = titles[path] ?? 'AIBC Credits';
  const heading = useRoomHeading(path, title);

  useEffect(() => {
    const timer = setTimeout(fetchRooms, fetchRoomsMs);
    return () => clearTimeout(timer);
  }, []);

  useSpokenOutage(freshness);
  useSpokenBalance(home.standard);

  const outage = outageOf(freshness);
  return (
    <GenerationProvider
      client={client}
      accountId={accountId}
      isLive={freshness.kind === 'live'}
      isInRoom={path === '/production'}
      wayBack={<RoomLink to="/production">See it</RoomLink>}
    >
      <a className={styles.skip} href="#room">
        Skip to content
      </a>
      <Header
        home={home}
        freshness={freshness}
        isPaused={isPaused}
        onPause={pause}
        as={session.as}
        onChooseRole={onChooseRole}
      />
      {outage !== null && <OutageLine outage={outage} />}
      <main id="room" className={styles.room} data-stale={outage === null ? undefined : ''}>
        <h1 ref={heading} tabIndex={-1} className={styles.title}>
          {title}
        </h1>
        {path !== location && <Redirect to={`${path}${window.location.search}`} replace />}
        <Room path={path} session={session} home={home} freshness={freshness} />
      </main>
      <EventToasts
        socket={socket}
        accountId={accountId}
        isPaused={isPaused}
        wayOn={path === '/' ? null : <RoomLink to="/">See your balance</RoomLink>}
      />
    </GenerationProvider>
  );
}

/** Names the page, and after a walk to another room puts the focus on its heading. */
function useRoomHeading(path: string, title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(path);
  useEffect(() => {
    document.title = `${title} · AIBC Credits`;
    if (before.current !== path) heading.current?.focus();
    before.current = path;
  }, [path, title]);
  return heading;
}
