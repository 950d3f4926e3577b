import type { PlanCode } from '../../catalog/catalog.js';
import type { ProviderName } from './purchase.js';

/**
 * What a plan is paid for with: the first month of a plan that begins after FREE, the difference of an upgrade, or a renewal. For the first two
 * the plan changes in the group that records the payment. Source: docs/domain.md, Plans; Subscriptions
 */
export interface PlanPaymentState {
  readonly accountId: string;
  readonly id: string;
  /** `BEGINS`: it begins a subscription and a period of its own. `UPGRADES`: paid once, within the period. `RENEWS`: a month of a subscription. */
  readonly reason: 'BEGINS' | 'UPGRADES' | 'RENEWS';
  /** `FAILED`: a charge failed; of a renewal: this one's or an earlier one's, so that its allowance waits. It may still be paid. */
  readonly status: 'PENDING' | 'PAID' | 'FAILED' | 'CANCELED';
  readonly provider: ProviderName;
  readonly plan: PlanCode;
  /** The plan that it was asked on. */
  readonly planBefore: PlanCode;
  /** Minor units. */
  readonly priceMinor: number;
  readonly currency: string;
  /** Who asked, as entries name who acted. */
  readonly askedBy: string;
  readonly returnUrl: string | null;
  /** The provider's id of the saved method that is charged for it without the buyer; null: it is paid at a checkout, or by the subscription. */
  readonly methodRef: string | null;
  /** The provider's id of the checkout, and where it is; null: not there yet. Of a renewal: the provider's id of the subscription. */
  readonly checkoutRef: string | null;
  readonly checkoutUrl: string | null;
  readonly declineCode: string | null;
  /** The provider's id of the payment, unique for ever. */
  readonly paymentId: string | null;
  readonly receiptUrl: string | null;
  /** The period that it paid for; a renewal says from its beginning for which it is to pay. */
  readonly periodNumber: number | null;
  /** The account version that last changed it. */
  readonly version: number;
  readonly createdAt: number;
  /** Until when it can be paid. */
  readonly endsAt: number;
  readonly paidAt: number | null;
  /** Nothing more is to be asked of the provider about it, or done there. */
  readonly isSettled: boolean;
}

/** What may change of a plan payment. */
export type PlanPaymentField =
  | 'status'
  | 'checkoutRef'
  | 'checkoutUrl'
  | 'declineCode'
  | 'paymentId'
  | 'receiptUrl'
  | 'periodNumber'
  | 'isSettled'
  | 'paidAt';

/** They change rarely: a spread is fast enough. */
export function changedPlanPayment(
  payment: PlanPaymentState,
  changes: Partial<Pick<PlanPaymentState, PlanPaymentField>> & Pick<PlanPaymentState, 'version'>,
): PlanPaymentState {
  return { ...payment, ...changes };
}

/** Whether it can still be paid at its checkout: one is open per account. */
export function isOpenPlanPayment({ status, endsAt }: PlanPaymentState, now: number): boolean {
  return status === 'PENDING' && now < endsAt;
}
