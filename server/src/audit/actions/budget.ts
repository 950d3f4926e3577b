import { isolate } from '../../kit/check-text.js';
import { grouped } from '../../kit/grouped.js';
import { type ActionKind, asKept } from './action-kind.js';

type Terms = { readonly name: string; readonly limit: number; readonly hard: boolean; readonly creditType: string };

type BudgetMade = Terms & {
  /** uuid. */
  readonly budgetId: string;
  readonly project: string | null;
  readonly member: string | null;
  readonly eachMember: boolean;
  readonly feature: string | null;
  readonly type: string | null;
  readonly window: string;
  readonly setAside: boolean;
};

type BudgetChanged = Terms & {
  readonly budgetId: string;
  readonly nameBefore: string;
  readonly limitBefore: number;
  readonly hardBefore: boolean;
};

function creditsOf({ limit, creditType }: Pick<Terms, 'limit' | 'creditType'>): string {
  return `${grouped(limit)} ${creditType === 'SCAN' ? 'scan ' : ''}credit${limit === 1 ? '' : 's'}`;
}

const strength = (hard: boolean): string => (hard ? 'denies beyond it' : 'only warns');

function subjectOf({ project, member, eachMember, feature, type }: BudgetMade): string {
  const parts = [
    project === null ? null : `the project ${isolate(project)}`,
    member === null ? null : `the member ${isolate(member)}`,
    eachMember ? 'each member' : null,
    feature,
    type,
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'the whole account' : parts.join(', ');
}

/** Somebody made a budget. */
export const BUDGET_MADE: ActionKind<BudgetMade> = {
  formats: [asKept],
  describe: (made) =>
    made.setAside
      ? `Made the budget ${isolate(made.name)}: ${creditsOf(made)} a ${made.window} are kept for ${subjectOf(made)}.`
      : `Made the budget ${isolate(made.name)}: ${creditsOf(made)} a ${made.window} for ${subjectOf(made)}; it ${strength(made.hard)}.`,
};

/** Somebody changed a budget's name, limit or hardness. */
export const BUDGET_CHANGED: ActionKind<BudgetChanged> = {
  formats: [asKept],
  describe: ({ name, limit, hard, creditType, nameBefore, limitBefore, hardBefore }) =>
    `Changed the budget ${isolate(nameBefore)}: from ${creditsOf({ limit: limitBefore, creditType })} (${strength(hardBefore)}) to ${creditsOf({ limit, creditType })} (${strength(hard)})${name === nameBefore ? '' : `, named ${isolate(name)}`}.`,
};

/** Somebody removed a budget. */
export const BUDGET_REMOVED: ActionKind<{ readonly budgetId: string; readonly name: string }> = {
  formats: [asKept],
  describe: ({ name }) => `Removed the budget ${isolate(name)}.`,
};
