import type { ReservationFieldsFragment } from '../../gql/operations.js';

export type Hold = ReservationFieldsFragment;

/** The open holds as they were listed, and at which version of the account. */
export type Listed = { holds: readonly Hold[]; version: number; history: string; isWhole: boolean };

/**
 * The open holds by what was listed and what was told, what comes back first in front.
 *
 * Of each the newest counts. What is told and stands in no whole list of that time is closed, unless it was told later than the list.
 */
export function openHolds(listed: Listed | null, told: Iterable<Hold>): Hold[] {
  const newest = new Map(listed?.holds.map((hold) => [hold.id, hold]));
  for (const hold of told) {
    if (listed !== null && hold.history !== listed.history) continue;
    const known = newest.get(hold.id);
    const isNews = known !== undefined || listed === null || !listed.isWhole || hold.version > listed.version;
    if (isNews && hold.version >= (known?.version ?? 0)) newest.set(hold.id, hold);
  }
  return [...newest.values()]
    .filter(({ status }) => status === 'HELD')
    .sort((a, b) => Date.parse(a.expiresAt) - Date.parse(b.expiresAt) || (a.id < b.id ? -1 : 1));
}

/** Those told of that a list does not know better: what it has as new, and what was closed before it, needs no place any more. */
export function stillTold(listed: Listed, told: ReadonlyMap<string, Hold>): Map<string, Hold> {
  return new Map([...told].filter(([, hold]) => hold.history === listed.history && hold.version > listed.version));
}
