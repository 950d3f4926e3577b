import { t } from '@lingui/core/macro';
import { Suspense } from 'react';
import type { ReactNode } from 'react';
import { shareOf, useAccount } from '../domain/account.js';
import { RecentActivity } from '../features/activity/RecentActivity.js';
import { BalanceHero } from '../features/balance/BalanceHero.js';
import { FreshnessBadge } from '../features/live/FreshnessBadge.js';
import { Page } from '../ui/Page.js';
import { Part } from '../ui/Part.js';
import { Section } from '../ui/Section.js';
import { Skeleton } from '../ui/Skeleton.js';
import { both } from '../ui/reading.js';
import { RoomBoundary } from './RoomBoundary.js';
import { RoomLink } from './RoomLink.js';
import { lazily } from './room.js';

const SpendByDay = lazily(() => import('../features/usage/SpendByDay.js'));
const WhereItWent = lazily(() => import('../features/usage/WhereItWent.js'));
const WithoutCredits = lazily(() => import('../features/balance/WithoutCredits.js'));
const InFlight = lazily(() => import('../features/holds/InFlight.js'));
const heroHeight = 252;
const chartHeight = 440;
const wentHeight = 'var(--went-height)';
const holdsHeight = 180;

const linkToProduction = (words: string) => <RoomLink to="/production">{words}</RoomLink>;

/** What you have, where it went, what just happened. */
export function Dashboard() {
  const account = useAccount();
  const known = both(shareOf(account, account.details), shareOf(account, account.now));
  return (
    <Page
      shape="overview"
      lead={
        <BalanceHero
          freshness={<FreshnessBadge isLive={<></>} />}
          wayOn={linkToProduction}
          withoutCredits={
            <Later what={t`The plans`} height={heroHeight}>
              <WithoutCredits />
            </Later>
          }
        />
      }
      aside={<RecentActivity />}
    >
      <Section id="went-title" title={t`Where it went`}>
        <Part what={t`Where it went`} of={known} height={wentHeight}>
          {([details, now]) => (
            <Later what={t`Where it went`} height={wentHeight}>
              <WhereItWent details={details} now={now} />
            </Later>
          )}
        </Part>
      </Section>
      <Part what={t`Your account`} of={known} height={chartHeight}>
        {() => (
          <Later what={t`Spend by day`} height={chartHeight}>
            <SpendByDay />
          </Later>
        )}
      </Part>
      <Later what={t`Work in flight`} height={holdsHeight}>
        <InFlight />
      </Later>
    </Page>
  );
}

/** A part whose code is fetched: in its place, at its height, until it is there. */
function Later({ what, height, children }: { what: string; height: number | string; children: ReactNode }) {
  return (
    <RoomBoundary what={what} height={height}>
      <Suspense fallback={<Skeleton height={height} label={t`${what}: on its way`} />}>{children}</Suspense>
    </RoomBoundary>
  );
}
