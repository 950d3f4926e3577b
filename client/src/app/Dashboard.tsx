import { Suspense } from 'react';
import type { ShownFreshness } from '../apollo/freshness.js';
import { RecentActivity } from '../features/activity/RecentActivity.js';
import { BalanceHero } from '../features/balance/BalanceHero.js';
import type { Home } from '../features/balance/useHome.js';
import { FreshnessBadge } from '../features/live/FreshnessBadge.js';
import { Failed, Skeleton } from '../ui/Section.js';
import { RoomBoundary } from './RoomBoundary.js';
import { RoomLink } from './RoomLink.js';
import { SpendByDay } from './rooms.js';
import styles from './Dashboard.module.css';

const linkToProduction = (words: string) => <RoomLink to="/production">{words}</RoomLink>;

/** What you have, where it went, what just happened. */
export function Dashboard({
  home,
  freshness,
  stampedVersion,
}: {
  home: Home;
  freshness: ShownFreshness;
  stampedVersion: number | null;
}) {
  const { account, standard, now } = home;
  return (
    <div className={styles.page}>
      <BalanceHero home={home} freshness={<FreshnessBadge freshness={freshness} />} wayOn={linkToProduction} />
      <div className={styles.columns}>
        {account === null || now === null ? (
          <div className={styles.waiting}>
            {home.problem === null ? (
              <Skeleton height={440} label="Reading your account" />
            ) : (
              <Failed isCard what="Your account" reason={home.problem} onRetry={home.retry} height={440} />
            )}
          </div>
        ) : (
          <RoomBoundary what="Spend by day" height={440}>
            <Suspense fallback={<Skeleton height={440} label="Opening the chart" />}>
              <SpendByDay
                accountId={account.id}
                timeZone={account.timeZone}
                now={now}
                periodStart={Date.parse(account.period.start)}
                used={standard?.used ?? null}
              />
            </Suspense>
          </RoomBoundary>
        )}
        <RecentActivity
          accountId={home.accountId}
          version={standard?.version ?? null}
          stampedVersion={stampedVersion}
          now={now}
        />
      </div>
    </div>
  );
}
