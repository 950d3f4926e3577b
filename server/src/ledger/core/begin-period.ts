import { type Plan, type PlanCode, readPlan } from '../../catalog/catalog.js';
import { compareBurnOrder } from './burn-order.js';
import { emptyGrant } from './empty-grant.js';
import type { GroupDraft } from './group-draft.js';
import type { DecisionContext } from './rules.js';
import type { AccountState, GrantState, LoadedAccount, Period } from './state.js';

/** Whether a grant ends with its period, in the same step: what the plan granted does. */
export function endsWithPeriod(grant: GrantState, period: Period): boolean {
  return (
    (grant.source === 'ALLOWANCE' || grant.source === 'UPGRADE' || grant.source === 'ROLLOVER') &&
    grant.expiresAt === period.end
  );
}

/** A grant of the plan's allowance for a period, still empty. */
export function newAllowance(
  head: Pick<AccountState, 'plan'>,
  period: Period,
  context: DecisionContext,
  waits = false,
): { grant: GrantState; credits: number } {
  const credits = readPlan(context.catalog, head.plan).monthlyCredits;
  return { credits, grant: grantOfPlan(period, 'ALLOWANCE', context, waits) };
}

/** A grant of the plan that lasts as long as a period, still empty. */
export function grantOfPlan(
  period: Period,
  source: 'ALLOWANCE' | 'ROLLOVER' | 'UPGRADE',
  { now, rules }: DecisionContext,
  waits = false,
): GrantState {
  return emptyGrant({
    id: rules.nextId(),
    creditType: 'STANDARD',
    source,
    effectiveAt: now,
    expiresAt: period.end,
    createdAt: now,
    periodNumber: period.number,
    reason: null,
    waits,
  });
}

/** What ends with a period and nobody holds: all of it, and how much of it a plan carries over. What waits for its payment is not carried over. */
export function endingWith(
  account: LoadedAccount,
  plan: Plan,
): { readonly grants: readonly GrantState[]; readonly credits: number; readonly rolledOver: number } {
  const grants = [...account.grants.values()].filter(
    (grant) => grant.available > 0 && endsWithPeriod(grant, account.head.period),
  );
  const sum = (some: readonly GrantState[]) => some.reduce((credits, { available }) => credits + available, 0);
  const mayRollOver = sum(grants.filter(({ source, waits }) => source !== 'ROLLOVER' && !waits));
  return { grants, credits: sum(grants), rolledOver: Math.min(plan.rolloverCap, mayRollOver) };
}

/** Puts the account on another plan from now on, and says so. */
export function takeOver(draft: GroupDraft, planBefore: PlanCode, plan: PlanCode): void {
  draft.changePlan(plan);
  draft.tell('PLAN_CHANGED', 'STANDARD', { plan, planBefore });
}

/**
 * Ends the period that is open and begins another: the unheld rest of what the plan granted expires or is carried over, the new allowance
 * is granted, one event says so. Close the group with the new period, as a start.
 *
 * @param plan  of the period that begins: its allowance, and how much it carries over
 * @param waits  whether the allowance waits for a payment
 * @returns the grant of the allowance; null: there is none
 * Source: docs/domain.md, Periods and resets
 */
export function beginPeriod(
  account: LoadedAccount,
  draft: GroupDraft,
  period: Period,
  plan: Plan,
  context: DecisionContext,
  waits = false,
): string | null {
  const standard = draft.credits('STANDARD');
  const scan = draft.credits('SCAN');
  const { grants, credits: ended, rolledOver } = endingWith(account, plan);
  for (const grant of [...grants].sort(compareBurnOrder)) draft.move('EXPIRE', grant.id, grant.available, null);
  if (rolledOver > 0) {
    const rollover = grantOfPlan(period, 'ROLLOVER', context);
    draft.create('grants', rollover);
    draft.move('GRANT', rollover.id, rolledOver, null);
  }
  const { grant, credits } = newAllowance({ plan: plan.code }, period, context, waits);
  if (credits > 0) {
    draft.create('grants', grant);
    draft.move('GRANT', grant.id, credits, null);
  }
  standard.used = 0;
  scan.used = 0;
  standard.allowance = credits;
  draft.tell('PERIOD_RESET', 'STANDARD', {
    reset: { period, forfeited: ended - rolledOver, rolledOver, granted: credits, nextResetAt: period.end },
  });
  return credits > 0 ? grant.id : null;
}
