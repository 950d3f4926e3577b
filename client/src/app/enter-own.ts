import { NotSeen, isNotTaken, openProviderSession, openTokenSession } from './account-session.js';
import type { ProviderDoor } from './provider-door.js';
import type { Session } from './session.js';
import type { State, Ways } from './state.js';
import { askWaysIn, goOnAt, readKept, returnAt } from './ways-in.js';
import type { Way } from './ways-in.js';

/**
 * Opens an account of somebody who signs in, as the server asks for it.
 *
 * @returns null when the page is being left for the provider; `demo` when this is one
 */
export async function enterOwn(ways: Ways): Promise<State | 'demo' | null> {
  const { pasted, door } = ways;
  if (pasted !== null) return open(ways, () => openTokenSession(pasted));
  if (door !== null && door.token() !== '') return enterProvider(ways, door);
  const way = await askWaysIn();
  if (way.signIn === 'demo') return 'demo';
  ways.way = way;
  return way.signIn === 'token' ? { step: 'signIn', way, reason: null } : comeIn(ways, way);
}

/** A page of a server with a provider: comes back from it, is asked to sign in, or was reloaded. */
async function comeIn(ways: Ways, way: Way & { signIn: 'provider' }): Promise<State | null> {
  const { openProvider } = await import('./provider-door.js');
  const door = (ways.door ??= openProvider(way.provider));
  const back = returnAt(location.pathname);
  if (back === 'signed-in') {
    const arrival = await door.arrive();
    goOnAt(readKept().place);
    return arrival.isIn ? enterProvider(ways, door) : { step: 'signIn', way, reason: arrival.reason };
  }
  if (back === 'signed-out') {
    goOnAt(undefined);
    return { step: 'signIn', way, reason: 'signedOut' };
  }
  if (readKept().isIn !== true) return { step: 'signIn', way, reason: null };
  // A reload: the tokens went with the page that had them.
  await door.leave(true);
  return null;
}

function enterProvider(ways: Ways, door: ProviderDoor): Promise<State> {
  return open(ways, () => openProviderSession(door));
}

/** Opens a session of somebody who has signed in, or says what there is to do when that is not possible. */
async function open({ way }: Ways, openSession: () => Promise<Session>): Promise<State> {
  try {
    return { step: 'open', session: await openSession() };
  } catch (error) {
    if (error instanceof NotSeen) return { step: 'choose', notSeen: error };
    if (way === null || !isNotTaken(error)) throw error;
    return { step: 'signIn', way, reason: 'notTaken' };
  }
}
