import type { Plan } from '../../catalog/catalog.js';
import type { Billing, OwedRenewal, Subscription } from './billing.js';
import type { PlanPaymentState } from './plan-payment.js';
import { SYSTEM } from './system.js';
import type { AccountState, Period } from './state.js';
import type { DecisionContext } from './rules.js';

/** The subscription that an account's plan is paid by; null: none, or one that has ended. */
export function liveSubscription({ billing }: Pick<AccountState, 'billing'>): Subscription | null {
  const subscription = billing?.subscription ?? null;
  return subscription === null || subscription.status === 'ENDED' ? null : subscription;
}

/** Whether a charge is unpaid: a reset's allowance then waits from its grant on. */
export function isPastDue(head: Pick<AccountState, 'billing'>): boolean {
  return liveSubscription(head)?.status === 'PAST_DUE';
}

/** The renewal of the present period while it is not paid; null: it is, or nothing renews. */
export function owedRenewal(head: Pick<AccountState, 'billing'>): OwedRenewal | null {
  return liveSubscription(head)?.owed ?? null;
}

/** The group of a reset, as far as a renewal adds to it. */
interface Draft {
  readonly version: number;
  create(kind: 'planPayments', payment: PlanPaymentState): void;
}

/** What a reset begins. */
interface Begun {
  readonly period: Period;
  readonly plan: Plan;
  /** Of its allowance. */
  readonly grantId: string | null;
}

/**
 * A subscription renews with a reset: the provider charges the plan's price for the period that begins. Where the account leaves for a plan
 * that costs nothing, the subscription ends. What was owed for the period before is not waited for any more.
 *
 * @returns how the account pays then; undefined: as before
 * Source: docs/domain.md, Subscriptions
 */
export function renewed(
  head: AccountState,
  draft: Draft,
  { period, plan, grantId }: Begun,
  context: DecisionContext,
): Billing | undefined {
  const { billing } = head;
  const subscription = liveSubscription(head);
  if (billing === null || subscription === null) return undefined;
  const { price } = plan;
  if (price === null || price.amountMinor === 0)
    return { ...billing, subscription: { ...subscription, status: 'ENDED', owed: null } };
  const waits = subscription.status === 'PAST_DUE';
  const planPaymentId = context.rules.nextId();
  draft.create('planPayments', {
    accountId: head.id,
    id: planPaymentId,
    reason: 'RENEWS',
    status: waits ? 'FAILED' : 'PENDING',
    provider: head.sandbox ? 'sandbox' : 'stripe',
    plan: plan.code,
    planBefore: head.plan,
    priceMinor: price.amountMinor,
    currency: price.currency,
    askedBy: SYSTEM,
    returnUrl: null,
    methodRef: null,
    checkoutRef: subscription.ref,
    checkoutUrl: null,
    declineCode: null,
    paymentId: null,
    receiptUrl: null,
    periodNumber: period.number,
    version: draft.version,
    createdAt: period.start,
    endsAt: period.end,
    paidAt: null,
    isSettled: false,
  });
  const owed = { planPaymentId, grantId, waits };
  return { ...billing, subscription: { ...subscription, plan: plan.code, price, owed } };
}
