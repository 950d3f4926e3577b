import { Suspense } from 'react';
import { keepFocusOnMenu } from './AccountMenu.js';
import { RoomBoundary } from './RoomBoundary.js';
import { demoNames } from './demo-names.js';
import { lazily } from './room.js';
import type { DemoRole } from './stamp.js';

const importLeaveWork = () => import('./LeaveWork.js');
const LeaveWork = lazily(importLeaveWork);

/** Fetches the question, so that it is there without a network. */
export function fetchLeaveWork(): void {
  importLeaveWork().catch(() => undefined);
}

type Props = {
  /** The demo account that was chosen while work went on; null: none. */
  asked: DemoRole | null;
  onStay: () => void;
  onLeave: (as: DemoRole) => void;
};

/** Asks before another demo account is opened over work in progress. */
export function SwitchAccount({ asked, onStay, onLeave }: Props) {
  if (asked === null) return null;
  return (
    <RoomBoundary>
      <Suspense fallback={null}>
        <LeaveWork
          to={demoNames()[asked]}
          onStay={onStay}
          onLeave={() => {
            keepFocusOnMenu();
            onLeave(asked);
          }}
        />
      </Suspense>
    </RoomBoundary>
  );
}
