import type { DataSource } from 'typeorm';
import type pg from 'pg';
import { dayRange } from '../../accounts/periods.js';
import { badUserInput, notFound } from '../../kit/errors.js';
import type { EntryKind, GrantState } from '../core/state.js';
import type { Cut } from '../past/cut.js';
import { readCuts } from '../past/read-cuts.js';
import { readVersions } from '../past/read-versions.js';
import { GrantEntity } from '../rows/entities.js';
import { readGrantId, readReservationId } from './check-input.js';
import type { EntryFilter } from './entry.types.js';
import { readSubject, type Subject } from './find-subject.js';
import type { ListedAccount } from './list-grants.js';

/** Which entries are asked for; null: any. */
export interface EntriesAsked {
  readonly kinds: readonly EntryKind[] | null;
  /** A uuid of this account. */
  readonly reservationId: string | null;
  readonly subject: Subject;
  /** A uuid. */
  readonly grantId: string | null;
  /** Days of the account, both counted. */
  readonly from: string | null;
  readonly to: string | null;
}

/** Between which places of the account's journal they lie: at or after `from`, before `to`; null: open. */
export interface EntrySpan {
  readonly from: Cut | null;
  readonly to: Cut | null;
}

const FIRST_DAY = '1970-01-01';
/** A hold ends 7 days after its opening at the latest: what it gives back then moves credits of grants that have ended. */
const AFTER_END_MS = 8 * 86_400_000;

/**
 * Reads which entries are asked for.
 *
 * @throws BAD_USER_INPUT `kinds` when it is empty, `reservationId` or `grantId` when malformed, `from` before 1970, `to` before `from`, and for texts
 * that no reservation has; NOT_FOUND for a reservation of another account
 */
export function readEntryFilter(accountId: string, filter: EntryFilter | null): EntriesAsked | null {
  if (filter === null) return null;
  const { kinds, from, to } = filter;
  if (kinds?.length === 0) throw badUserInput('kinds', 'Name at least one kind of entry, or leave kinds out for all.');
  const owned = filter.reservationId == null ? null : readReservationId(filter.reservationId, 'reservationId');
  if (owned !== null && owned.accountId !== accountId) throw notFound('This reservation');
  if (from != null && from < FIRST_DAY) throw badUserInput('from', 'from must be in 1970 or later.');
  if (to != null && to < (from ?? FIRST_DAY)) throw badUserInput('to', `to must not be before ${from ?? FIRST_DAY}.`);
  return {
    kinds: kinds ?? null,
    reservationId: owned?.id ?? null,
    subject: readSubject(filter),
    grantId: filter.grantId == null ? null : readGrantId(filter.grantId),
    from: from ?? null,
    to: to ?? null,
  };
}

/** The grant that is asked for. @throws NOT_FOUND when it is not of this account */
export async function findGrant(dataSource: DataSource, accountId: string, id: string): Promise<GrantState> {
  const grant = await dataSource.getRepository(GrantEntity).findOneBy({ accountId, id });
  if (grant === null) throw notFound('This grant');
  return grant;
}

/**
 * Where in the journal the days begin and end, and what a grant lets lie between: nothing of it was written before it was made, or more than 8 days
 * after its end.
 */
export async function readSpan(
  reader: pg.Pool,
  account: ListedAccount,
  { from, to }: Pick<EntriesAsked, 'from' | 'to'>,
  grant: GrantState | null,
): Promise<EntrySpan> {
  const accountId = account.id;
  const days = [
    ...(from === null ? [] : [dayRange(from, account.timeZone).start]),
    ...(to === null ? [] : [dayRange(to, account.timeZone).end]),
  ];
  const cuts =
    days.length === 0
      ? []
      : await readCuts(
          reader,
          days.map((at) => ({ accountId, at })),
        );
  const [first = null, last = null] = from === null ? [null, ...cuts] : cuts;
  if (grant === null) return { from: first, to: last };
  const { createdAt, expiresAt } = grant;
  const instants = [createdAt, ...(expiresAt === null ? [] : [expiresAt + AFTER_END_MS])];
  const [before, until] = await readVersions(
    reader,
    instants.map((at) => ({ accountId, before: at })),
  );
  return {
    from: later(first, before === undefined ? null : { version: before + 1, ordinal: 0 }),
    to: sooner(last, until === undefined ? null : { version: until + 1, ordinal: 0 }),
  };
}

const isBefore = (a: Cut, b: Cut): boolean =>
  a.version < b.version || (a.version === b.version && a.ordinal < b.ordinal);

function later(a: Cut | null, b: Cut | null): Cut | null {
  return a === null || (b !== null && isBefore(a, b)) ? b : a;
}

/** The earlier of two places; null: there is none. */
export function sooner(a: Cut | null, b: Cut | null): Cut | null {
  return a === null || (b !== null && isBefore(b, a)) ? b : a;
}
