import type { DataSource } from 'typeorm';
import { In } from 'typeorm';
import {
  formatId,
  formatPlaceId,
  formatReservationId,
  parseId,
  parsePlaceId,
  parseReservationId,
} from '@aibc/shared/ids';
import type { Catalog, CreditType } from '../../catalog/catalog.js';
import { foreignCursor, malformedCursor, pageOf } from '../../kit/page.js';
import type { Connection, PageRequest } from '../../kit/page.js';
import type { Grant } from './balance.types.js';
import { EntryEntity, GrantEntity, ReservationEntity } from '../rows/entities.js';
import type { Entry } from './entry.types.js';
import { explainEntry } from './explain-entry.js';
import { inputFromText } from '../core/kept-text.js';
import { type EntryFields, hasEntry } from '../rows/journal-rows.js';
import type { Reservation } from './reservation.types.js';
import { showGrant } from './show-balance.js';
import { showReservation } from './show-reservation.js';
import type { EntryKind, ReservationStatus } from '../core/state.js';

/** The account whose lists are read, and its zone for days in sentences. */
export interface ListedAccount {
  readonly id: string;
  readonly timeZone: string;
}

type Place = Pick<EntryFields, 'version' | 'ordinal'>;

/** After every other in their orders. */
const LAST_UUID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const LAST_PLACE: Place = { version: Number.MAX_SAFE_INTEGER, ordinal: 0 };

/** The total order of docs/domain.md, Grants and burn order, as `compareBurnOrder` has it. */
const burnOrder = (alias: string): readonly string[] => [
  `${alias}.priority`,
  `coalesce(${alias}.expires_at, 'infinity')`,
  `${alias}.source = 'PURCHASE'`,
  `${alias}.effective_at`,
  `${alias}.created_at`,
  `${alias}.grant_id`,
];

/**
 * Grants of one credit type in burn order.
 *
 * @param includeSpent  also those with nothing left or held
 * @throws BAD_USER_INPUT `after` when malformed, NOT_FOUND when it is not of this account
 */
export async function listGrants(
  dataSource: DataSource,
  account: ListedAccount,
  creditType: CreditType,
  includeSpent: boolean,
  page: PageRequest,
): Promise<Connection<Grant>> {
  const grants = dataSource.getRepository(GrantEntity);
  const query = grants
    .createQueryBuilder('g')
    .where({ accountId: account.id, creditType, ...(includeSpent ? {} : { isOpen: true }) });
  if (page.after !== null) {
    const id = parseId('grant', page.after);
    if (id === null) throw malformedCursor();
    if (!(await grants.existsBy({ accountId: account.id, id }))) throw foreignCursor();
    query.andWhere(
      `(${burnOrder('g').join(', ')}) > (SELECT ${burnOrder('c').join(', ')} FROM credit_grant c WHERE c.account_id = :accountId AND c.grant_id = :id)`,
      { accountId: account.id, id },
    );
  }
  for (const part of burnOrder('g')) query.addOrderBy(part);
  const rows = await query.limit(page.first + 1).getMany();
  return pageOf(page, rows, showGrant, ({ id }) => formatId('grant', id));
}

/**
 * Reservations, newest first.
 *
 * @param status  null: all
 * @throws BAD_USER_INPUT `after` when malformed, NOT_FOUND when it is not of this account
 */
export async function listReservations(
  dataSource: DataSource,
  catalog: Catalog,
  account: ListedAccount,
  status: ReservationStatus | null,
  page: PageRequest,
): Promise<Connection<Reservation>> {
  const after = page.after === null ? null : parseReservationId(page.after);
  if (page.after !== null && after === null) throw malformedCursor();
  if (after !== null && after.accountId !== account.id) throw foreignCursor();
  const query = dataSource.getRepository(ReservationEntity).createQueryBuilder('r').where({ accountId: account.id });
  // Ids are made in the order of time.
  if (status === null || status === 'HELD') query.andWhere('r.reservation_id < :before');
  // The status is written out: the indexes by which these are found are of some statuses only.
  if (status === 'HELD') query.andWhere(`r.status = 'HELD'`);
  else if (status !== null)
    query
      .andWhere(`r.status <> 'HELD' AND r.status >= :status AND (r.status, r.reservation_id) < (:status, :before)`)
      .orderBy('r.status', 'DESC');
  const rows = await query
    .setParameters({ status, before: after?.id ?? LAST_UUID })
    .addOrderBy('r.id', 'DESC')
    .limit(page.first + 1)
    .getMany();
  return pageOf(
    page,
    rows,
    (row) => showReservation(catalog, row, page.history),
    ({ id }) => formatReservationId(account.id, id),
  );
}

/** Up to `limit` entries of one credit type before a place, newest first. */
async function readEntries(
  dataSource: DataSource,
  accountId: string,
  creditType: CreditType,
  { version, ordinal }: Place,
  limit: number,
): Promise<EntryFields[]> {
  const rows = await dataSource
    .getRepository(EntryEntity)
    .createQueryBuilder('j')
    .where({ accountId })
    // The type is compared as part of the row `(type, …) < (…)`, not by `=`: so PostgreSQL uses the index that begins with the type, the only
    // one with this order.
    .andWhere('j.kind IS NOT NULL AND j.credit_type >= :creditType')
    .andWhere('(j.credit_type, j.version, j.ordinal) < (:creditType, :version, :ordinal)')
    .setParameters({ creditType, version, ordinal })
    .orderBy('j.creditType', 'DESC')
    .addOrderBy('j.version', 'DESC')
    .addOrderBy('j.ordinal', 'DESC')
    .limit(limit)
    .getMany();
  return rows.filter(hasEntry);
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

/** What an entry took from before and put to after: available and held. */
const EFFECT: Readonly<Record<EntryKind, readonly [available: number, held: number]>> = {
  GRANT: [1, 0],
  RESERVE: [-1, 1],
  COMMIT: [0, -1],
  RELEASE: [1, -1],
  EXPIRE: [-1, 0],
  REFUND: [-1, 0],
  REVOKE: [-1, 0],
};

/**
 * Entries, newest first, with what they are about.
 *
 * @param creditType  null: both
 * @throws BAD_USER_INPUT `after` when malformed, NOT_FOUND when it is not of this account
 */
export async function listEntries(
  dataSource: DataSource,
  catalog: Catalog,
  account: ListedAccount,
  creditType: CreditType | null,
  page: PageRequest,
): Promise<Connection<Entry>> {
  const after = page.after === null ? null : parsePlaceId('entry', page.after);
  if (page.after !== null && after === null) throw malformedCursor();
  if (after !== null && after.accountId !== account.id) throw foreignCursor();
  const types: readonly CreditType[] = creditType === null ? ['STANDARD', 'SCAN'] : [creditType];
  const found = await Promise.all(
    types.map((type) => readEntries(dataSource, account.id, type, after ?? LAST_PLACE, page.first + 1)),
  );
  const rows = found.flat().sort((a, b) => b.version - a.version || b.ordinal - a.ordinal);
  const shown = rows.slice(0, page.first);
  const reservationIds = new Set(shown.flatMap(({ reservationId }) => reservationId ?? []));
  const [reservations, grants, reasons] = await Promise.all([
    reservationIds.size === 0
      ? []
      : dataSource.getRepository(ReservationEntity).findBy({ accountId: account.id, id: In([...reservationIds]) }),
    shown.length === 0
      ? []
      : dataSource
          .getRepository(GrantEntity)
          .findBy({ accountId: account.id, id: In([...new Set(shown.map(({ grantId }) => grantId))]) }),
    readReasons(dataSource, account.id, shown),
  ]);
  const reservationById = new Map(reservations.map((reservation) => [reservation.id, reservation]));
  const grantById = new Map(grants.map((grant) => [grant.id, grant]));
  return pageOf(
    page,
    rows.slice(0, page.first + 1),
    (row): Entry => {
      const [available, held] = EFFECT[row.kind];
      const reservation = row.reservationId === null ? null : (reservationById.get(row.reservationId) ?? null);
      const grant = grantById.get(row.grantId);
      if (grant === undefined) throw new TypeError(`grant ${row.grantId} of an entry is not there`);
      return {
        id: formatPlaceId('entry', row),
        kind: row.kind,
        creditType: row.creditType,
        amount: row.amount,
        availableBefore: row.availableAfter - available * row.amount,
        availableAfter: row.availableAfter,
        heldBefore: row.heldAfter - held * row.amount,
        heldAfter: row.heldAfter,
        version: row.version,
        grantId: formatId('grant', row.grantId),
        reservation: reservation === null ? null : showReservation(catalog, reservation, page.history),
        actor: row.actor,
        at: row.at,
        explanation: explainEntry(row, grant, reservation, account.timeZone, reasons.get(row.version) ?? null),
      };
    },
    (row) => formatPlaceId('entry', row),
  );
}
