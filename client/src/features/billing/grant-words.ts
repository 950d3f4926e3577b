import { t } from '@lingui/core/macro';
import type { GrantSource } from '../../gql/billing.js';

/** Where credits came from, in a word of the product. A source that this page does not know yet reads as its plain kind. */
export function sourceWord(source: GrantSource): string {
  switch (source) {
    case 'ALLOWANCE':
      return t`monthly`;
    case 'UPGRADE':
      return t`upgrade`;
    case 'ROLLOVER':
      return t`carried over`;
    case 'PURCHASE':
      return t`bought`;
    case 'BONUS':
      return t`bonus`;
    case 'PROMOTION':
      return t`gift`;
    default:
      return t`correction`;
  }
}
