import { t } from '@lingui/core/macro';
import { Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { Redirect, useLocation } from 'wouter';
import { outageOf } from '../apollo/freshness.js';
import { OutageLine } from '../features/live/OutageLine.js';
import { useShownFreshness } from '../features/live/useFreshness.js';
import { useLive } from '../features/live/useLive.js';
import { GenerationProvider } from '../features/production/GenerationProvider.js';
import { readStored, writeStored } from '../ui/stored.js';
import { fetchCreditDetails } from './CreditDetails.js';
import { Frame } from './Frame.js';
import { OpenRoom, fetchNotFound } from './OpenRoom.js';
import { Panel, fetchPanel } from './Panel.js';
import { RoomBoundary } from './RoomBoundary.js';
import { RoomLink } from './RoomLink.js';
import { SpokenBalance, SpokenOutage } from './Spoken.js';
import { SwitchAccount, fetchLeaveWork } from './SwitchAccount.js';
import type { Asked } from './SwitchAccount.js';
import { Trail } from './Trail.js';
import { fetchRooms, lazily, pathOf, roomAt } from './room.js';
import type { Viewer } from './room.js';
import { rooms } from './rooms.js';
import { pausedKey } from './session.js';
import type { Session } from './session.js';
import type { DemoRole } from './stamp.js';
import styles from './Shell.module.css';

/** After the page itself has had the network to itself. */
const fetchRoomsMs = 3_000;

const EventToasts = lazily(() => import('../features/alerts/EventToasts.js'));

type Props = {
  session: Session;
  onChooseRole: (as: DemoRole) => void;
  /** Goes on with another of the viewer's accounts. */
  onSwitch: (accountId: string) => void;
  onSignOut: () => void;
};

/** Every page: the header, the room, and what keeps them live. */
export function Shell({ session, onChooseRole, onSwitch, onSignOut }: Props) {
  const { client, socket, freshness: store, back, clock, accountId } = session;
  const [isPaused, setIsPaused] = useState(() => readStored(pausedKey) === 'yes');
  const pause = (next: boolean): void => {
    writeStored(pausedKey, next ? 'yes' : 'no');
    setIsPaused(next);
  };
  useLive({ client, socket, freshness: store, back, clock, accountId, isPaused });
  const freshness = useShownFreshness();
  const viewer = useMemo<Viewer>(() => ({ isDemo: session.as !== null }), [session.as]);
  const [location] = useLocation();
  const path = pathOf(location);
  const room = roomAt(rooms, path, viewer);
  const title = room?.title ?? t`Page not found`;
  const heading = useRoomHeading(path, title);

  useEffect(() => {
    const timer = setTimeout(() => {
      fetchRooms(rooms, viewer);
      fetchNotFound();
      fetchCreditDetails();
      fetchLeaveWork();
      fetchPanel();
    }, fetchRoomsMs);
    return () => clearTimeout(timer);
  }, [viewer]);

  const outage = outageOf(freshness);
  const ways = { onChoose: onChooseRole, onSwitch, onSignOut };
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <GenerationProvider
      client={client}
      accountId={accountId}
      isLive={freshness.kind === 'live'}
      isInRoom={path === '/production'}
      wayBack={<RoomLink to="/production">{t`See it`}</RoomLink>}
    >
      <Frame
        path={path}
        viewer={viewer}
        panel={<Panel session={session} {...ways} onAsk={setAsked} isPaused={isPaused} onPause={pause} />}
        line={outage !== null && <OutageLine outage={outage} />}
        isStale={outage !== null}
        isWide={room?.isWide === true}
      >
        {room?.trail !== undefined && <Trail steps={room.trail()} />}
        <h1 ref={heading} tabIndex={-1} className={room?.hidesTitle === true ? 'visually-hidden' : styles.title}>
          {title}
        </h1>
        {path !== location && <Redirect to={`${path}${window.location.search}`} replace />}
        <OpenRoom room={room} viewer={viewer} />
      </Frame>
      <SwitchAccount asked={asked} onStay={() => setAsked(null)} />
      <SpokenOutage />
      <SpokenBalance />
      <RoomBoundary what={t`Messages`}>
        <Suspense fallback={null}>
          <EventToasts
            socket={socket}
            accountId={accountId}
            isPaused={isPaused}
            wayOn={path === '/' ? null : <RoomLink to="/">{t`See your balance`}</RoomLink>}
          />
        </Suspense>
      </RoomBoundary>
    </GenerationProvider>
  );
}

/** Names the page, and after a walk to another room puts the focus on its heading. */
function useRoomHeading(path: string, title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(path);
  useEffect(() => {
    document.title = t`${title} · AIBC Credits`;
    if (before.current !== path) heading.current?.focus();
    before.current = path;
  }, [path, title]);
  return heading;
}
