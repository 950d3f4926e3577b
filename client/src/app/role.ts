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

/** The account that an address names, where one signs in; null where it names none. */
export function accountIn(search: string): string | null {
  const asked = new URLSearchParams(search).get('account');
  return asked !== null && /^acct_\w{1,100}$/.test(asked) ? asked : null;
}

export function keepAccountInAddress(accountId: string): void {
  const address = new URL(location.href);
  if (address.searchParams.get('account') === accountId) return;
  address.searchParams.set('account', accountId);
  history.replaceState(history.state, '', address);
}

/**
 * The address of a room as a link on the present page has it: with the account that one looks at, and nothing else
 * of what the present address says. A filter belongs to the room that set it.
 *
 * @param search  the present address's
 */
export function addressOf(path: string, search: string): string {
  const as = roleIn(search);
  if (as !== null) return `${path}?as=${as}`;
  const account = accountIn(search);
  return account === null ? path : `${path}?account=${account}`;
}
