import type { EntryFieldsFragment } from '../../gql/operations.js';

/** What happened to one piece of work, or one movement that belongs to none. */
export type Movement = {
  /** The newest entry's. */
  id: string;
  /** What it came to: the newest entry decides, a spend before what was given back with it. */
  entry: EntryFieldsFragment;
  /** What all its entries together did to the available credits, as far as they were read. */
  change: number;
  availableAfter: number;
  /** In how many steps it was spent. */
  parts: number;
};

/**
 * Entries as one reads them: hold and spend of one reservation are one movement, at the place of its newest entry.
 *
 * @param entries  newest first
 */
export function movementsOf(entries: readonly EntryFieldsFragment[]): Movement[] {
  const byWork = new Map<string, Movement>();
  for (const entry of entries) {
    const key = entry.reservation?.id ?? entry.id;
    const change = entry.availableAfter - entry.availableBefore;
    const spent = entry.kind === 'COMMIT' ? 1 : 0;
    const newer = byWork.get(key);
    if (newer === undefined) {
      byWork.set(key, { id: entry.id, entry, change, availableAfter: entry.availableAfter, parts: spent });
      continue;
    }
    newer.change += change;
    newer.parts += spent;
    const isSameDecision = newer.entry.version === entry.version;
    if (isSameDecision && entry.kind === 'COMMIT') newer.entry = entry;
  }
  return [...byWork.values()];
}

/** The movement in a word or three. A kind this page does not know yet keeps its own name. */
export function kindWord(kind: EntryFieldsFragment['kind']): string {
  switch (kind) {
    case 'GRANT':
      return 'Granted';
    case 'RESERVE':
      return 'On hold';
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
