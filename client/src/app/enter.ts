import { firstRole } from './role.js';
import { DemoUnavailable, openDemoSession } from './session.js';
import type { Stamp } from './stamp.js';
import type { State, Ways } from './state.js';

/**
 * Opens what the address and the server ask for.
 *
 * @returns null when the page is being left for the provider
 */
export async function enter(ways: Ways, stamp: Stamp | null): Promise<State | null> {
  if (ways.role !== null || stamp?.session !== undefined) return enterDemo(ways, stamp);
  const { enterOwn } = await import('./enter-own.js');
  const state = await enterOwn(ways);
  return state === 'demo' ? enterDemo(ways, stamp) : state;
}

async function enterDemo(ways: Ways, stamp: Stamp | null): Promise<State> {
  const as = ways.role ?? firstRole(stamp);
  ways.role = as;
  try {
    return { step: 'open', session: await openDemoSession(as, stamp) };
  } catch (error) {
    if (!(error instanceof DemoUnavailable)) throw error;
    ways.role = null;
    ways.way = { signIn: 'token' };
    return { step: 'signIn', way: ways.way, reason: null };
  }
}
