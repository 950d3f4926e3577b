import { useCallback, useEffect, useEffectEvent, useState } from 'react';
import { messageOf } from '../apollo/retry.js';
import { enter } from './enter.js';
import { accountIn, keepAccountInAddress, keepRoleInAddress, roleIn } from './role.js';
import type { Session } from './session.js';
import type { DemoRole, Stamp } from './stamp.js';
import type { State, Ways } from './state.js';

/** Between two tries to open a session. */
const openAgainMs = 3_000;

/**
 * The one session of the page: opened by itself in demo mode, and where the provider still knows one; opened again when that fails;
 * left when its access ends.
 *
 * @param first  the stamped session, already open; this closes it
 */
export function useSession(stamp: Stamp | null, first: Session | null) {
  const [state, setState] = useState<State>(first === null ? { step: 'starting' } : { step: 'open', session: first });
  const [one] = useState(() => holdOne(first));
  const start = useCallback(
    (from: Stamp | null): void => {
      void one.open(from).then((next) => {
        if (next !== null) setState(next);
      });
    },
    [one],
  );

  useEffect(() => {
    if (one.isHeld(null)) start(stamp);
    return one.leave;
  }, [one, start, stamp]);

  // A session that could not be opened is tried again by itself, as what fails within one is.
  useEffect(() => {
    if (state.step !== 'failed') return;
    const timer = setTimeout(() => start(null), openAgainMs);
    return () => clearTimeout(timer);
  }, [state, start]);

  // Asking on with a token that the server refuses would be refused for ever.
  useEffect(() => {
    if (state.step !== 'open') return;
    const { session } = state;
    session.onOver(() => {
      if (one.isHeld(session)) setState(one.end());
    });
  }, [state, one]);

  const again = (): void => {
    setState({ step: 'starting' });
    start(null);
  };
  const choose = (as: DemoRole): void => {
    one.want(as);
    keepRoleInAddress(as);
    again();
  };
  const switchTo = (accountId: string): void => {
    keepAccountInAddress(accountId);
    again();
  };
  useFollow(state, one.wanted, (as) => (as === null ? again() : choose(as)));

  return {
    state,
    /** Goes on as another demo account. */
    choose,
    /** Goes on with another of the viewer's accounts. */
    switchTo,
    /** Tries at once to open what could not be opened. */
    again,
    /** Goes on with a session that the viewer opened by a token. */
    begin: (session: Session, token: string): void => {
      one.holdPasted(session, token);
      setState({ step: 'open', session });
    },
    /** Leaves the page for the provider. */
    signIn: (): void => one.signIn(),
    signOut: (): void => setState(one.signOut()),
  };
}

/**
 * Back and forward may lead to another account, also while one is being opened.
 *
 * @param wanted  gives the demo account that was asked for last; null where one signs in
 */
function useFollow(state: State, wanted: () => DemoRole | null, onOther: (as: DemoRole | null) => void): void {
  const follow = useEffectEvent(() => {
    const present = wanted();
    const role = roleIn(location.search);
    if (present !== null) {
      if (role !== null && role !== present) onOther(role);
      return;
    }
    if (state.step !== 'open') return;
    const { accountId, accounts } = state.session;
    const account = accountIn(location.search);
    if (account !== accountId && accounts.some(({ id }) => id === account)) onOther(null);
  });
  useEffect(() => {
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
}

/** Opens one session at a time: what was asked for before the last is closed again, whenever it arrives. */
function holdOne(first: Session | null) {
  const ways: Ways = { role: first?.as ?? null, way: null, door: null, pasted: null };
  let held = first;
  let asked = 0;
  const leave = (): void => {
    asked++;
    held?.close();
    held = null;
  };
  return {
    isHeld: (session: Session | null): boolean => held === session,
    holdPasted: (session: Session, token: string): void => {
      ways.pasted = token;
      held = session;
    },
    /** The demo account that was asked for last; null where one signs in. */
    wanted: (): DemoRole | null => ways.role,
    /** The next session is this demo account's. */
    want: (as: DemoRole): void => void (ways.role = as),
    signIn: (): void => void ways.door?.leave(false),
    leave,
    /** Opens a session in place of the present one; null when another was asked for meanwhile, or the page is being left. */
    open: async (stamp: Stamp | null): Promise<State | null> => {
      leave();
      const turn = asked;
      const next = await enter(ways, stamp).catch((error: unknown): State => ({
        step: 'failed',
        message: messageOf(error),
      }));
      const session = next?.step === 'open' ? next.session : null;
      if (turn !== asked) {
        session?.close();
        return null;
      }
      held = session;
      if (session !== null && session.as !== null) keepRoleInAddress(session.as);
      return next;
    },
    /** No token is taken any more: one has to sign in again. */
    end: (): State => {
      leave();
      ways.role = null;
      ways.pasted = null;
      return { step: 'signIn', way: ways.way ?? { signIn: 'token' }, reason: 'ended' };
    },
    signOut: (): State => {
      leave();
      const isPasted = ways.pasted !== null;
      ways.pasted = null;
      if (ways.door === null || isPasted)
        return { step: 'signIn', way: ways.way ?? { signIn: 'token' }, reason: 'signedOut' };
      void ways.door.signOut();
      return { step: 'starting' };
    },
  };
}
