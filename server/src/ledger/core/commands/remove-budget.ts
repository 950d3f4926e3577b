import { changedBudget } from '../budget.js';
import type { CommandBase, CommandKind } from '../command.js';
import { answer, type Decided } from '../decision.js';
import { GroupDraft } from '../group-draft.js';
import type { BudgetRemoved, NotFound } from '../outcome.js';
import type { DecisionContext } from '../rules.js';
import type { LoadedAccount } from '../state.js';

/** Ends a budget. */
export interface RemoveBudgetCommand extends CommandBase {
  readonly type: 'remove-budget';
  readonly budgetId: string;
}

/**
 * Ends a budget: it denies, warns and keeps nothing any more. Holds that count in it stay as they are. One that was removed before is answered
 * as removed, so that a retry is safe. Source: docs/domain.md, Budgets
 */
function decideRemoveBudget(
  account: LoadedAccount,
  { budgetId, actor }: RemoveBudgetCommand,
  context: DecisionContext,
): Decided<BudgetRemoved | NotFound> {
  const budget = account.budgets.get(budgetId);
  if (!budget) return answer({ kind: 'notFound' });
  if (budget.removedVersion !== null) return answer({ kind: 'budgetRemoved' });
  const draft = new GroupDraft(account, context);
  draft.put('budgets', changedBudget(budget, { removedVersion: draft.version, version: draft.version }));
  draft.audit('budget.removed', { budgetId, name: budget.name });
  const group = draft.close('remove-budget', actor.name, null, { budgets: account.head.budgets - 1 });
  return { kind: 'decided', group, keeps: false, outcome: { kind: 'budgetRemoved' } };
}

export const REMOVE_BUDGET: CommandKind<RemoveBudgetCommand, BudgetRemoved | NotFound> = {
  decide: decideRemoveBudget,
  names: ({ budgetId }) => ({ budgets: [budgetId] }),
};
