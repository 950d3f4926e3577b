import { TEXT_LENGTH_MAX } from '@aibc/shared/amounts';
import { type OwnedId, parseOwnedId } from '@aibc/shared/ids';
import { checkVisible, composed, isAtMost } from '../kit/check-text.js';
import { badUserInput } from '../kit/errors.js';
import type { BudgetAsked } from '../ledger/core/commands/set-budget.js';
import { findTooLong, type InvalidAmountRefusal, readMember, readNote } from '../ledger/graph/check-input.js';
import type { SetBudgetInput } from './budgets.types.js';

/** @throws BAD_USER_INPUT naming the field */
export function readBudgetId(field: string, id: string): OwnedId {
  const owned = parseOwnedId('budget', id);
  if (owned === null) throw badUserInput(field, `${field} is not the id of a budget, such as budget_01jq3….`);
  return owned;
}

/** What a budget is to say, well-formed, with defaults filled in. @throws BAD_USER_INPUT naming what is malformed */
export function readBudget(input: SetBudgetInput): BudgetAsked {
  const name = composed(input.name);
  if (name !== '') checkVisible('name', name);
  return {
    name,
    creditType: input.creditType,
    project: readNote('project', input.project),
    member: readMember(input.member),
    eachMember: input.eachMember,
    feature: input.feature ?? null,
    type: input.type ?? null,
    window: input.window,
    limit: input.limit,
    hard: input.hard,
    setAside: input.setAside,
  };
}

function invalid(field: string, message: string): InvalidAmountRefusal {
  return { kind: 'InvalidAmount', field, message };
}

/** What is well-typed and cannot be together, or is too long. */
export function findInvalidBudget(budget: BudgetAsked): InvalidAmountRefusal | null {
  const { name, project, member, eachMember, setAside } = budget;
  if (name === '' || !isAtMost(name, TEXT_LENGTH_MAX))
    return invalid('name', `name has 1 to ${TEXT_LENGTH_MAX} characters.`);
  const tooLong = findTooLong({ project, member });
  if (tooLong !== null) return tooLong;
  if (eachMember && member !== null)
    return invalid('eachMember', 'A budget is for one member or for each member: leave one of them out.');
  if (!setAside) return null;
  if (eachMember) return invalid('eachMember', 'Credits are set aside for a project or a member, not for each member.');
  return project === null && member === null
    ? invalid('setAside', 'Credits are set aside for a project or a member: name one.')
    : null;
}
