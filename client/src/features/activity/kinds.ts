import type { EntryFieldsFragment } from '../../gql/operations.js';
import { formatSigned } from '../../ui/format.js';

/** The movement in one word. A kind this page does not know yet keeps its own name. */
export function kindWord(kind: EntryFieldsFragment['kind']): string {
  switch (kind) {
    case 'GRANT':
      return 'Granted';
    case 'RESERVE':
      return 'Put on hold';
    case 'COMMIT':
      return 'Spent';
    case 'RELEASE':
      return 'Given back';
    case 'EXPIRE':
      return 'Expired';
    case 'REFUND':
      return 'Refunded';
    case 'REVOKE':
      return 'Taken back';
    default:
      return kind;
  }
}

/** What the movement did to the available credits, signed; a spend from a hold changes held, not available. */
export function changeOf(entry: EntryFieldsFragment, locale?: string): string {
  const change = entry.availableAfter - entry.availableBefore;
  if (change !== 0) return formatSigned(change, locale);
  return formatSigned(entry.heldAfter - entry.heldBefore, locale);
}

/** Whether the amount belongs to the hold rather than to what is available. */
export function isFromHold(entry: EntryFieldsFragment): boolean {
  return entry.availableAfter === entry.availableBefore && entry.heldAfter !== entry.heldBefore;
}
