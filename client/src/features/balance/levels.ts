import type { BalanceFieldsFragment, PlanFieldsFragment } from '../../gql/operations.js';
import { creditsInWords, formatCredits, formatPercent } from '../../ui/format.js';

export type Tone = 'ok' | 'low' | 'empty';

/** A plan that gives no credits, on an account that owns none: there is nothing to run low on. */
export function hasNoCreditsByPlan(balance: BalanceFieldsFragment, plan: { monthlyCredits: number } | null): boolean {
  // Before the plan is known its allowance tells.
  return (plan?.monthlyCredits ?? balance.allowance) === 0 && wholeOf(balance) === 0;
}

export function toneOf(balance: BalanceFieldsFragment): Tone {
  switch (balance.level) {
    case 'OK':
      return 'ok';
    case 'EMPTY':
      return 'empty';
    default:
      return 'low';
  }
}

/** The level in a word; null when there is nothing to say. A level this page does not know yet reads as low. */
export function levelWord(balance: BalanceFieldsFragment): string | null {
  switch (balance.level) {
    case 'OK':
      return null;
    case 'CRITICAL':
      return 'Very low';
    case 'EMPTY':
      return 'Out of credits';
    default:
      return 'Low';
  }
}

/** "Very low: 4 credits left"; null while there are enough. */
export function lowTitle(balance: BalanceFieldsFragment): string | null {
  const word = levelWord(balance);
  if (word === null) return null;
  return toneOf(balance) === 'empty' ? 'You are out of credits' : `${word}: ${creditsInWords(balance.available)} left`;
}

/** What there was to spend this period: used, held and available. */
export function wholeOf(balance: BalanceFieldsFragment): number {
  return balance.used + balance.held + balance.available;
}

/** What the left of the allowance is left of; nothing where more than one allowance is in it, by upgrade or rollover. */
export function allowanceOf({ allowance, allowanceLeft }: BalanceFieldsFragment): { of?: number } {
  return allowance > 0 && allowanceLeft <= allowance ? { of: allowance } : {};
}

/** "38 of 100 credits used, 38%". */
export function usedSentence(balance: BalanceFieldsFragment): string {
  return `${formatCredits(balance.used)} of ${creditsInWords(wholeOf(balance))} used, ${formatPercent(balance.usedPercent)}`;
}

/** What the status region says of a passive change. */
export function balanceSentence(balance: BalanceFieldsFragment): string {
  const held = balance.held > 0 ? `, ${formatCredits(balance.held)} on hold` : '';
  return `${creditsInWords(balance.available)} available${held}.`;
}

/** Plans that would give more a period than this one, smallest first. */
export function largerPlans(
  plans: readonly PlanFieldsFragment[],
  plan: { monthlyCredits: number },
): PlanFieldsFragment[] {
  return plans
    .filter((each) => each.monthlyCredits > plan.monthlyCredits)
    .sort((a, b) => a.monthlyCredits - b.monthlyCredits);
}
