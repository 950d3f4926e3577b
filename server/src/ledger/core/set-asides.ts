import type { PricedOperations } from '../../catalog/price-operations.js';
import {
  type BudgetedLine,
  type BudgetedWork,
  type BudgetState,
  EVERYBODY,
  isAboutLine,
  isAboutWork,
} from './budget.js';
import { windowAt } from './budget-window.js';
import { counterOf, tallyOf } from './counters.js';
import { usableCredits } from './hold-credits.js';
import type { LoadedAccount } from './state.js';
import type { CreditType } from '../../catalog/catalog.js';

/** Credits that a set-aside keeps now. */
export interface Kept {
  readonly budget: BudgetState;
  readonly credits: number;
}

/**
 * What an account's set-asides keep at an instant, the oldest first: each what its window has left of its limit, as far as older ones leave
 * something. Nothing is moved for it.
 *
 * Source: docs/domain.md, Budgets
 */
export function keptCredits(account: LoadedAccount, creditType: CreditType, now: number): Kept[] {
  const setAsides: BudgetState[] = [];
  for (const budget of account.budgets.values())
    if (budget.setAside && budget.creditType === creditType && budget.removedVersion === null) setAsides.push(budget);
  if (setAsides.length === 0) return [];
  setAsides.sort((a, b) => a.number - b.number);
  const tally = tallyOf(account.tallies, EVERYBODY);
  let rest = usableCredits(account.head, creditType);
  return setAsides.map((budget) => {
    const counter = counterOf(tally, budget.number, windowAt(budget.window, now, account.head).start);
    const left = Math.max(0, budget.limit - (counter?.consumed ?? 0) - (counter?.held ?? 0));
    const credits = Math.min(left, rest);
    rest -= credits;
    return { budget, credits };
  });
}

/** How much of what one set-aside keeps some work may not use: nothing, where all that the work costs is what it is kept for. */
function keptFromWork({ budget, credits }: Kept, work: BudgetedWork, lines: readonly BudgetedLine[]): number {
  if (credits === 0 || !isAboutWork(budget, work)) return credits;
  let own = 0;
  let total = 0;
  for (const line of lines) {
    total += line.credits;
    if (isAboutLine(budget, line)) own += line.credits;
  }
  return own === total ? 0 : Math.max(0, credits - own);
}

/**
 * How much of what is available is kept for other work than this. What is kept for work that is about some of its lines is used by those.
 *
 * @param sees  which set-asides count; left out: all
 */
export function keptForOthers(
  account: LoadedAccount,
  work: BudgetedWork,
  lines: readonly BudgetedLine[],
  now: number,
  sees: (budget: BudgetState) => boolean = () => true,
): number {
  let credits = 0;
  for (const kept of keptCredits(account, work.creditType, now))
    if (sees(kept.budget)) credits += keptFromWork(kept, work, lines);
  return credits;
}

/** Priced lines as budgets see them. */
export function budgetedLines({ lines }: Pick<PricedOperations, 'lines'>): BudgetedLine[] {
  return lines.map(({ operation: { feature, type }, credits }) => ({ feature, type, credits }));
}

/** How much of what is available is kept for other work than what was priced. */
export type KeptFor = (pricing: PricedOperations) => number;

/** The same for work of a project and a member; null: the account has no budgets. */
export function keptFor(
  account: LoadedAccount,
  { project, member }: Pick<BudgetedWork, 'project' | 'member'>,
  now: number,
): KeptFor | null {
  if (account.head.budgets === 0) return null;
  return (pricing) =>
    keptForOthers(account, { creditType: pricing.creditType, project, member }, budgetedLines(pricing), now);
}
