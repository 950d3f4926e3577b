import { isDemoRole } from './stamp.js';
import type { DemoRole, Stamp } from './stamp.js';

/** The account asked for by the address, else the stamped one, else Pro. */
export function firstRole(stamp: Stamp | null): DemoRole {
  const asked = new URLSearchParams(location.search).get('as');
  if (isDemoRole(asked)) return asked;
  return stamp?.session?.as ?? 'pro';
}

export function keepRoleInAddress(as: DemoRole): void {
  const address = new URL(location.href);
  if (address.searchParams.get('as') === as) return;
  address.searchParams.set('as', as);
  history.replaceState(history.state, '', address);
}
