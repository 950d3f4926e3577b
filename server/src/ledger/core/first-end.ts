import { nextNotice } from './expiry-notice.js';
import { isOpenPurchase } from './purchase.js';
import type { AccountState, GrantState, RowsById } from './state.js';

/**
 * The next instant at which something of an account ends, or a notice of it comes, once a group was written: no later than that of anything that the
 * group opened or gave credits back to.
 *
 * @param rows  what the group made or changed, as it left them
 * @param head  the account before the group
 */
export function firstEnd(rows: RowsById, head: AccountState, now: number): number {
  let first = head.dueAt;
  for (const grant of rows.grants.values())
    if (grant.available > 0 && grant.expiresAt !== null)
      first = Math.min(first, endOrNotice(grant, grant.expiresAt, head, now));
  for (const { status, expiresAt } of rows.reservations.values())
    if (status === 'HELD') first = Math.min(first, expiresAt);
  if (rows.purchases.size > 0)
    for (const purchase of rows.purchases.values())
      if (isOpenPurchase(purchase)) first = Math.min(first, purchase.endsAt);
  return first;
}

/** What the plan grants ends without a notice. */
function endOrNotice(grant: GrantState, expiresAt: number, { noticed }: AccountState, now: number): number {
  if (grant.periodNumber !== null) return expiresAt;
  return nextNotice({ changedAt: now, noticed }, grant)?.at ?? expiresAt;
}
