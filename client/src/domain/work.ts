import { t } from '@lingui/core/macro';
import type { Feature, ReservationFieldsFragment } from '../gql/operations.js';
import { formatCredits } from '../ui/format.js';

type Ended = Pick<ReservationFieldsFragment, 'status' | 'outcome' | 'held' | 'committed'>;

/** "Short image", "4 × Short image and 1 more": work by the names of the price list. */
export function nameOf({ lines }: Pick<ReservationFieldsFragment, 'lines'>): string {
  const [first] = lines;
  if (first === undefined) return t`Work`;
  const { quantity, operation } = first;
  const name = quantity === 1 ? operation.name : `${formatCredits(quantity)} × ${operation.name}`;
  const more = formatCredits(lines.length - 1);
  return lines.length === 1 ? name : t`${name} and ${more} more`;
}

/**
 * What became of the credits of a piece of work: on hold, spent, or why it cost nothing.
 *
 * Work of which a part is spent while the rest is on hold is *partly spent*. An end that this page does not know yet is
 * *given back*: nothing of it is spent or held.
 */
export type Fate = 'onHold' | 'partlySpent' | 'spent' | 'failed' | 'blocked' | 'canceled' | 'expired' | 'givenBack';

export function fateOf({ status, outcome, held, committed }: Ended): Fate {
  if (committed > 0) return held > 0 ? 'partlySpent' : 'spent';
  if (status === 'HELD') return 'onHold';
  switch (outcome) {
    case 'FAILED':
      return 'failed';
    case 'BLOCKED':
      return 'blocked';
    case 'CANCELED':
      return 'canceled';
    default:
      return status === 'EXPIRED' ? 'expired' : 'givenBack';
  }
}

/** Whether it is made in the Production Room. */
export function isMade({ feature }: { feature: Feature }): boolean {
  return feature === 'PRODUCTION_ROOM';
}
