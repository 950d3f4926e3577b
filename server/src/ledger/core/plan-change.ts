import { boundary } from '../../accounts/periods.js';
import { type CreditType, type Plan, type PlanCode, readPlan } from '../../catalog/catalog.js';
import { beginPeriod, endingWith, grantOfPlan, takeOver } from './begin-period.js';
import type { Price } from './billing.js';
import { shelfOf } from './burn-order.js';
import type { Cause } from './cause.js';
import type { Group } from './group.js';
import type { GroupChanges } from './group-changes.js';
import { GroupDraft } from './group-draft.js';
import type { DecisionContext } from './rules.js';
import type { LoadedAccount, Period } from './state.js';

/**
 * What becomes of a wish for a plan. `same`: it is so already. `takes back`: the present plan stays after all. `schedules`: it takes over at
 * the boundary. `upgrades`: at once, within the period. `begins`: at once, with a period of its own.
 */
export type PlanStep = 'same' | 'takes back' | 'schedules' | 'upgrades' | 'begins';

/** What a change of the plan does: the one answer from which a preview is shown and a change is made. */
export interface PlanChange {
  readonly step: PlanStep;
  readonly plan: Plan;
  /** Epoch ms. */
  readonly effectiveAt: number;
  /** Granted at once. */
  readonly creditsNow: number;
  /** When these end, epoch ms; null: nothing is granted at once. */
  readonly creditsNowUntil: number | null;
  /** The period that begins with it; null: the present one goes on. */
  readonly period: Period | null;
  /** What whoever pays for it pays at once; null: nothing, or by agreement. */
  readonly price: Price | null;
  /** Unheld bought credits that can then not be used, by credit type. */
  readonly waitingAfter: Readonly<Record<CreditType, number>>;
  /** Unheld STANDARD credits that end when it takes effect. */
  readonly lost: number;
}

function stepTo({ head: { nextPlan } }: LoadedAccount, present: Plan, plan: Plan): PlanStep {
  if (plan.code === present.code) return nextPlan === null ? 'same' : 'takes back';
  if (plan.code === nextPlan) return 'same';
  if (present.code === 'FREE') return 'begins';
  return plan.rank > present.rank ? 'upgrades' : 'schedules';
}

/** The difference of two monthly prices; null: nothing is to be paid, or a price is by agreement. */
function priceBetween(present: Plan, plan: Plan): Price | null {
  if (plan.price === null || present.price === null) return null;
  const amountMinor = plan.price.amountMinor - present.price.amountMinor;
  return amountMinor > 0 ? { amountMinor, currency: plan.price.currency } : null;
}

function creditsAtOnce(step: PlanStep, { head }: LoadedAccount, { monthlyCredits }: Plan): number {
  if (step === 'begins') return monthlyCredits;
  return step === 'upgrades' ? Math.max(0, monthlyCredits - head.credits.STANDARD.allowance) : 0;
}

/**
 * What a wish for a plan comes to: the dry run and the change by one function.
 *
 * An upgrade grants what the new allowance is above the most that the plan granted in this period, so that nothing is granted twice. From
 * FREE a period of its own begins, with the anchor at now.
 *
 * Source: docs/domain.md, Plans
 */
export function planChange(account: LoadedAccount, code: PlanCode, context: DecisionContext): PlanChange {
  const { head } = account;
  const { catalog, now } = context;
  const present = readPlan(catalog, head.plan);
  const plan = readPlan(catalog, code);
  const step = stepTo(account, present, plan);
  const isAtOnce = step === 'upgrades' || step === 'begins' || plan.code === present.code;
  const effectiveAt = isAtOnce ? now : head.period.end;
  const begun = { number: head.period.number + 1, start: now, end: boundary(now, 1, head.timeZone) };
  const period = step === 'begins' ? begun : null;
  const creditsNow = creditsAtOnce(step, account, plan);
  return {
    step,
    plan,
    effectiveAt,
    creditsNow,
    creditsNowUntil: creditsNow === 0 ? null : (period ?? head.period).end,
    period,
    price: step === 'begins' ? plan.price : step === 'upgrades' ? priceBetween(present, plan) : null,
    waitingAfter: waitingOn(account, plan, effectiveAt),
    lost: step === 'begins' || !isAtOnce ? lostAt(account, plan, effectiveAt) : 0,
  };
}

function waitingOn({ grants }: LoadedAccount, plan: Plan, at: number): Record<CreditType, number> {
  const waiting = { STANDARD: 0, SCAN: 0 };
  for (const grant of grants.values()) {
    const hasEnded = grant.expiresAt !== null && grant.expiresAt <= at;
    if (!hasEnded && !grant.waits && shelfOf(grant, plan) === 'waiting') waiting[grant.creditType] += grant.available;
  }
  return waiting;
}

/** The rest of the plan's own grants, less what is carried over, and whatever else ends at that instant. */
function lostAt(account: LoadedAccount, plan: Plan, at: number): number {
  const { grants, credits, rolledOver } = endingWith(account, plan);
  let lost = credits - rolledOver;
  for (const grant of account.grants.values())
    if (grant.creditType === 'STANDARD' && grant.expiresAt === at && !grants.includes(grant)) lost += grant.available;
  return lost;
}

/**
 * Makes a change that `planChange` said, as one entry group; one that is so already has none.
 *
 * What waited becomes usable, or waits, in the same step without an entry; open holds stay as they are.
 *
 * @param actor  as entries name who acted
 */
export function changePlan(account: LoadedAccount, change: PlanChange, context: DecisionContext, actor: string): Group {
  const { head } = account;
  const { step, plan, period, effectiveAt } = change;
  const draft = new GroupDraft(account, context);
  if (step === 'schedules' || step === 'takes back') {
    const facts = { plan: plan.code, planBefore: head.plan, effectiveAt };
    draft.audit(step === 'schedules' ? 'plan.scheduled' : 'plan.kept', facts);
    return draft.close('schedule-plan', actor, null, { nextPlan: step === 'schedules' ? plan.code : null });
  }
  return makeChange(account, draft, change, context, {
    actor,
    cause: period === null ? 'change-plan' : 'begin-plan',
    also: {},
  });
}

/** Puts the account on the plan at once, in a group that may have more in it, and closes that. */
export function makeChange(
  account: LoadedAccount,
  draft: GroupDraft,
  { plan, period, creditsNow, effectiveAt }: PlanChange,
  context: DecisionContext,
  { actor, cause, also }: { readonly actor: string; readonly cause: Cause; readonly also: GroupChanges },
): Group {
  const { head } = account;
  takeOver(draft, head.plan, plan.code);
  draft.audit('plan.changed', { plan: plan.code, planBefore: head.plan, effectiveAt });
  if (period !== null) {
    beginPeriod(account, draft, period, plan, context);
    const moved = { ...also, period, anchorAt: period.start, anchorPeriod: period.number, nextPlan: null };
    return draft.close(cause, actor, null, moved, { start: true });
  }
  draft.credits('SCAN');
  if (creditsNow > 0) {
    const grant = grantOfPlan(head.period, 'UPGRADE', context);
    draft.create('grants', grant);
    draft.move('GRANT', grant.id, creditsNow, null);
  }
  draft.credits('STANDARD').allowance += creditsNow;
  return draft.close(cause, actor, null, { ...also, nextPlan: null }, { start: true });
}
