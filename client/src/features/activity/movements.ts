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
  /** What of it is still on hold, as far as its entries were read. */
  held: number;
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
    const held = entry.heldAfter - entry.heldBefore;
    const spent = entry.kind === 'COMMIT' ? 1 : 0;
    const newer = byWork.get(key);
    if (newer === undefined) {
      byWork.set(key, { id: entry.id, entry, change, availableAfter: entry.availableAfter, held, parts: spent });
      continue;
    }
    newer.change += change;
    newer.held += held;
    newer.parts += spent;
    const isSameDecision = newer.entry.version === entry.version;
    if (isSameDecision && entry.kind === 'COMMIT') newer.entry = entry;
  }
  return [...byWork.values()];
}

/** The movement in a word or three. A kind this page does not know yet keeps its own name. */
export function movementWord({ entry, change, held }: Movement): string {
  switch (entry.kind) {
    case 'GRANT':
      return 'Granted';
    case 'RESERVE':
      return 'On hold';
    case 'COMMIT':
      return held > 0 ? 'Partly spent' : 'Spent';
    case 'RELEASE':
      return change === 0 ? 'Not charged' : 'Given back';
    case 'EXPIRE':
      return 'Expired';
    case 'REFUND':
      return 'Refunded';
    case 'REVOKE':
      return 'Taken back';
    default:
      return entry.kind;
  }
}
