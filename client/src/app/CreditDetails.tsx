import { t } from '@lingui/core/macro';
import { Suspense } from 'react';
import { Skeleton } from '../ui/Skeleton.js';
import { RoomBoundary } from './RoomBoundary.js';
import { lazily } from './room.js';

const importParts = () => Promise.all([importDetails(), importLastSpent()]);
const importDetails = () => import('../features/balance/BalanceDetails.js');
const importLastSpent = () => import('../features/activity/LastSpent.js');
const BalanceDetails = lazily(importDetails);
const LastSpent = lazily(importLastSpent);

/** Fetches what the chip opens, so that it is there without a network. */
export function fetchCreditDetails(): void {
  importParts().catch(() => undefined);
}

/** What the chip opens. */
export function CreditDetails({ isStale }: { isStale: boolean }) {
  return (
    <RoomBoundary what={t`Your balance`} height={320}>
      <Suspense fallback={<Skeleton height={320} label={t`Opening`} />}>
        <BalanceDetails isStale={isStale} lastMovements={<LastSpent />} />
      </Suspense>
    </RoomBoundary>
  );
}
