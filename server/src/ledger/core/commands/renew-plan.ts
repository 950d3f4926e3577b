import type { Billing, OwedRenewal, Price, Subscription } from '../billing.js';
import type { CommandBase, CommandKind } from '../command.js';
import { answer, type Decided, type Needing, needs } from '../decision.js';
import type { Group } from '../group.js';
import { GroupDraft } from '../group-draft.js';
import type { NotFound } from '../outcome.js';
import type { RenewedAnswer } from '../plan-answers.js';
import { changedPlanPayment, type PlanPaymentState } from '../plan-payment.js';
import type { RefundState } from '../purchase.js';
import { liveSubscription } from '../renewal.js';
import type { DecisionContext } from '../rules.js';
import type { LoadedAccount } from '../state.js';
import { endPlan } from '../end-plan.js';

/** What the provider says of a subscription's renewals. */
export type RenewalFact =
  | {
      readonly is: 'paid';
      /** The provider's id of the payment, unique for ever. */
      readonly paymentId: string;
      readonly price: Price;
      readonly receiptUrl: string | null;
    }
  | { readonly is: 'failed'; readonly declineCode: string }
  /** It is charged no more. */
  | { readonly is: 'voided' }
  /** The provider gave up on the subscription, or it was ended there. */
  | { readonly is: 'ended' };

/** Does what the provider's word about a renewal means, once, however often, late or out of order it is told. */
export interface RenewPlanCommand extends CommandBase {
  readonly type: 'renew-plan';
  readonly subscriptionRef: string;
  /** The renewal that it is about; for a payment that no renewal belongs to, some payment of the account's plans. Null: `ended`. */
  readonly planPaymentId: string | null;
  readonly fact: RenewalFact;
  /** Under which goes back what pays for nothing: the same for the same payment. */
  readonly refundId: string;
}

type Paid = Extract<RenewalFact, { is: 'paid' }>;
type Renewed = Decided<RenewedAnswer | NotFound>;

interface Renew {
  readonly account: LoadedAccount;
  readonly payment: PlanPaymentState;
  /** The subscription, while it is the account's and has not ended. */
  readonly subscription: Subscription | null;
  readonly command: RenewPlanCommand;
  readonly context: DecisionContext;
}

/**
 * Settles a renewal by what the provider says of it.
 *
 * Paid: what waited for it can be used. A payment for a period whose allowance could not be used any more counts for the present one, if that is
 * owed; what pays for nothing goes back. Failed for the first time: what is left of the allowance waits. Given up: FREE at once, and what is
 * left of the unpaid allowance is revoked, what its holds give back too; with the period paid, FREE takes over at the boundary.
 *
 * @returns what goes back and is not known to be sent
 * Source: docs/domain.md, Subscriptions
 */
function decideRenewPlan(
  account: LoadedAccount,
  command: RenewPlanCommand,
  context: DecisionContext,
): Renewed | Needing {
  const { subscriptionRef, planPaymentId, fact, actor } = command;
  const live = liveSubscription(account.head);
  const subscription = live?.ref === subscriptionRef ? live : null;
  const owed = subscription?.owed ?? null;
  if (owed !== null && !account.planPayments.has(owed.planPaymentId))
    return needs({ rows: { planPayments: [owed.planPaymentId] } });
  if (fact.is === 'ended')
    return subscription === null ? unchanged() : written(endPlan(account, subscription, context, actor.name));
  const payment = planPaymentId === null ? undefined : account.planPayments.get(planPaymentId);
  if (!payment) return answer({ kind: 'notFound' });
  const renew = { account, payment, subscription, command, context };
  switch (fact.is) {
    case 'paid':
      return decidePaid(renew, fact);
    case 'failed':
      return decideFailed(renew, fact.declineCode);
    case 'voided':
      return decideVoided(renew);
  }
}

/** The renewal for which a payment counts; null: for none. */
function paidFor({ account, payment, subscription }: Renew, { price }: Paid): PlanPaymentState | null {
  if (payment.reason !== 'RENEWS' || payment.paymentId !== null) return null;
  const owed = subscription?.owed ?? null;
  // Its allowance could be used in its own time, or is the present one.
  const isOwn = payment.status === 'PENDING' || payment.id === owed?.planPaymentId;
  const target = isOwn ? payment : owed && account.planPayments.get(owed.planPaymentId);
  const isEnough = target?.currency === price.currency && price.amountMinor >= target.priceMinor;
  return isEnough ? target : null;
}

function decidePaid(renew: Renew, fact: Paid): Renewed {
  const { account, payment, subscription, command, context } = renew;
  const known = account.refunds.get(command.refundId);
  if (known) return unchanged(known.ref === null ? known : null);
  if (payment.paymentId === fact.paymentId) return unchanged();
  const draft = new GroupDraft(account, context);
  const target = paidFor(renew, fact);
  const owed = subscription?.owed ?? null;
  if (target === null) {
    const refund = sendBack(renew, draft, fact, fact.price.amountMinor);
    // Too little was charged for what is owed: it is as if nothing had been.
    if (payment.id !== owed?.planPaymentId)
      return written(draft.close('return-plan-payment', command.actor.name, null), refund);
    const billing = fail(renew, draft, owed, 'too_little_charged');
    return written(draft.close('fail-renewal', command.actor.name, null, { billing }), refund);
  }
  const isOwed = target.id === owed?.planPaymentId;
  const { version } = draft;
  const { paymentId, receiptUrl } = fact;
  if (target.id !== payment.id) draft.put('planPayments', changedPlanPayment(target, { status: 'CANCELED', version }));
  const paid = {
    status: 'PAID',
    declineCode: null,
    paymentId,
    receiptUrl,
    isSettled: true,
    paidAt: context.now,
  } as const;
  draft.put('planPayments', changedPlanPayment(payment, { ...paid, periodNumber: target.periodNumber, version }));
  draft.audit('plan.paid', { plan: target.plan, paymentId, ...fact.price });
  const excess = fact.price.amountMinor - target.priceMinor;
  const refund = excess > 0 ? sendBack(renew, draft, fact, excess) : null;
  const billing = isOwed ? settle(account, draft, subscription, owed) : undefined;
  return written(draft.close('renew-plan', command.actor.name, null, { billing }), refund);
}

/** Nothing is owed any more, and nothing waits. */
function settle(
  { head, grants }: LoadedAccount,
  draft: GroupDraft,
  subscription: Subscription | null,
  { waits, grantId }: OwedRenewal,
): Billing | undefined {
  if (waits && grantId !== null && grants.has(grantId)) draft.mark(grantId, { waits: false });
  if (head.billing === null || subscription === null) return undefined;
  return { ...head.billing, subscription: { ...subscription, status: 'ACTIVE', owed: null } };
}

/** What the payment pays for nothing with goes back. */
function sendBack(
  { account, payment, command, context }: Renew,
  draft: GroupDraft,
  fact: Paid,
  amountMinor: number,
): RefundState {
  const { paymentId, price } = fact;
  const refund: RefundState = {
    accountId: account.head.id,
    id: command.refundId,
    orderKind: 'plan',
    orderId: payment.id,
    provider: payment.provider,
    paymentId,
    amountMinor,
    currency: price.currency,
    reason: 'UNWANTED',
    ref: null,
    version: draft.version,
    createdAt: context.now,
  };
  draft.create('refunds', refund);
  draft.audit('payment.returned', { paymentId, amountMinor, currency: price.currency });
  return refund;
}

function decideFailed(renew: Renew, declineCode: string): Renewed {
  const { account, payment, subscription, command, context } = renew;
  if (payment.reason !== 'RENEWS' || payment.declineCode !== null) return unchanged();
  if (payment.status !== 'PENDING' && payment.status !== 'FAILED') return unchanged();
  const owed = subscription?.owed ?? null;
  const draft = new GroupDraft(account, context);
  const isOwed = payment.id === owed?.planPaymentId;
  // A period that is over was used: nothing is left that could wait.
  if (!isOwed) return unchanged();
  const billing = fail(renew, draft, owed, declineCode);
  return written(draft.close('fail-renewal', command.actor.name, null, { billing }));
}

/** The allowance waits, and whoever has to know is told. */
function fail(
  { account, payment, subscription }: Renew,
  draft: GroupDraft,
  owed: OwedRenewal,
  declineCode: string,
): Billing | undefined {
  const { head, grants } = account;
  draft.put('planPayments', changedPlanPayment(payment, { status: 'FAILED', declineCode, version: draft.version }));
  const grant = owed.grantId === null ? undefined : grants.get(owed.grantId);
  if (grant && !owed.waits) draft.mark(grant.id, { waits: true });
  draft.tell('PLAN_PAYMENT_FAILED', 'STANDARD', { plan: payment.plan, credits: grant?.available ?? 0 });
  draft.audit('plan.unpaid', { plan: payment.plan, declineCode });
  if (head.billing === null || subscription === null) return undefined;
  const failed: Subscription = { ...subscription, status: 'PAST_DUE', owed: { ...owed, waits: true } };
  return { ...head.billing, subscription: failed };
}

/** Only what is not owed any more is charged no more. */
function decideVoided({ account, payment, subscription, command, context }: Renew): Renewed {
  const isOwed = payment.id === subscription?.owed?.planPaymentId;
  if (isOwed || payment.isSettled) return unchanged();
  const draft = new GroupDraft(account, context);
  const voided = changedPlanPayment(payment, { status: 'CANCELED', isSettled: true, version: draft.version });
  draft.put('planPayments', voided);
  return written(draft.close('void-renewal', command.actor.name, null));
}

function unchanged(refund: RefundState | null = null): Renewed {
  return answer({ kind: 'renewed', refund });
}

function written(group: Group, refund: RefundState | null = null): Renewed {
  return { kind: 'decided', group, keeps: false, outcome: { kind: 'renewed', refund } };
}

export const RENEW_PLAN: CommandKind<RenewPlanCommand, RenewedAnswer | NotFound> = {
  decide: decideRenewPlan,
  names: ({ planPaymentId, refundId }) => ({
    planPayments: planPaymentId === null ? [] : [planPaymentId],
    refunds: [refundId],
  }),
};
