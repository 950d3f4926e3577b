import { t } from '@lingui/core/macro';
import { Suspense } from 'react';
import { shareOf, useAccount } from '../domain/account.js';
import { RecentActivity } from '../features/activity/RecentActivity.js';
import { BalanceHero } from '../features/balance/BalanceHero.js';
import { FreshnessBadge } from '../features/live/FreshnessBadge.js';
import { Page } from '../ui/Page.js';
import { Part } from '../ui/Part.js';
import { Skeleton } from '../ui/Skeleton.js';
import { RoomBoundary } from './RoomBoundary.js';
import { RoomLink } from './RoomLink.js';
import { lazily } from './room.js';

const SpendByDay = lazily(() => import('../features/usage/SpendByDay.js'));
const partHeight = 440;

const linkToProduction = (words: string) => <RoomLink to="/production">{words}</RoomLink>;

/** What you have, where it went, what just happened. */
export function Dashboard() {
  const account = useAccount();
  const isKnown = account.details !== null && account.now !== null;
  return (
    <Page
      shape="overview"
      lead={<BalanceHero freshness={<FreshnessBadge />} wayOn={linkToProduction} />}
      aside={<RecentActivity />}
    >
      <Part what={t`Your account`} of={shareOf(account, isKnown ? true : null)} height={partHeight} isCard>
        {() => (
          <RoomBoundary what={t`Spend by day`} height={partHeight}>
            <Suspense fallback={<Skeleton height={partHeight} label={t`Opening the chart`} />}>
              <SpendByDay />
            </Suspense>
          </RoomBoundary>
        )}
      </Part>
    </Page>
  );
}
