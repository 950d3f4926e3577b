import { readPlan } from '../../catalog/catalog.js';
import { takeOver } from './begin-period.js';
import type { Subscription } from './billing.js';
import type { Group } from './group.js';
import { GroupDraft } from './group-draft.js';
import { changedPlanPayment } from './plan-payment.js';
import type { DecisionContext } from './rules.js';
import type { LoadedAccount } from './state.js';

/**
 * The provider charges for the plan no more. With the period unpaid the plan is FREE at once: what is left of the unpaid allowance is revoked, and
 * what its holds give back later too. With the period paid, FREE takes over at the boundary.
 *
 * @param subscription  the account's, not ended before; its owed renewal is loaded
 * Source: docs/domain.md, Subscriptions
 */
export function endPlan(
  account: LoadedAccount,
  subscription: Subscription,
  context: DecisionContext,
  actor: string,
): Group {
  const { head } = account;
  const { owed = null } = subscription;
  const draft = new GroupDraft(account, context);
  const ended: Subscription = { ...subscription, status: 'ENDED', owed: null };
  const billing = head.billing && { ...head.billing, subscription: ended };
  draft.audit('plan.ended', { plan: head.plan, isPaid: owed === null });
  if (owed === null) return draft.close('end-subscription', actor, null, { billing, nextPlan: 'FREE' });
  const { version } = draft;
  const renewal = account.planPayments.get(owed.planPaymentId);
  if (renewal) draft.put('planPayments', changedPlanPayment(renewal, { status: 'CANCELED', version }));
  takeOver(draft, head.plan, readPlan(context.catalog, 'FREE').code);
  const grant = owed.grantId === null ? undefined : account.grants.get(owed.grantId);
  if (grant) {
    if (grant.available > 0) draft.move('REVOKE', grant.id, grant.available, null);
    draft.mark(grant.id, { recalled: true });
  }
  return draft.close('end-plan', actor, null, { billing, nextPlan: null }, { start: true });
}
