import { t } from '@lingui/core/macro';
import { isMade } from '../../domain/work.js';
import type { Feature } from '../../gql/operations.js';
import { formatCredits, textLocale } from '../../ui/format.js';

type Balance = { available: number };
type Plan = { name: string; productionRoom: boolean };
type Operation = { name: string; feature: Feature; creditType: string; credits: number };

/** What the balance is good for: a way into the Production Room, or a sentence. */
export type GoodFor = { kind: 'production' } | { kind: 'said'; sentence: string };

const isPayable = ({ creditType, credits }: Operation, { available }: Balance): boolean =>
  creditType === 'STANDARD' && credits <= available;

/**
 * What can still be done with what is available, by the price list in force.
 *
 * A room in which nothing can be paid is never offered. A plan without that room says what its credits pay for instead.
 */
export function goodFor(balance: Balance, plan: Plan, operations: readonly Operation[]): GoodFor {
  const [made, other] = [true, false].map((isOurs) =>
    operations.filter((each) => isMade(each) === isOurs && isPayable(each, balance)),
  );
  if (plan.productionRoom && made !== undefined && made.length > 0) return { kind: 'production' };
  const paid = (other ?? []).filter(({ credits }) => credits > 0);
  if (plan.productionRoom || paid.length === 0)
    return { kind: 'said', sentence: t`Uploads, text and standard scans stay open.` };
  const names = paid.map(({ name, credits }) => `${name} (${formatCredits(credits)})`);
  const listed = new Intl.ListFormat(textLocale, { type: 'conjunction' }).format(names);
  return { kind: 'said', sentence: t`On the ${plan.name} plan your credits pay for ${listed}.` };
}
