import { type Billing, type Price, type SavedMethod, type Subscription, withCustomer } from '../billing.js';
import { shownOf } from './payment-method.js';
import type { CommandBase, CommandKind } from '../command.js';
import { answer, type Decided } from '../decision.js';
import type { Group } from '../group.js';
import { GroupDraft } from '../group-draft.js';
import type { NotFound } from '../outcome.js';
import type { PlanPaidAnswer } from '../plan-answers.js';
import { makeChange, type PlanChange, planChange } from '../plan-change.js';
import { changedPlanPayment, type PlanPaymentState } from '../plan-payment.js';
import type { RefundState } from '../purchase.js';
import type { DecisionContext } from '../rules.js';
import type { LoadedAccount } from '../state.js';

/** What the provider says became of a plan's payment. */
export type PlanFact =
  | {
      readonly is: 'paid';
      /** The provider's id of the payment, unique for ever. */
      readonly paymentId: string;
      readonly price: Price;
      readonly receiptUrl: string | null;
      readonly customerRef: string | null;
      readonly method: SavedMethod | null;
      /** The subscription that it began. */
      readonly subscriptionRef: string | null;
    }
  | { readonly is: 'failed'; readonly declineCode: string }
  | { readonly is: 'canceled' }
  /** Where it is paid; for a charge of the saved method: where the buyer answers the bank. */
  | { readonly is: 'opened'; readonly ref: string; readonly url: string; readonly customerRef: string | null };

/** Does what the provider's word about a plan's payment means, once, however often, late or out of order it is told. */
export interface SettlePlanCommand extends CommandBase {
  readonly type: 'settle-plan';
  readonly planPaymentId: string;
  readonly fact: PlanFact;
  /** Under which the payment goes back, should it pay for nothing: the same for the same payment. */
  readonly refundId: string;
}

type Paid = Extract<PlanFact, { is: 'paid' }>;
type Settled = Decided<PlanPaidAnswer | NotFound>;

interface Settle {
  readonly account: LoadedAccount;
  readonly payment: PlanPaymentState;
  readonly command: SettlePlanCommand;
  readonly context: DecisionContext;
}

/**
 * Settles a plan's payment by what the provider says of it.
 *
 * Paid: the plan changes in the same group, also when the payment had been given up: the money is here. A payment counts once by its id. One
 * for a plan that is in force by then, or that cannot follow the present one as it was asked, goes back in full, and its subscription ends.
 *
 * @returns the payment as it then is, what goes back and is not known to be sent, and the subscription that has to end
 * Source: docs/domain.md, Plans
 */
function decideSettlePlan(account: LoadedAccount, command: SettlePlanCommand, context: DecisionContext): Settled {
  const payment = account.planPayments.get(command.planPaymentId);
  if (!payment) return answer({ kind: 'notFound' });
  const settle = { account, payment, command, context };
  const { fact } = command;
  if (fact.is === 'paid') return decidePaid(settle, fact);
  const isOver = payment.status !== 'PENDING';
  if (fact.is === 'opened' ? isOver || payment.checkoutRef !== null : payment.isSettled) return unchanged(payment);
  const draft = new GroupDraft(account, context);
  const { version } = draft;
  if (fact.is === 'opened') {
    const opened = changedPlanPayment(payment, { checkoutRef: fact.ref, checkoutUrl: fact.url, version });
    draft.put('planPayments', opened);
    const billing = withCustomer(account.head.billing, fact.customerRef);
    return written(draft.close('open-plan-checkout', command.actor.name, null, { billing }), opened);
  }
  const ends =
    fact.is === 'failed'
      ? ({ status: 'FAILED', declineCode: fact.declineCode } as const)
      : ({ status: 'CANCELED' } as const);
  // What was given up here stays so; the provider has now said for good that nobody will pay it.
  const ended = changedPlanPayment(payment, { ...(isOver ? {} : ends), isSettled: true, version });
  draft.put('planPayments', ended);
  const billing = withoutOpen(account.head.billing, payment.id);
  return written(draft.close('end-plan-payment', command.actor.name, null, { billing }), ended);
}

/** What a payment's plan has to be to the present one. A renewal is settled by a command of its own. */
const STEPS = { BEGINS: 'begins', UPGRADES: 'upgrades', RENEWS: null } as const;

function decidePaid(settle: Settle, fact: Paid): Settled {
  const { account, payment, command, context } = settle;
  if (payment.paymentId === fact.paymentId) return unchanged(payment);
  const known = account.refunds.get(command.refundId);
  if (known) return unchanged(payment, known.ref === null ? known : null, fact.subscriptionRef);
  const change = planChange(account, payment.plan, context);
  const isAsked =
    payment.paymentId === null &&
    payment.planBefore === account.head.plan &&
    STEPS[payment.reason] === change.step &&
    fact.price.amountMinor === payment.priceMinor &&
    fact.price.currency === payment.currency;
  return isAsked ? pay(settle, fact, change) : sendBack(settle, fact);
}

/** The plan changes, the payment is recorded and the subscription begins, in one group. */
function pay({ account, payment, context }: Settle, fact: Paid, change: PlanChange): Settled {
  const { head } = account;
  const draft = new GroupDraft(account, context);
  const { paymentId, receiptUrl } = fact;
  const periodNumber = (change.period ?? head.period).number;
  const paid = changedPlanPayment(payment, {
    status: 'PAID',
    declineCode: null,
    paymentId,
    receiptUrl,
    periodNumber,
    isSettled: true,
    version: draft.version,
    paidAt: context.now,
  });
  draft.put('planPayments', paid);
  draft.audit('plan.paid', { plan: payment.plan, paymentId, ...fact.price });
  const known = withCustomer(withoutOpen(head.billing, payment.id), fact.customerRef, fact.method);
  if (known?.method && known.method !== head.billing?.method)
    draft.audit('payment_method.saved', shownOf(known.method));
  const subscription = subscriptionAfter(known, payment, fact, change);
  const billing = known && { ...known, subscription };
  const cause = payment.reason === 'BEGINS' ? 'pay-plan' : 'pay-upgrade';
  return written(
    makeChange(account, draft, change, context, { actor: payment.askedBy, cause, also: { billing } }),
    paid,
  );
}

/** From now on the whole price of the plan is charged at each boundary; a payment that began no subscription begins none. What is owed stays owed. */
function subscriptionAfter(
  billing: Billing | null,
  { reason, plan }: PlanPaymentState,
  { subscriptionRef }: Paid,
  change: PlanChange,
): Subscription | null {
  const before = billing?.subscription ?? null;
  const { price } = change.plan;
  if (price === null) return before;
  if (reason === 'UPGRADES') return before && { ...before, plan, price };
  return subscriptionRef === null ? before : { ref: subscriptionRef, plan, price, status: 'ACTIVE', owed: null };
}

function sendBack({ account, payment, command, context }: Settle, fact: Paid): Settled {
  const draft = new GroupDraft(account, context);
  const { version } = draft;
  const refund: RefundState = {
    accountId: account.head.id,
    id: command.refundId,
    orderKind: 'plan',
    orderId: payment.id,
    provider: payment.provider,
    paymentId: fact.paymentId,
    amountMinor: fact.price.amountMinor,
    currency: fact.price.currency,
    reason: 'UNWANTED',
    ref: null,
    version,
    createdAt: context.now,
  };
  draft.create('refunds', refund);
  draft.audit('payment.returned', { paymentId: fact.paymentId, ...fact.price });
  const status = payment.status === 'PENDING' ? 'CANCELED' : payment.status;
  const ended = changedPlanPayment(payment, { status, isSettled: true, version });
  draft.put('planPayments', ended);
  const billing = withoutOpen(account.head.billing, payment.id);
  const group = draft.close('return-plan-payment', command.actor.name, null, { billing });
  return written(group, ended, refund, fact.subscriptionRef);
}

function withoutOpen(billing: Billing | null, paymentId: string): Billing | null {
  return billing?.planPaymentId === paymentId ? { ...billing, planPaymentId: null } : billing;
}

function unchanged(
  payment: PlanPaymentState,
  refund: RefundState | null = null,
  endsSubscription: string | null = null,
): Settled {
  return answer({ kind: 'planPaid', payment, refund, endsSubscription });
}

function written(
  group: Group,
  payment: PlanPaymentState,
  refund: RefundState | null = null,
  endsSubscription: string | null = null,
): Settled {
  const outcome = { kind: 'planPaid', payment, refund, endsSubscription } as const;
  return { kind: 'decided', group, keeps: false, outcome };
}

export const SETTLE_PLAN: CommandKind<SettlePlanCommand, PlanPaidAnswer | NotFound> = {
  decide: decideSettlePlan,
  names: ({ planPaymentId, refundId }) => ({ planPayments: [planPaymentId], refunds: [refundId] }),
};
