import { t } from '@lingui/core/macro';
import { fateOf, isMade } from '../../domain/work.js';
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
  const ours = [...known.values()].filter((each) => each.lines.some(({ operation }) => isMade(operation)));
  const open = ours.filter((each) => each.status === 'HELD');
  const closed = ours
    .filter((each) => each.status !== 'HELD')
    .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
  return [...open, ...closed].slice(0, Math.max(rowsMin, open.length));
}

/** What became of the credits, in a word or three. */
export function fateInWords(reservation: ReservationFieldsFragment): string {
  switch (fateOf(reservation)) {
    case 'onHold':
    case 'partlySpent':
      return t`${formatCredits(reservation.held)} on hold`;
    case 'spent':
      return t`${formatCredits(reservation.committed)} used`;
    case 'failed':
      return t`Failed, not charged`;
    case 'blocked':
      return t`Blocked, not charged`;
    case 'canceled':
      return t`Canceled, not charged`;
    case 'expired':
      return t`Hold ran out, not charged`;
    case 'givenBack':
      return t`Not charged`;
  }
}
