import type { ReservationFieldsFragment } from '../../gql/operations.js';
import { formatCredits } from '../../ui/format.js';

const rowsMin = 6;

/**
 * The room's work, open holds first and none of them missing, then the latest of the rest; a steady number of rows.
 *
 * @param held  what the server lists as open; an entry may have closed since
 * @param latest  newest first, of all kinds
 */
export function generationsOf(
  held: readonly ReservationFieldsFragment[],
  latest: readonly ReservationFieldsFragment[],
): ReservationFieldsFragment[] {
  const known = new Map([...held, ...latest].map((each) => [each.id, each]));
  const ours = [...known.values()].filter((each) =>
    each.lines.some((line) => line.operation.feature === 'PRODUCTION_ROOM'),
  );
  const open = ours.filter((each) => each.status === 'HELD');
  const closed = ours
    .filter((each) => each.status !== 'HELD')
    .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
  return [...open, ...closed].slice(0, Math.max(rowsMin, open.length));
}

/** "2 × Short image", "Short image and 2 more". */
export function nameOf({ lines }: Pick<ReservationFieldsFragment, 'lines'>): string {
  const [first, ...others] = lines;
  if (first === undefined) return 'Generation';
  const name =
    first.quantity === 1 ? first.operation.name : `${formatCredits(first.quantity)} × ${first.operation.name}`;
  return others.length === 0 ? name : `${name} and ${formatCredits(others.length)} more`;
}

/** What became of the credits, in a word or three. */
export function fateOf(reservation: ReservationFieldsFragment): string {
  if (reservation.status === 'HELD') return `${formatCredits(reservation.held)} on hold`;
  if (reservation.committed > 0) return `${formatCredits(reservation.committed)} spent`;
  switch (reservation.outcome) {
    case 'FAILED':
      return 'Failed, not charged';
    case 'BLOCKED':
      return 'Blocked, not charged';
    case 'CANCELED':
      return 'Canceled, not charged';
    default:
      return reservation.status === 'EXPIRED' ? 'Expired, not charged' : 'Not charged';
  }
}
