import { BUDGETS_MAX, type BudgetState, changedBudget } from '../budget.js';
import type { CommandBase, CommandKind, Keyed } from '../command.js';
import { grouped } from '../../../kit/grouped.js';
import { answer, type Decided, type Decision, refuseAmount, rowReceipt } from '../decision.js';
import { usableCredits } from '../hold-credits.js';
import { missingTallies } from '../missing-tallies.js';
import { keptCredits } from '../set-asides.js';
import { GroupDraft } from '../group-draft.js';
import type { NotFound, Refused, RowAnswer } from '../outcome.js';
import type { DecisionContext } from '../rules.js';
import type { LoadedAccount } from '../state.js';

/** What a budget says, as it was asked for. */
export type BudgetAsked = Pick<BudgetState, (typeof FOR_EVER)[number] | 'name' | 'limit' | 'hard'>;

/** What cannot be changed of a budget. */
const FOR_EVER = ['creditType', 'project', 'member', 'eachMember', 'feature', 'type', 'window', 'setAside'] as const;

/** Makes a budget, or changes one. */
export interface SetBudgetCommand extends CommandBase {
  readonly type: 'set-budget';
  readonly keyed: Keyed;
  /** Of the budget to change; null: one is made. */
  readonly changes: string | null;
  /** Of the budget that it would make. */
  readonly newId: string;
  readonly budget: BudgetAsked;
}

export type BudgetAnswer = RowAnswer<'budgets'> | Refused | NotFound;

/**
 * Makes a budget, which counts from here on, or changes name, limit and hardness of one. What was counted stays: a limit below what is used
 * denies from now on and touches nothing that is held.
 *
 * @returns the budget; or a refusal: InvalidAmount naming what cannot be changed of it, `limit` where more would be set aside than is
 * free, or `accountId` when the account has as many budgets as it may
 * Source: docs/domain.md, Budgets
 */
function decideSetBudget(
  account: LoadedAccount,
  command: SetBudgetCommand,
  context: DecisionContext,
): Decision<BudgetAnswer> {
  const missing = missingTallies(account, []);
  if (missing !== null) return missing;
  if (command.changes !== null) return change(account, command, command.changes, context);
  const { head } = account;
  if (head.budgets >= BUDGETS_MAX)
    return refuseAmount('accountId', `An account has at most ${BUDGETS_MAX} budgets: remove one first.`);
  const tooMuch = findTooMuch(account, command.budget, 0, context.now);
  if (tooMuch !== null) return tooMuch;
  const draft = new GroupDraft(account, context);
  const budget: BudgetState = {
    accountId: head.id,
    id: command.newId,
    number: draft.version,
    ...command.budget,
    removedVersion: null,
    version: draft.version,
    createdAt: context.now,
  };
  draft.create('budgets', budget);
  draft.audit('budget.made', { budgetId: budget.id, ...command.budget });
  const group = draft.close('set-budget', command.actor.name, null, { budgets: head.budgets + 1 });
  return rowReceipt(group, 'budgets', budget.id, budget.creditType);
}

/**
 * A set-aside is made, or raised, by no more than what is available and not set aside yet.
 *
 * @param before  what was set aside before
 */
function findTooMuch(
  account: LoadedAccount,
  { setAside, limit, creditType }: BudgetAsked,
  before: number,
  now: number,
): Decided<Refused> | null {
  if (!setAside || limit <= before) return null;
  const kept = keptCredits(account, creditType, now).reduce((sum, { credits }) => sum + credits, 0);
  const max = before + usableCredits(account.head, creditType) - kept;
  if (limit <= max) return null;
  return refuseAmount('limit', `No more can be set aside than is available and not set aside yet: ${grouped(max)}.`, {
    max,
  });
}

function change(
  account: LoadedAccount,
  { budget, actor }: SetBudgetCommand,
  id: string,
  context: DecisionContext,
): Decided<BudgetAnswer> {
  const known = account.budgets.get(id);
  if (!known || known.removedVersion !== null) return answer({ kind: 'notFound' });
  const fixed = FOR_EVER.find((field) => known[field] !== budget[field]);
  if (fixed !== undefined)
    return refuseAmount(fixed, `Of a budget name, limit and hard can be changed, not ${fixed}: make another budget.`);
  const tooMuch = findTooMuch(account, budget, known.limit, context.now);
  if (tooMuch !== null) return tooMuch;
  const draft = new GroupDraft(account, context);
  const { name, limit, hard } = budget;
  draft.put('budgets', changedBudget(known, { name, limit, hard, version: draft.version }));
  draft.audit('budget.changed', {
    budgetId: id,
    name,
    limit,
    hard,
    nameBefore: known.name,
    limitBefore: known.limit,
    hardBefore: known.hard,
    creditType: known.creditType,
  });
  return rowReceipt(draft.close('set-budget', actor.name, null), 'budgets', id, known.creditType);
}

export const SET_BUDGET: CommandKind<SetBudgetCommand, BudgetAnswer> = {
  decide: decideSetBudget,
  cause: 'set-budget',
  names: ({ changes }) => (changes === null ? {} : { budgets: [changes] }),
};
