import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { In } from 'typeorm';
import { formatId, formatPlaceId, parsePlaceId } from '@aibc/shared/ids';
import type { Catalog, CreditType } from '../../catalog/catalog.js';
import { notFound } from '../../kit/errors.js';
import { foreignCursor, malformedCursor, pageOf } from '../../kit/page.js';
import type { Connection, PageRequest } from '../../kit/page.js';
import { inputFromText } from '../core/kept-text.js';
import { PATHS } from '../core/paths.js';
import type { EntryKind } from '../core/state.js';
import { GrantEntity, ReservationEntity } from '../rows/entities.js';
import type { EntryFields } from '../rows/journal-rows.js';
import type { Entry } from './entry.types.js';
import { causeOfEntry, explainEntry } from './explain-entry.js';
import type { ListedAccount } from './list-grants.js';
import { type EntriesAsked, findGrant, readSpan } from './read-entry-filter.js';
import { searchEntries } from './search-entries.js';
import { showReservation } from './show-reservation.js';

export interface EntriesDeps {
  readonly dataSource: DataSource;
  /** A pool whose connections see values as `ledgerTypes` says. */
  readonly reader: pg.Pool;
  readonly catalog: () => Catalog;
}

/** Which entries, of which credit type; null: both. */
export interface EntriesWanted {
  readonly creditType: CreditType | null;
  readonly asked: EntriesAsked | null;
}

/** Why operators revoked, by the version of the entry: it lies in what is kept under the key of such a group. */
async function readReasons(
  dataSource: DataSource,
  accountId: string,
  entries: readonly EntryFields[],
): Promise<ReadonlyMap<number, string>> {
  const versions = entries.flatMap(({ cause, version }) => (cause === 'revoke' ? [version] : []));
  if (versions.length === 0) return new Map();
  const rows: { version: string; input: string }[] = await dataSource.query(
    `/* ledger.reasons */ SELECT j.version, j.input FROM journal j WHERE j.account_id = $1 AND j.version = ANY($2::bigint[]) AND j.ordinal = 0`,
    [accountId, versions],
  );
  return new Map(rows.map(({ version, input }) => [Number(version), String(inputFromText(input)['reason'])]));
}

/** What an entry took from before and put to after. */
function effectOf(kind: EntryKind, bucket: 'available' | 'held'): number {
  const [from, to] = PATHS[kind];
  return Number(to === bucket) - Number(from === bucket);
}

/**
 * Entries, newest first, with what they are about.
 *
 * @throws BAD_USER_INPUT `after` when malformed, NOT_FOUND when it is not of this account, or for a reservation or a grant that is not
 */
export async function listEntries(
  deps: EntriesDeps,
  account: ListedAccount,
  { creditType, asked }: EntriesWanted,
  page: PageRequest,
): Promise<Connection<Entry>> {
  const after = page.after === null ? null : parsePlaceId('entry', page.after);
  if (page.after !== null && after === null) throw malformedCursor();
  if (after !== null && after.accountId !== account.id) throw foreignCursor();
  const span = asked === null ? { from: null, to: null } : await findSpan(deps, account, asked);
  const { rows, stoppedAt } = await searchEntries(deps.reader, {
    accountId: account.id,
    types: creditType === null ? ['STANDARD', 'SCAN'] : [creditType],
    asked,
    span,
    before: after,
    limit: page.first + 1,
  });
  const show = await describe(deps, account, rows.slice(0, page.first), page.history);
  const cursorOf = ({ version, ordinal }: Pick<EntryFields, 'version' | 'ordinal'>) =>
    formatPlaceId('entry', { accountId: account.id, version, ordinal });
  return pageOf(page, rows, show, cursorOf, stoppedAt === null ? null : cursorOf(stoppedAt));
}

async function findSpan({ dataSource, reader }: EntriesDeps, account: ListedAccount, asked: EntriesAsked) {
  const { reservationId, grantId } = asked;
  const grant = grantId === null ? null : await findGrant(dataSource, account.id, grantId);
  if (reservationId !== null) {
    const owned = { accountId: account.id, id: reservationId };
    if (!(await dataSource.getRepository(ReservationEntity).existsBy(owned))) throw notFound('This reservation');
  }
  return readSpan(reader, account, asked, grant);
}

/** Loads what entries are about, and shows them with it. */
async function describe(
  { dataSource, catalog }: EntriesDeps,
  account: ListedAccount,
  rows: readonly EntryFields[],
  history: string,
): Promise<(row: EntryFields) => Entry> {
  const reservationIds = [...new Set(rows.flatMap(({ reservationId }) => reservationId ?? []))];
  const grantIds = [...new Set(rows.map(({ grantId }) => grantId))];
  const [reservations, grants, reasons] = await Promise.all([
    reservationIds.length === 0
      ? []
      : dataSource.getRepository(ReservationEntity).findBy({ accountId: account.id, id: In(reservationIds) }),
    grantIds.length === 0
      ? []
      : dataSource.getRepository(GrantEntity).findBy({ accountId: account.id, id: In(grantIds) }),
    readReasons(dataSource, account.id, rows),
  ]);
  const reservationById = new Map(reservations.map((reservation) => [reservation.id, reservation]));
  const grantById = new Map(grants.map((grant) => [grant.id, grant]));
  return (row) => {
    const reservation = row.reservationId === null ? null : (reservationById.get(row.reservationId) ?? null);
    const grant = grantById.get(row.grantId);
    if (grant === undefined) throw new TypeError(`grant ${row.grantId} of an entry is not there`);
    return showEntry(row, {
      explanation: explainEntry(row, grant, reservation, account.timeZone, reasons.get(row.version) ?? null),
      reservation: reservation === null ? null : showReservation(catalog(), reservation, history),
    });
  };
}

function showEntry(row: EntryFields, shown: Pick<Entry, 'explanation' | 'reservation'>): Entry {
  return {
    id: formatPlaceId('entry', row),
    kind: row.kind,
    creditType: row.creditType,
    amount: row.amount,
    availableBefore: row.availableAfter - effectOf(row.kind, 'available') * row.amount,
    availableAfter: row.availableAfter,
    heldBefore: row.heldAfter - effectOf(row.kind, 'held') * row.amount,
    heldAfter: row.heldAfter,
    version: row.version,
    grantId: formatId('grant', row.grantId),
    reservation: shown.reservation,
    actor: row.actor,
    at: row.at,
    cause: causeOfEntry(row),
    explanation: shown.explanation,
  };
}
