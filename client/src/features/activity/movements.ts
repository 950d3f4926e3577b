import { t } from '@lingui/core/macro';
import { fateOf, nameOf } from '../../domain/work.js';
import type { Fate } from '../../domain/work.js';
import type { EntryFieldsFragment, EntryKind, ReservationFieldsFragment } from '../../gql/operations.js';

/** What happened to one piece of work, or one movement that belongs to none. */
export type Movement = {
  /** The newest entry's. */
  id: string;
  entry: EntryFieldsFragment;
  /** The reservation that all its entries belong to, as it is now. */
  work: ReservationFieldsFragment | null;
};

/** A movement as one reads it. */
export type ToldMovement = {
  kind: EntryKind;
  /** What happened to it, said after what it is. */
  word: string;
  /** What it did to what one owns: a spend is negative, a hold has done nothing yet. */
  change: number;
  /** Still on hold, and no part of `change`. */
  held: number;
  /** Given back of a work that did not need all that was held. */
  returned: number;
  /** What for, in the server's names or words. */
  what: string;
};

/** Three entries make a movement at most: hold, spend, and what came back. The server stamps as many into the page. */
export const entriesRead = 15;

const ofWork: readonly EntryKind[] = ['RESERVE', 'COMMIT', 'RELEASE'];

/**
 * Entries as one reads them: what one reservation moved is one movement, at the place of its newest entry.
 *
 * @param entries  newest first
 */
export function movementsOf(entries: readonly EntryFieldsFragment[]): Movement[] {
  const movements: Movement[] = [];
  const seen = new Set<string>();
  for (const entry of entries) {
    const work = ofWork.includes(entry.kind) ? entry.reservation : null;
    if (work !== null && seen.has(work.id)) continue;
    if (work !== null) seen.add(work.id);
    movements.push({ id: entry.id, entry, work });
  }
  return movements;
}

/**
 * What to say of a movement. Of work, all figures are its reservation's: however many entries it has, and however many of
 * them were read, they never contradict each other.
 */
export function tellMovement({ entry, work }: Movement): ToldMovement {
  if (work !== null) return tellWork(work);
  const change = entry.availableAfter - entry.availableBefore;
  return { kind: entry.kind, word: wordOf(entry.kind), change, held: 0, returned: 0, what: entry.explanation };
}

function tellWork(work: ReservationFieldsFragment): ToldMovement {
  const { held, committed, released } = work;
  const what = nameOf(work);
  const fate = fateOf(work);
  switch (fate) {
    case 'spent':
      return { kind: 'COMMIT', word: t`used`, change: -committed, held, returned: released, what };
    case 'partlySpent':
      return { kind: 'COMMIT', word: t`partly used`, change: -committed, held, returned: released, what };
    case 'onHold':
      return { kind: 'RESERVE', word: t`on hold`, change: 0, held, returned: 0, what };
    default:
      return { kind: 'RELEASE', word: whyFree(fate), change: 0, held, returned: 0, what };
  }
}

/** Why work cost nothing. */
function whyFree(fate: Exclude<Fate, 'spent' | 'partlySpent' | 'onHold'>): string {
  switch (fate) {
    case 'failed':
      return t`failed, not charged`;
    case 'blocked':
      return t`blocked, not charged`;
    case 'canceled':
      return t`canceled, not charged`;
    case 'expired':
      return t`hold ran out, not charged`;
    case 'givenBack':
      return t`came back, not charged`;
  }
}

/** A movement that belongs to no work, in a word. A kind this page does not know yet keeps its own name. */
function wordOf(kind: EntryKind): string {
  switch (kind) {
    case 'GRANT':
      return t`granted`;
    case 'EXPIRE':
      return t`expired`;
    case 'REFUND':
      return t`refunded`;
    case 'REVOKE':
      return t`taken back`;
    default:
      return kind;
  }
}
