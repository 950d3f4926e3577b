import { Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import type { ShownFreshness } from '../apollo/freshness.js';
import type { Home } from '../features/balance/useHome.js';
import { RoomSkeleton } from '../features/production/RoomSkeleton.js';
import { Dashboard } from './Dashboard.js';
import { RoomBoundary } from './RoomBoundary.js';
import { ProductionRoom } from './rooms.js';
import type { Session } from './session.js';

type Props = { path: string; session: Session; home: Home; freshness: ShownFreshness };

/** The room that the address names; what breaks in it takes nothing else of the page with it. */
export function Room({ path, session, home, freshness }: Props) {
  const { account, standard, now } = home;
  return (
    <RoomBoundary key={path}>
      <Switch>
        <Route path="/">
          <Dashboard home={home} freshness={freshness} stampedVersion={session.stamped?.version ?? null} />
        </Route>
        <Route path="/production">
          <Suspense fallback={<RoomSkeleton />}>
            <ProductionRoom
              accountId={session.accountId}
              plan={account?.plan ?? null}
              version={standard?.version ?? null}
              available={standard?.available ?? null}
              now={now}
              isDemo={session.as !== null}
            />
          </Suspense>
        </Route>
        <Route>
          <Redirect to={`/${window.location.search}`} replace />
        </Route>
      </Switch>
    </RoomBoundary>
  );
}
