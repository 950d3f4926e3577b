import { useCallback, useEffect, useRef, useState } from 'react';
import { ApolloProvider } from '@apollo/client/react';
import { AnnouncerProvider } from '../ui/Announce.js';
import { ToastProvider } from '../ui/Toasts.js';
import { Shell } from './Shell.js';
import { SignIn } from './SignIn.js';
import { Starting } from './Starting.js';
import { DemoUnavailable, openDemoSession, openTokenSession } from './session.js';
import type { Session } from './session.js';
import { isDemoRole } from './stamp.js';
import type { DemoRole, Stamp } from './stamp.js';

type State =
  | { step: 'starting' }
  | { step: 'open'; session: Session }
  | { step: 'sign in' }
  | { step: 'failed'; message: string; again: () => void };

/** The account asked for by the address, else the stamped one, else Pro. */
function firstRole(stamp: Stamp | null): DemoRole {
  const asked = new URLSearchParams(location.search).get('as');
  if (isDemoRole(asked)) return asked;
  return stamp?.session?.as ?? 'pro';
}

function keepRoleInAddress(as: DemoRole): void {
  const address = new URL(location.href);
  address.searchParams.set('as', as);
  history.replaceState(history.state, '', address);
}

/** Opens a session, in demo mode by itself, and shows the rooms once there is one. */
export function App({ stamp }: { stamp: Stamp | null }) {
  const [state, setState] = useState<State>({ step: 'starting' });
  const open = useRef<Session | null>(null);
  const asked = useRef(0);

  const enter = useCallback(async (opening: () => Promise<Session>, again: () => void): Promise<void> => {
    const turn = ++asked.current;
    open.current?.close();
    open.current = null;
    try {
      const session = await opening();
      // Two presses in a row: the later one counts.
      if (turn !== asked.current) return session.close();
      open.current = session;
      setState({ step: 'open', session });
    } catch (error) {
      if (turn !== asked.current) return;
      if (error instanceof DemoUnavailable) setState({ step: 'sign in' });
      else
        setState({
          step: 'failed',
          message: error instanceof Error ? error.message : 'The server could not be reached.',
          again,
        });
    }
  }, []);

  const enterDemo = useCallback(
    function enterAs(as: DemoRole, from: Stamp | null): void {
      void enter(
        () => openDemoSession(as, from),
        () => {
          setState({ step: 'starting' });
          enterAs(as, null);
        },
      );
    },
    [enter],
  );

  const leave = useCallback(() => {
    asked.current++;
    open.current?.close();
  }, []);

  useEffect(() => {
    enterDemo(firstRole(stamp), stamp);
    return leave;
  }, [enterDemo, leave, stamp]);

  switch (state.step) {
    case 'starting':
      return <Starting stamp={stamp} />;
    case 'failed':
      return <Starting stamp={stamp} problem={state.message} onRetry={state.again} />;
    case 'sign in':
      return (
        <SignIn
          onToken={openTokenSession}
          onOpen={(session) =>
            void enter(
              () => Promise.resolve(session),
              () => undefined,
            )
          }
        />
      );
    case 'open': {
      const { session } = state;
      const choose = (as: DemoRole): void => {
        keepRoleInAddress(as);
        setState({ step: 'starting' });
        enterDemo(as, null);
      };
      return (
        <ApolloProvider client={session.client} key={session.accountId}>
          <AnnouncerProvider>
            <ToastProvider>
              <Shell session={session} onChooseRole={choose} />
            </ToastProvider>
          </AnnouncerProvider>
        </ApolloProvider>
      );
    }
  }
}
