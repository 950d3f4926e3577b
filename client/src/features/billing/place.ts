import { rememberCheckout } from '../../domain/buying.js';
import type { LeftFor } from '../../domain/buying.js';

/** Where a checkout leads back to: the page as it is, with everything that its address says. */
export function returnUrl(): string {
  return location.href;
}

/** Leaves for the checkout of the payment provider; the page tells what came of it when this tab comes back. */
export function leaveFor(checkoutUrl: string, left: LeftFor): void {
  rememberCheckout(left);
  location.assign(checkoutUrl);
}
