import { t } from '@lingui/core/macro';
import { isMade } from '../../domain/work.js';
import type { Feature } from '../../gql/operations.js';
import { formatCredits, textLocale } from '../../ui/format.js';

type Balance = { available: number };
type Plan = { name: string; productionRoom: boolean };
type Operation = { name: string; feature: Feature; type: string; creditType: string; credits: number };

/** So many of one kind of work. */
export type Enough = { count: number; name: string };

/** What the balance is good for: work in the Production Room, or a sentence. */
export type GoodFor = { kind: 'production'; enough: readonly Enough[] } | { kind: 'said'; sentence: string };

const isPayable = ({ creditType, credits }: Operation, { available }: Balance): boolean =>
  creditType === 'STANDARD' && credits <= available;

/** Of the cheapest and of the dearest type that can be paid, how many of its cheapest work. */
function enoughOf(payable: readonly Operation[], { available }: Balance): Enough[] {
  const cheapest = new Map<string, Operation>();
  for (const each of payable.toSorted((a, b) => a.credits - b.credits))
    if (each.credits > 0 && !cheapest.has(each.type)) cheapest.set(each.type, each);
  const ends = new Set([[...cheapest.values()][0], [...cheapest.values()].at(-1)]);
  return [...ends]
    .filter((each) => each !== undefined)
    .map(({ name, credits }) => ({ count: Math.floor(available / credits), name }));
}

/** "Enough for about 12 × Short image or 2 × Short video". */
export function enoughInWords(enough: readonly Enough[]): string {
  const each = enough.map(({ count, name }) => `${formatCredits(count)} × ${name}`);
  return t`Enough for about ${new Intl.ListFormat(textLocale, { type: 'disjunction' }).format(each)}`;
}

/**
 * What can still be done with what is available, by the price list in force.
 *
 * A room in which nothing can be paid is never offered. A plan without that room says what its credits pay for instead.
 */
export function goodFor(balance: Balance, plan: Plan, operations: readonly Operation[]): GoodFor {
  const payable = operations.filter((each) => isPayable(each, balance));
  const made = payable.filter(isMade);
  if (plan.productionRoom && made.length > 0) return { kind: 'production', enough: enoughOf(made, balance) };
  const paid = payable.filter((each) => !isMade(each) && each.credits > 0);
  if (plan.productionRoom || paid.length === 0)
    return { kind: 'said', sentence: t`Uploads, text and standard scans stay open.` };
  const names = paid.map(({ name, credits }) => `${name} (${formatCredits(credits)})`);
  const listed = new Intl.ListFormat(textLocale, { type: 'conjunction' }).format(names);
  return { kind: 'said', sentence: t`On the ${plan.name} plan your credits pay for ${listed}.` };
}
