import { ApolloProvider } from '@apollo/client/react';
import { Suspense, lazy, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { LiveLinkContext } from '../apollo/live-link.js';
import { LowNewsContext } from '../features/alerts/LowNewsContext.js';
import { LowNews } from '../features/balance/LowNews.js';
import { AccountClockContext } from '../features/balance/useAccountClock.js';
import { AnnouncerProvider } from '../ui/Announce.js';
import { ToastProvider } from '../ui/Toasts.js';
import { AccountProvider } from './AccountProvider.js';
import { BuyProvider, OpenSheet } from './BuyProvider.js';
import { Shell } from './Shell.js';
import { Waiting } from './Waiting.js';
import { Starting } from './Starting.js';
import { lazily } from './room.js';
import type { Session } from './session.js';
import type { Stamp } from './stamp.js';
import { useSession } from './useSession.js';

const lowNews = <LowNews />;
/** Code that does not arrive leaves the page as it is: a wish is kept, and watched after the next reload. */
const WatchedWish = lazy(() => import('./WatchedWish.js').catch(() => ({ default: () => null })));
/** After the page itself has had the network to itself. */
const watchMs = 3_000;

function Watch() {
  const [isTime, setIsTime] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsTime(true), watchMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    isTime && (
      <Suspense fallback={null}>
        <WatchedWish />
      </Suspense>
    )
  );
}

/** Lets parts of the page follow what they show. */
function LinkProvider({ session: { socket, freshness }, children }: { session: Session; children: ReactNode }) {
  const link = useMemo(() => ({ socket, freshness }), [socket, freshness]);
  return <LiveLinkContext value={link}>{children}</LiveLinkContext>;
}

/** A demo needs neither. */
const SignIn = lazily(() => import('./SignIn.js'));
const ChooseAccount = lazily(() => import('./ChooseAccount.js'));

/**
 * Opens a session, in demo mode by itself, and shows the rooms once there is one.
 *
 * @param first  the stamped session, already open; this component closes it
 */
export function App({ stamp, first }: { stamp: Stamp | null; first: Session | null }) {
  const { state, choose, switchTo, again, begin, signIn, signOut } = useSession(stamp, first);
  switch (state.step) {
    case 'starting':
      return <Starting stamp={stamp} />;
    case 'failed':
      return <Starting stamp={stamp} problem={state.message} onRetry={again} />;
    case 'signIn':
      return (
        <Suspense fallback={<Starting stamp={null} />}>
          <SignIn way={state.way} reason={state.reason} onToken={begin} onSignIn={signIn} onSignOut={signOut} />
        </Suspense>
      );
    case 'choose':
      return (
        <Suspense fallback={<Starting stamp={null} />}>
          <ChooseAccount notSeen={state.notSeen} onChoose={switchTo} onAgain={again} onSignOut={signOut} />
        </Suspense>
      );
    case 'open': {
      const { session } = state;
      return (
        <ApolloProvider client={session.client} key={session.accountId}>
          <AnnouncerProvider>
            <Waiting freshness={session.freshness}>
              <AccountClockContext value={session.clock}>
                <AccountProvider session={session}>
                  <BuyProvider>
                    <ToastProvider>
                      <LinkProvider session={session}>
                        <LowNewsContext value={lowNews}>
                          <Shell session={session} onChooseRole={choose} onSwitch={switchTo} onSignOut={signOut} />
                        </LowNewsContext>
                        <Watch />
                      </LinkProvider>
                      <OpenSheet />
                    </ToastProvider>
                  </BuyProvider>
                </AccountProvider>
              </AccountClockContext>
            </Waiting>
          </AnnouncerProvider>
        </ApolloProvider>
      );
    }
  }
}
