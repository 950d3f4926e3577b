import { useQuery } from '@apollo/client/react';
import { readingOf } from '../apollo/reading.js';
import { OffersDocument } from '../gql/operations.js';
import type { CreditType, OffersQuery, PlanFieldsFragment } from '../gql/operations.js';
import { digits, formatMoney, textLocale } from '../ui/format.js';
import type { Reading } from '../ui/reading.js';

export type Pack = OffersQuery['creditPacks'][number];

/** Everything that is sold: plans and packs. What covers a certain shortfall a quote and a refusal say. */
export function useOffers(): Reading<OffersQuery> {
  return readingOf(useQuery(OffersDocument), (data) => data);
}

/** What one gets: the credits paid for and those on top. */
export function creditsOf(pack: Pick<Pack, 'credits' | 'bonusCredits'>): number {
  return pack.credits + pack.bonusCredits;
}

/** The packs that a plan may buy, smallest first; none where it may not, or before it is known. */
export function packsFor(
  packs: readonly Pack[],
  plan: Pick<PlanFieldsFragment, 'canPurchase'> | null,
  creditType: CreditType = 'STANDARD',
): Pack[] {
  if (plan?.canPurchase !== true) return [];
  return packs
    .filter((pack) => pack.creditType === creditType)
    .sort((a, b) => creditsOf(a) - creditsOf(b) || a.price.amountMinor - b.price.amountMinor);
}

/** The plan that gives the next more credits a period than this one; null for the largest. */
export function nextPlan(
  plans: readonly PlanFieldsFragment[],
  plan: Pick<PlanFieldsFragment, 'monthlyCredits'>,
): PlanFieldsFragment | null {
  const larger = plans.filter((each) => each.monthlyCredits > plan.monthlyCredits);
  return larger.sort((a, b) => a.monthlyCredits - b.monthlyCredits)[0] ?? null;
}

type Price = Pack['price'];

/** "$29.00": a price; null of a plan that is priced by agreement. */
export function priceOf(sold: { price: Price }): string;
export function priceOf(sold: { price: Price | null }): string | null;
export function priceOf({ price }: { price: Price | null }): string | null {
  return price === null ? null : formatMoney(price.amountMinor, price.currency);
}

/** "$0.116": what one of its credits costs, to a tenth of the currency's smallest unit. */
export function pricePerCredit(pack: Pack, locale: string = textLocale): string | null {
  const { amountMinor, currency } = pack.price;
  if (creditsOf(pack) === 0) return null;
  const options = { ...digits, style: 'currency', currency } as const;
  const decimals = new Intl.NumberFormat(locale, options).resolvedOptions().maximumFractionDigits ?? 2;
  const format = new Intl.NumberFormat(locale, { ...options, maximumFractionDigits: decimals + 1 });
  return format.format(amountMinor / 10 ** decimals / creditsOf(pack));
}
