import { isolate } from '../../../kit/check-text.js';
import { asKept, type EventKind } from './event-kind.js';

type BudgetFacts = {
  /** uuid. */
  readonly budgetId: string;
  readonly budgetName: string;
};

/*
 * Neither says figures or a member: everybody who hears of the account's events may read them, and a budget that names a member is that
 * member's business.
 */

/** Most of a budget is used, spent or on hold. */
export const BUDGET_LOW: EventKind<BudgetFacts> = {
  means:
    '80 % of a budget is used; `budgetId` says which. Once a window, and again after a release brought it below 70 %.',
  formats: [asKept],
  describe: ({ budgetName }) => `Four fifths of the budget ${isolate(budgetName)} are used.`,
};

/** All of a budget is used, spent or on hold. */
export const BUDGET_EXHAUSTED: EventKind<BudgetFacts> = {
  means: 'A budget is used up; `budgetId` says which. Once a window, and again after a release brought it below 70 %.',
  formats: [asKept],
  describe: ({ budgetName }) => `The budget ${isolate(budgetName)} is used up.`,
};
