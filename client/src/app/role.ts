import { isDemoRole } from './stamp.js';
import type { DemoRole, Stamp } from './stamp.js';

/** The demo account that an address asks for; null where it names none. */
export function roleIn(search: string): DemoRole | null {
  const asked = new URLSearchParams(search).get('as');
  return isDemoRole(asked) ? asked : null;
}

/** The account asked for by the address, else the stamped one, else Pro. */
export function firstRole(stamp: Stamp | null): DemoRole {
  return roleIn(location.search) ?? stamp?.session?.as ?? 'pro';
}

export function keepRoleInAddress(as: DemoRole): void {
  const address = new URL(location.href);
  if (address.searchParams.get('as') === as) return;
  address.searchParams.set('as', as);
  history.replaceState(history.state, '', address);
}

/**
 * The address of a room as a link on the present page has it: with the demo account that one looks through, and nothing else
 * of what the present address says. A filter belongs to the room that set it.
 *
 * @param search  the present address's
 */
export function addressOf(path: string, search: string): string {
  const as = roleIn(search);
  return as === null ? path : `${path}?as=${as}`;
}
