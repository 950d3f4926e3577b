import { plural, t } from '@lingui/core/macro';
import type { BalanceFieldsFragment, CreditType } from '../gql/operations.js';
import type { StripParts } from '../ui/Strip.js';
import { creditsInWords, formatCredits } from '../ui/format.js';

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
      return t`Very low`;
    case 'EMPTY':
      return t`Out of credits`;
    default:
      return t`Low`;
  }
}

/** "Very low: 4 credits left"; null while there are enough. */
export function lowTitle(balance: Leveled): string | null {
  const word = levelWord(balance);
  if (word === null) return null;
  if (toneOf(balance) === 'empty')
    return balance.creditType === 'SCAN' ? t`You are out of scan credits` : t`You are out of credits`;
  const left = creditsOfInWords(balance.available, balance.creditType);
  return t`${word}: ${left} left`;
}

/** "1 credit" of one kind, "3 scan credits" of the other: the two never mix. */
export function creditsOfInWords(credits: number, creditType: CreditType): string {
  if (creditType !== 'SCAN') return creditsInWords(credits);
  const number = formatCredits(credits);
  return plural(credits, { one: `${number} scan credit`, other: `${number} scan credits` });
}

/** What there was to spend this period: used, held and available. */
export function wholeOf(balance: BalanceFieldsFragment): number {
  return balance.used + balance.held + balance.available;
}

/** What the left of the allowance is left of; nothing where more than one allowance is in it, by upgrade or rollover. */
export function allowanceOf({ allowance, allowanceLeft }: BalanceFieldsFragment): { of?: number } {
  return allowance > 0 && allowanceLeft <= allowance ? { of: allowance } : {};
}

/** A balance as the one bar shows it, with the same in words: "62 credits left, 5 on hold, 33 used". */
export function stripOf(balance: BalanceFieldsFragment): StripParts & { text: string } {
  // Where there never was anything, nothing ran out.
  const tone = wholeOf(balance) === 0 ? 'ok' : toneOf(balance);
  const left = creditsOfInWords(balance.available, balance.creditType);
  const [held, used] = [formatCredits(balance.held), formatCredits(balance.used)];
  return {
    left: balance.available,
    held: balance.held,
    gone: balance.used,
    tone: tone === 'empty' ? 'out' : tone,
    text: balance.held > 0 ? t`${left} left, ${held} on hold, ${used} used` : t`${left} left, ${used} used`,
  };
}

/** What the status region says of a passive change. */
export function balanceSentence(balance: BalanceFieldsFragment): string {
  const available = creditsInWords(balance.available);
  const held = formatCredits(balance.held);
  return balance.held > 0 ? t`${available} available, ${held} on hold.` : t`${available} available.`;
}
