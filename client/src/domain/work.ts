import type { Feature, ReservationFieldsFragment } from '../gql/operations.js';
import { formatCredits } from '../ui/format.js';

type Ended = Pick<ReservationFieldsFragment, 'status' | 'outcome' | 'held' | 'committed'>;

/** "Short image", "4 × Short image and 1 more": work by the names of the price list. */
export function nameOf({ lines }: Pick<ReservationFieldsFragment, 'lines'>): string {
  const [first] = lines;
  if (first === undefined) return 'Work';
  const quantity = first.quantity === 1 ? '' : `${formatCredits(first.quantity)} × `;
  const more = lines.length === 1 ? '' : ` and ${formatCredits(lines.length - 1)} more`;
  return `${quantity}${first.operation.name}${more}`;
}

/**
 * What became of the credits of a piece of work: on hold, spent, or why it cost nothing.
 *
 * Work of which a part is spent while the rest is on hold is *partly spent*. An end that this page does not know yet is
 * *given back*: nothing of it is spent or held.
 */
export type Fate = 'on hold' | 'partly spent' | 'spent' | 'failed' | 'blocked' | 'canceled' | 'expired' | 'given back';

export function fateOf({ status, outcome, held, committed }: Ended): Fate {
  if (committed > 0) return held > 0 ? 'partly spent' : 'spent';
  if (status === 'HELD') return 'on hold';
  switch (outcome) {
    case 'FAILED':
      return 'failed';
    case 'BLOCKED':
      return 'blocked';
    case 'CANCELED':
      return 'canceled';
    default:
      return status === 'EXPIRED' ? 'expired' : 'given back';
  }
}

/** Whether it is made in the Production Room. */
export function isMade({ feature }: { feature: Feature }): boolean {
  return feature === 'PRODUCTION_ROOM';
}
