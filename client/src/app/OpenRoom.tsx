import { Suspense } from 'react';
import { NotFound } from './NotFound.js';
import { RoomBoundary } from './RoomBoundary.js';
import type { Room, Viewer } from './room.js';

/** The room that the address names, or what to do when there is none; what breaks in it takes nothing else of the page with it. */
export function OpenRoom({ room, viewer }: { room: Room | null; viewer: Viewer }) {
  if (room === null) return <NotFound viewer={viewer} />;
  const { path, View, Skeleton } = room;
  return (
    <RoomBoundary key={path}>
      <Suspense fallback={Skeleton === null ? null : <Skeleton />}>
        <View />
      </Suspense>
    </RoomBoundary>
  );
}
