import type { PlanCode } from '../../../catalog/catalog.js';
import { type Billing, NO_BILLING } from '../billing.js';
import { balanceOf } from '../balance.js';
import type { CommandBase, CommandKind, Keyed } from '../command.js';
import { type Decided, type Needing, needs, refuse, rowReceipt, sameReceipt } from '../decision.js';
import { GroupDraft } from '../group-draft.js';
import type { NotFound, PlanAnswer, PlanPreview, Refused, RowAnswer } from '../outcome.js';
import { changePlan, type PlanChange, planChange } from '../plan-change.js';
import { changedPlanPayment, isOpenPlanPayment, type PlanPaymentState } from '../plan-payment.js';
import type { ProviderName } from '../purchase.js';
import { liveSubscription } from '../renewal.js';
import type { DecisionContext } from '../rules.js';
import type { LoadedAccount } from '../state.js';

/** Puts an account on another plan, at once or at the boundary; whoever has to pay for it is given a payment first. */
export interface ChangePlanCommand extends CommandBase {
  readonly type: 'change-plan';
  readonly keyed: Keyed;
  readonly plan: PlanCode;
  /** How whoever asks pays through this service for what costs something; null: nothing is paid here. */
  readonly payment: PlanOrder | null;
}

/** What a payment is made with, should there have to be one. */
interface PlanOrder {
  readonly id: string;
  /** Who takes the money; null: nobody. */
  readonly provider: ProviderName | null;
  readonly returnUrl: string | null;
}

export type ChangePlanAnswer = PlanAnswer | RowAnswer<'planPayments'> | Refused | NotFound;

/** How long a plan can be paid at its checkout. */
const CHECKOUT_MS = 24 * 3_600_000;

/**
 * Puts an account on another plan: up at once, down at the boundary, from FREE with a period of its own.
 *
 * A wish for what is so already (the plan in force with nothing scheduled, or the plan that is scheduled) is answered and nothing is
 * written: the caller has what it asked for, and a retry under another key must not look like a failure. Whoever pays is answered with a
 * payment; one is open per account, and a second wish is answered with the first.
 *
 * @returns since when or from when on the plan is in force, or what is to be paid first; or a refusal: PaymentsUnavailable
 * Source: docs/domain.md, Plans
 */
function decideChangePlan(
  account: LoadedAccount,
  command: ChangePlanCommand,
  context: DecisionContext,
): Decided<PlanAnswer | RowAnswer<'planPayments'> | Refused> | Needing {
  const change = planChange(account, command.plan, context);
  const { payment } = command;
  const ordered = payment === null ? null : orderPayment(account, payment, change, context, command.actor.name);
  if (ordered !== null) return ordered;
  const group = change.step === 'same' ? null : changePlan(account, change, context, command.actor.name);
  const head = group?.head ?? account.head;
  const { effectiveAt } = change;
  return {
    kind: 'decided',
    group,
    keeps: true,
    outcome: { kind: 'plan', account: head, balance: balanceOf(head, 'STANDARD'), effectiveAt, replayed: false },
  };
}

/** What is to be paid first; null: nothing. */
function orderPayment(
  account: LoadedAccount,
  { id: planPaymentId, provider, returnUrl }: PlanOrder,
  change: PlanChange,
  context: DecisionContext,
  actor: string,
): Decided<RowAnswer<'planPayments'> | Refused> | Needing | null {
  const { step, plan, price } = change;
  if (step !== 'begins' && step !== 'upgrades') return null;
  if (plan.price !== null && (price === null || price.amountMinor === 0)) return null;
  if (price === null || provider === null) return refuse({ kind: 'PaymentsUnavailable' });
  const { head } = account;
  const openId = head.billing?.planPaymentId ?? null;
  const open = openId === null ? null : account.planPayments.get(openId);
  if (openId !== null && open === undefined) return needs({ rows: { planPayments: [openId] } });
  if (open && isOpenPlanPayment(open, context.now)) return sameReceipt(account, 'planPayments', open.id, 'STANDARD');
  const draft = new GroupDraft(account, context);
  const { version } = draft;
  if (open?.status === 'PENDING') draft.put('planPayments', changedPlanPayment(open, { status: 'CANCELED', version }));
  const payment: PlanPaymentState = {
    accountId: head.id,
    id: planPaymentId,
    reason: step === 'begins' ? 'BEGINS' : 'UPGRADES',
    status: 'PENDING',
    provider,
    plan: plan.code,
    planBefore: head.plan,
    priceMinor: price.amountMinor,
    currency: price.currency,
    askedBy: actor,
    returnUrl,
    methodRef: step === 'upgrades' ? methodToCharge(head.billing) : null,
    checkoutRef: null,
    checkoutUrl: null,
    declineCode: null,
    paymentId: null,
    receiptUrl: null,
    periodNumber: null,
    version,
    createdAt: context.now,
    endsAt: context.now + CHECKOUT_MS,
    paidAt: null,
    isSettled: false,
  };
  draft.create('planPayments', payment);
  draft.audit('plan.ordered', { plan: plan.code, planBefore: head.plan, ...price });
  const before = head.billing ?? NO_BILLING;
  const group = draft.close('order-plan', actor, null, { billing: { ...before, planPaymentId } });
  return rowReceipt(group, 'planPayments', planPaymentId, 'STANDARD');
}

/** Whoever pays by a subscription pays an upgrade by the saved method, at once. */
function methodToCharge(billing: Billing | null): string | null {
  return liveSubscription({ billing }) === null ? null : (billing?.method?.ref ?? null);
}

export const CHANGE_PLAN: CommandKind<ChangePlanCommand, ChangePlanAnswer> = {
  decide: decideChangePlan,
  cause: 'change-plan',
};

/** Asks what a change of the plan would do. Nothing is written, except that what is due is closed before. */
export interface PreviewPlanCommand extends CommandBase {
  readonly type: 'preview-plan';
  readonly plan: PlanCode;
}

export const PREVIEW_PLAN: CommandKind<PreviewPlanCommand, PlanPreview | NotFound> = {
  decide: (account, { plan }, context) => ({
    kind: 'decided',
    group: null,
    keeps: false,
    outcome: { kind: 'planPreview', change: planChange(account, plan, context) },
  }),
};
