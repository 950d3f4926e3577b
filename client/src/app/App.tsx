import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import { ApolloProvider } from '@apollo/client/react';
import { messageOf } from '../apollo/retry.js';
import { LowNewsContext } from '../features/alerts/LowNewsContext.js';
import { LowNews } from '../features/balance/LowNews.js';
import { AccountClockContext } from '../features/balance/useAccountClock.js';
import { AnnouncerProvider } from '../ui/Announce.js';
import { ToastProvider } from '../ui/Toasts.js';
import { Shell } from './Shell.js';
import { SignIn } from './SignIn.js';
import { Waiting } from './Waiting.js';
import { Starting } from './Starting.js';
import { DemoUnavailable, openDemoSession, openTokenSession } from './session.js';
import { firstRole, keepRoleInAddress } from './role.js';
import type { Session } from './session.js';
import { isDemoRole } from './stamp.js';
import type { DemoRole, Stamp } from './stamp.js';

type State =
  | { step: 'starting' }
  | { step: 'open'; session: Session }
  | { step: 'sign in'; reason: string | null }
  | { step: 'failed'; message: string; as: DemoRole };

const accessEnded = 'Your access has ended. Sign in again to go on.';

/** Between two tries to open a session. */
const openAgainMs = 3_000;

/**
 * Opens a session, in demo mode by itself, and shows the rooms once there is one.
 *
 * @param first  the stamped session, already open; this component closes it
 */
export function App({ stamp, first }: { stamp: Stamp | null; first: Session | null }) {
  const [state, setState] = useState<State>(first === null ? { step: 'starting' } : { step: 'open', session: first });
  const open = useRef(first);
  const asked = useRef(0);
  /** The demo account that was asked for last; null where one signs in. */
  const wanted = useRef(first?.as ?? null);

  const leave = useCallback(() => {
    asked.current++;
    open.current?.close();
    open.current = null;
  }, []);

  /** Opens a session in place of the present one; null when another was asked for meanwhile. */
  const enter = useCallback(
    async (as: DemoRole, from: Stamp | null): Promise<State | null> => {
      leave();
      wanted.current = as;
      const turn = asked.current;
      try {
        const session = await openDemoSession(as, from);
        if (turn === asked.current) {
          open.current = session;
          keepRoleInAddress(as);
          return { step: 'open', session };
        }
        session.close();
        return null;
      } catch (error) {
        if (turn !== asked.current) return null;
        if (error instanceof DemoUnavailable) {
          wanted.current = null;
          return { step: 'sign in', reason: null };
        }
        return { step: 'failed', message: messageOf(error), as };
      }
    },
    [leave],
  );
  const show = useCallback((next: State | null) => {
    if (next !== null) setState(next);
  }, []);

  useEffect(() => {
    if (open.current === null) void enter(firstRole(stamp), stamp).then(show);
    return leave;
  }, [enter, show, leave, stamp]);

  // A session that could not be opened is tried again by itself, as what fails within one is.
  useEffect(() => {
    if (state.step !== 'failed') return;
    const timer = setTimeout(() => void enter(state.as, null).then(show), openAgainMs);
    return () => clearTimeout(timer);
  }, [state, enter, show]);

  // Asking on with a token that the server refuses would be refused for ever.
  useEffect(() => {
    if (state.step !== 'open') return;
    const { session } = state;
    session.onOver(() => {
      if (open.current !== session) return;
      leave();
      wanted.current = null;
      setState({ step: 'sign in', reason: accessEnded });
    });
  }, [state, leave]);

  const choose = (as: DemoRole): void => {
    keepRoleInAddress(as);
    setState({ step: 'starting' });
    void enter(as, null).then(show);
  };

  // Back and forward may lead to another demo account.
  const follow = useEffectEvent(() => {
    const role = new URLSearchParams(location.search).get('as');
    if (wanted.current !== null && isDemoRole(role) && role !== wanted.current) choose(role);
  });
  useEffect(() => {
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);

  switch (state.step) {
    case 'starting':
      return <Starting stamp={stamp} />;
    case 'failed':
      return <Starting stamp={stamp} problem={state.message} onRetry={() => choose(state.as)} />;
    case 'sign in':
      return (
        <SignIn
          reason={state.reason}
          onToken={openTokenSession}
          onOpen={(session) => {
            open.current = session;
            setState({ step: 'open', session });
          }}
        />
      );
    case 'open': {
      const { session } = state;
      return (
        <ApolloProvider client={session.client} key={session.accountId}>
          <AnnouncerProvider>
            <Waiting freshness={session.freshness}>
              <ToastProvider>
                <AccountClockContext value={session.clock}>
                  <LowNewsContext value={<LowNews accountId={session.accountId} />}>
                    <Shell session={session} onChooseRole={choose} />
                  </LowNewsContext>
                </AccountClockContext>
              </ToastProvider>
            </Waiting>
          </AnnouncerProvider>
        </ApolloProvider>
      );
    }
  }
}
