import type { OffersQuery } from '../../gql/operations.js';
import { viewerLocale } from '../../ui/format.js';

export type Pack = OffersQuery['creditPacks'][number];

/** What one gets: the credits paid for and those on top. */
export function creditsOf(pack: Pick<Pack, 'credits' | 'bonusCredits'>): number {
  return pack.credits + pack.bonusCredits;
}

/** The packs of general credits, smallest first, and the first that covers what is missing; null when none does. */
export function packsFor(packs: readonly Pack[], shortfall: number): { packs: Pack[]; enough: Pack | null } {
  const sorted = packs
    .filter((pack) => pack.creditType === 'STANDARD')
    .sort((a, b) => creditsOf(a) - creditsOf(b) || a.price.amountMinor - b.price.amountMinor);
  return { packs: sorted, enough: sorted.find((pack) => creditsOf(pack) >= shortfall) ?? null };
}

/** "$0.116": what one of its credits costs, to a tenth of the currency's smallest unit. */
export function pricePerCredit(pack: Pack, locale: string = viewerLocale): string | null {
  const { amountMinor, currency } = pack.price;
  if (creditsOf(pack) === 0) return null;
  const options = { style: 'currency', currency } as const;
  const digits = new Intl.NumberFormat(locale, options).resolvedOptions().maximumFractionDigits ?? 2;
  const format = new Intl.NumberFormat(locale, { ...options, maximumFractionDigits: digits + 1 });
  return format.format(amountMinor / 10 ** digits / creditsOf(pack));
}
