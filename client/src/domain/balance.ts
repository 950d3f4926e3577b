import type { BalanceFieldsFragment, CreditType } from '../gql/operations.js';
import { creditsInWords, formatCredits, formatPercent } from '../ui/format.js';

export type Tone = 'ok' | 'low' | 'empty';

type Level = Pick<BalanceFieldsFragment, 'level'>;
type Leveled = Pick<BalanceFieldsFragment, 'level' | 'creditType' | 'available'>;

/** A level that only holds made is worth a word, and shown, when it has lasted this long: work that fails is not charged. */
export const levelLastsMs = 3_000;

/** A plan that gives no credits, on an account that owns none: there is nothing to run low on. */
export function hasNoCreditsByPlan(balance: BalanceFieldsFragment, plan: { monthlyCredits: number } | null): boolean {
  // Before the plan is known its allowance tells.
  return (plan?.monthlyCredits ?? balance.allowance) === 0 && wholeOf(balance) === 0;
}

export function toneOf(balance: Level): Tone {
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
export function levelWord(balance: Level): string | null {
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
export function lowTitle(balance: Leveled): string | null {
  const word = levelWord(balance);
  if (word === null) return null;
  if (toneOf(balance) === 'empty')
    return balance.creditType === 'SCAN' ? 'You are out of scan credits' : 'You are out of credits';
  return `${word}: ${creditsOfInWords(balance.available, balance.creditType)} left`;
}

/** "1 credit" of one kind, "3 scan credits" of the other: the two never mix. */
export function creditsOfInWords(credits: number, creditType: CreditType): string {
  if (creditType !== 'SCAN') return creditsInWords(credits);
  return `${formatCredits(credits)} ${credits === 1 ? 'scan credit' : 'scan credits'}`;
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
