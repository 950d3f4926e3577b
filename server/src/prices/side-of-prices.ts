import type { Caller } from '../auth/caller.js';
import { forbidden } from '../kit/errors.js';

/**
 * The side whose prices a caller is about: a sandbox caller's is its own, whatever it says.
 *
 * @returns whether it is that of sandbox accounts
 * @throws FORBIDDEN for who does not see all accounts of that side
 */
export function sideOfPrices(caller: Caller, asked: boolean): boolean {
  if (caller.accounts !== 'all') throw forbidden('Prices are those of all accounts, and you see single ones only.');
  const sandbox = asked || !caller.sides.includes('live');
  if (sandbox && !caller.sides.includes('sandbox')) throw forbidden('You do not see sandbox accounts.');
  return sandbox;
}
