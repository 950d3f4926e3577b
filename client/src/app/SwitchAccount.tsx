import { Suspense } from 'react';
import { RoomBoundary } from './RoomBoundary.js';
import { lazily } from './room.js';

const importLeaveWork = () => import('./LeaveWork.js');
const LeaveWork = lazily(importLeaveWork);

/** Fetches the question, so that it is there without a network. */
export function fetchLeaveWork(): void {
  importLeaveWork().catch(() => undefined);
}

/** Another account, or the way out, that was chosen while work went on. */
export type Asked = {
  /** What it is called. */
  to: string;
  go: () => void;
};

/** Asks before work in progress is left. */
export function SwitchAccount({ asked, onStay }: { asked: Asked | null; onStay: () => void }) {
  if (asked === null) return null;
  return (
    <RoomBoundary>
      <Suspense fallback={null}>
        <LeaveWork to={asked.to} onStay={onStay} onLeave={asked.go} />
      </Suspense>
    </RoomBoundary>
  );
}
