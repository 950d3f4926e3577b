import type { PlanCode } from '../../../catalog/catalog.js';
import { balanceOf } from '../balance.js';
import type { CommandBase, CommandKind, Keyed } from '../command.js';
import { type Decided, refuse } from '../decision.js';
import type { NotFound, PlanAnswer, PlanPreview, Refused } from '../outcome.js';
import { changePlan, planChange } from '../plan-change.js';
import type { DecisionContext } from '../rules.js';
import type { LoadedAccount } from '../state.js';

/** Puts an account on another plan, at once or at the boundary. */
export interface ChangePlanCommand extends CommandBase {
  readonly type: 'change-plan';
  readonly keyed: Keyed;
  readonly plan: PlanCode;
  /** Whether whoever asks has to pay through this service for what costs something. */
  readonly pays: boolean;
}

export type ChangePlanAnswer = PlanAnswer | Refused | NotFound;

/**
 * Puts an account on another plan: up at once, down at the boundary, from FREE with a period of its own.
 *
 * A wish for what is so already (the plan in force with nothing scheduled, or the plan that is scheduled) is answered and nothing is
 * written: the caller has what it asked for, and a retry under another key must not look like a failure.
 *
 * @returns since when or from when on the plan is in force; or a refusal: PaymentsUnavailable
 * Source: docs/domain.md, Plans
 */
function decideChangePlan(
  account: LoadedAccount,
  { plan, pays, actor }: ChangePlanCommand,
  context: DecisionContext,
): Decided<PlanAnswer | Refused> {
  const change = planChange(account, plan, context);
  if (pays && (change.step === 'begins' || change.step === 'upgrades')) return refuse({ kind: 'PaymentsUnavailable' });
  const group = change.step === 'same' ? null : changePlan(account, change, context, actor.name);
  const head = group?.head ?? account.head;
  const { effectiveAt } = change;
  return {
    kind: 'decided',
    group,
    keeps: true,
    outcome: { kind: 'plan', account: head, balance: balanceOf(head, 'STANDARD'), effectiveAt, replayed: false },
  };
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
