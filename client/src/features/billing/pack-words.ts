import { plural, t } from '@lingui/core/macro';
import type { Pack } from '../../domain/offers.js';
import { formatCredits } from '../../ui/format.js';

/** How long the credits of a pack can be used, and what is unused be given back. */
export function lifeOf({ expiresAfterMonths, refundWindowDays }: Pack): string {
  const usable =
    expiresAfterMonths === null
      ? t`They never expire.`
      : plural(expiresAfterMonths, {
          one: `They can be used for ${formatCredits(expiresAfterMonths)} month.`,
          other: `They can be used for ${formatCredits(expiresAfterMonths)} months.`,
        });
  if (refundWindowDays === 0) return usable;
  const back = plural(refundWindowDays, {
    one: `What is unused can be refunded for ${formatCredits(refundWindowDays)} day.`,
    other: `What is unused can be refunded for ${formatCredits(refundWindowDays)} days.`,
  });
  return t`${usable} ${back}`;
}
