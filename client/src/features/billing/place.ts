import { leftKey } from '../../domain/buying.js';
import type { PlanCode } from '../../gql/operations.js';

/** A checkout that somebody left for: of which account, and for what. */
export type LeftFor = { accountId: string } & ({ purchaseId: string } | { plan: PlanCode } | { method: true });

/** Where a checkout leads back to: the page as it is, with everything that its address says. */
export function returnUrl(): string {
  return location.href;
}

/** Leaves for the checkout of the payment provider; the page tells what came of it when this tab comes back. */
export function leaveFor(checkoutUrl: string, left: LeftFor): void {
  try {
    sessionStorage.setItem(leftKey, JSON.stringify(left));
  } catch {
    // Billing shows it all the same.
  }
  location.assign(checkoutUrl);
}

/** The checkout that this tab left for, told once; null: none, or of another account. */
export function takeLeft(accountId: string): LeftFor | null {
  try {
    const left = JSON.parse(sessionStorage.getItem(leftKey) ?? 'null') as LeftFor | null;
    if (left?.accountId !== accountId) return null;
    sessionStorage.removeItem(leftKey);
    return left;
  } catch {
    return null;
  }
}
