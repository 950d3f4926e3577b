import { t } from '@lingui/core/macro';
import { Suspense } from 'react';
import { Skeleton } from '../ui/Skeleton.js';
import type { PanelProps } from './AccountPanel.js';
import { RoomBoundary } from './RoomBoundary.js';
import { lazily } from './room.js';

const importPanel = () => import('./AccountPanel.js');
const AccountPanel = lazily(importPanel);

/** Fetches what the account's menu opens, so that it is there without a network. */
export function fetchPanel(): void {
  importPanel().catch(() => undefined);
}

/** What the account's menu opens. */
export function Panel(props: PanelProps) {
  return (
    <RoomBoundary what={t`The menu`} height={120}>
      <Suspense fallback={<Skeleton height={240} label={t`Opening`} />}>
        <AccountPanel {...props} />
      </Suspense>
    </RoomBoundary>
  );
}
