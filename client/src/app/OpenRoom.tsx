import { t } from '@lingui/core/macro';
import { Suspense } from 'react';
import { Skeleton as PlainSkeleton } from '../ui/Skeleton.js';
import { RoomBoundary } from './RoomBoundary.js';
import { lazily } from './room.js';
import { rooms } from './rooms.js';
import type { Room, Viewer } from './room.js';

const importNotFound = () => import('./NotFound.js');
const NotFound = lazily(importNotFound);

/** Fetches what an address without a room shows, so that it is there without a network. */
export function fetchNotFound(): void {
  importNotFound().catch(() => undefined);
}

/** The room that the address names, or what to do when there is none; what breaks in it takes nothing else of the page with it. */
export function OpenRoom({ room, viewer }: { room: Room | null; viewer: Viewer }) {
  if (room === null)
    return (
      <RoomBoundary key="none" what={t`This page`}>
        <Suspense fallback={null}>
          <NotFound rooms={rooms.filter((each) => each.isFor(viewer))} />
        </Suspense>
      </RoomBoundary>
    );
  const { path, title, View, Skeleton } = room;
  return (
    <RoomBoundary key={path}>
      <Suspense
        fallback={Skeleton === null ? <PlainSkeleton height={440} label={t`Opening ${title}`} /> : <Skeleton />}
      >
        <View />
      </Suspense>
    </RoomBoundary>
  );
}
