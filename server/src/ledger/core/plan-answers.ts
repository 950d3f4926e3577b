import type { PlanPaymentState } from './plan-payment.js';
import type { RefundState } from './purchase.js';

/** What a word of the provider about a plan's payment did. */
export interface PlanPaidAnswer {
  readonly kind: 'planPaid';
  readonly payment: PlanPaymentState;
  /** The payment pays for nothing, and goes back; null: it does not, or is on its way. */
  readonly refund: RefundState | null;
  /** The provider's id of a subscription that has to end with it. */
  readonly endsSubscription: string | null;
}

/** What a word of the provider about a renewal did. */
export interface RenewedAnswer {
  readonly kind: 'renewed';
  /** What of the payment pays for nothing, and goes back; null: nothing, or it is on its way. */
  readonly refund: RefundState | null;
}
