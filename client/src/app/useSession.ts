import { t } from '@lingui/core/macro';
import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import { messageOf } from '../apollo/retry.js';
import { firstRole, keepRoleInAddress, roleIn } from './role.js';
import { DemoUnavailable, openDemoSession } from './session.js';
import type { Session } from './session.js';
import type { DemoRole, Stamp } from './stamp.js';

type State =
  | { step: 'starting' }
  | { step: 'open'; session: Session }
  | { step: 'signIn'; reason: string | null }
  | { step: 'failed'; message: string; as: DemoRole };

const accessEnded = (): string => t`Your access has ended. Sign in again to go on.`;

/** Between two tries to open a session. */
const openAgainMs = 3_000;

/**
 * The one session of the page: opened by itself in demo mode, opened again when that fails, left when its access ends.
 *
 * @param first  the stamped session, already open; this closes it
 */
export function useSession(stamp: Stamp | null, first: Session | null) {
  const [state, setState] = useState<State>(first === null ? { step: 'starting' } : { step: 'open', session: first });
  const { isHeld, hold, wanted, enter, leave, signOut } = useOneSession(first);
  const show = useCallback((next: State | null) => {
    if (next !== null) setState(next);
  }, []);

  useEffect(() => {
    if (isHeld(null)) void enter(firstRole(stamp), stamp).then(show);
    return leave;
  }, [isHeld, enter, show, leave, stamp]);

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
      if (!isHeld(session)) return;
      signOut();
      setState({ step: 'signIn', reason: accessEnded() });
    });
  }, [state, isHeld, signOut]);

  const choose = (as: DemoRole): void => {
    keepRoleInAddress(as);
    setState({ step: 'starting' });
    void enter(as, null).then(show);
  };

  // Back and forward may lead to another demo account.
  const follow = useEffectEvent(() => {
    const role = roleIn(location.search);
    const present = wanted();
    if (present !== null && role !== null && role !== present) choose(role);
  });
  useEffect(() => {
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);

  const begin = (session: Session): void => {
    hold(session);
    setState({ step: 'open', session });
  };
  return {
    state,
    /** Goes on as another demo account. */
    choose,
    /** Goes on with a session that the viewer signed in to. */
    begin,
  };
}

/** Opens one session at a time: what was asked for before the last is closed again, whenever it arrives. */
function useOneSession(first: Session | null) {
  const open = useRef(first);
  const asked = useRef(0);
  const role = useRef(first?.as ?? null);

  const isHeld = useCallback((session: Session | null) => open.current === session, []);
  const hold = useCallback((session: Session) => void (open.current = session), []);
  /** The demo account that was asked for last; null where one signs in. */
  const wanted = useCallback(() => role.current, []);

  const leave = useCallback(() => {
    asked.current++;
    open.current?.close();
    open.current = null;
  }, []);
  const signOut = useCallback(() => {
    leave();
    role.current = null;
  }, [leave]);

  /** Opens a session in place of the present one; null when another was asked for meanwhile. */
  const enter = useCallback(
    async (as: DemoRole, from: Stamp | null): Promise<State | null> => {
      leave();
      role.current = as;
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
          role.current = null;
          return { step: 'signIn', reason: null };
        }
        return { step: 'failed', message: messageOf(error), as };
      }
    },
    [leave],
  );
  return { isHeld, hold, wanted, enter, leave, signOut };
}
