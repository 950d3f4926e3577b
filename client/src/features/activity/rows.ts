import { t } from '@lingui/core/macro';
import { nameOf } from '../../domain/work.js';
import type { ActivityFieldsFragment, EntryCause, EntryFilter, EntryKind } from '../../gql/operations.js';
import type { ActivityChosen } from './activity-search.js';

/** An entry as one reads it: the thing first, then what happened to its credits. */
export type ActivityRow = {
  id: string;
  at: string;
  /** What it was for: the work by its names, or where the credits come from. */
  thing: string;
  what: string;
  /** What it did to what is left: a hold takes, a spend of what was held takes nothing more. */
  change: number;
  entry: ActivityFieldsFragment;
};

const kindsOf: Readonly<Record<ActivityChosen['kind'], EntryKind[] | null>> = {
  all: null,
  used: ['COMMIT'],
  held: ['RESERVE'],
  back: ['RELEASE'],
  granted: ['GRANT'],
  gone: ['EXPIRE', 'REFUND', 'REVOKE'],
};

/** As the API is asked; null where everything is. */
export function filterOf({ kind, from, to, project, member, reference, work }: ActivityChosen): EntryFilter | null {
  const kinds = kindsOf[kind];
  if ([kinds, from, to, project, member, reference, work].every((each) => each === null)) return null;
  return { kinds, from, to, project, member, reference, reservationId: work, grantId: null };
}

/** What happened to the credits of an entry. A kind that this page does not know keeps its own name. */
function whatHappened({ kind, reservation }: ActivityFieldsFragment): string {
  switch (kind) {
    case 'RESERVE':
      return reservation?.status === 'HELD' ? t`on hold` : t`put on hold`;
    case 'COMMIT':
      return t`used`;
    case 'RELEASE':
      return t`came back`;
    case 'GRANT':
      return t`added`;
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

/** Why credits moved, in a few words: what stands first where no work does. */
export function causeWord(cause: EntryCause): string {
  switch (cause) {
    case 'ACCOUNT_CREATED':
      return t`First allowance`;
    case 'PERIOD_RESET':
      return t`Monthly reset`;
    case 'PLAN_CHANGED':
      return t`Change of plan`;
    case 'PURCHASED':
      return t`Credit pack`;
    case 'REFUNDED':
      return t`Refund of a pack`;
    case 'DISPUTED':
      return t`Disputed payment`;
    case 'GRANTED':
      return t`Gift or correction`;
    case 'GRANT_EXPIRED':
      return t`End of credits`;
    case 'REVOKED':
      return t`Taken back by support`;
    case 'PAYMENT_FAILED':
      return t`Unpaid plan`;
    case 'RESERVED':
      return t`Work was about to begin`;
    case 'ADDED':
      return t`Open work turned out larger`;
    case 'SPENT':
      return t`Work was held and paid in one step`;
    case 'COMMITTED':
      return t`Work was done`;
    case 'RELEASED':
      return t`A hold was given back unused`;
    case 'RESERVATION_EXPIRED':
      return t`The time of a hold ran out`;
    default:
      return cause;
  }
}

export function rowOf(entry: ActivityFieldsFragment): ActivityRow {
  const { id, at, reservation, cause, availableBefore, availableAfter } = entry;
  const thing = reservation === null ? causeWord(cause) : nameOf(reservation);
  return { id, at, thing, what: whatHappened(entry), change: availableAfter - availableBefore, entry };
}

/**
 * Newer rows before those that are there, each once; null when the newer ones do not reach them, so that something would be
 * missing between.
 */
export function joined(newer: readonly ActivityRow[], known: readonly ActivityRow[]): ActivityRow[] | null {
  const [first] = known;
  if (first === undefined) return [...newer];
  const place = newer.findIndex(({ id }) => id === first.id);
  if (place === -1) return null;
  // What is there twice is taken as it was read last: a hold may have ended.
  const again = new Map(newer.map((row) => [row.id, row]));
  return [...newer.slice(0, place), ...known.map((row) => again.get(row.id) ?? row)];
}
