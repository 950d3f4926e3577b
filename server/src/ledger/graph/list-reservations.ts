import type pg from 'pg';
import { formatReservationId, parseReservationId } from '@aibc/shared/ids';
import type { Catalog } from '../../catalog/catalog.js';
import { foreignCursor, malformedCursor, pageOf } from '../../kit/page.js';
import type { Connection, PageRequest } from '../../kit/page.js';
import type { ReservationState, ReservationStatus } from '../core/state.js';
import { RESERVATION, toReservation } from '../rows/reservation-rows.js';
import type { Row } from '../wire/flight.js';
import { Conditions, SEARCHED_MAX } from './conditions.js';
import { conditionsOf, indexedField, isAsked, type Subject } from './find-subject.js';
import type { ListedAccount } from './list-grants.js';
import type { Reservation } from './reservation.types.js';
import { showReservation } from './show-reservation.js';

/** Which reservations are asked for. */
export interface ReservationsAsked extends Subject {
  /** Null: of any status. */
  readonly status: ReservationStatus | null;
}

/** After every other. */
const LAST_UUID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * Reservations, newest first.
 *
 * By status alone, or by a reference, a project or a member, they are found by an index, and a page costs what it shows. What is asked for beside
 * that is looked for among the next 10,000 of them: a page may then be short, and says where to go on.
 *
 * @throws BAD_USER_INPUT `after` when malformed, NOT_FOUND when it is not of this account
 */
export async function listReservations(
  reader: Pick<pg.Pool, 'query'>,
  catalog: Catalog,
  account: ListedAccount,
  asked: ReservationsAsked,
  page: PageRequest,
): Promise<Connection<Reservation>> {
  const after = page.after === null ? null : parseReservationId(page.after);
  if (page.after !== null && after === null) throw malformedCursor();
  if (after !== null && after.accountId !== account.id) throw foreignCursor();
  const before = after?.id ?? LAST_UUID;
  const { rows, stoppedAt } = isAsked(asked)
    ? await searchReservations(reader, account.id, asked, before, page.first)
    : { rows: await readByStatus(reader, account.id, asked.status, before, page.first + 1), stoppedAt: null };
  return pageOf(
    page,
    rows,
    (row) => showReservation(catalog, row, page.history),
    ({ id }) => formatReservationId(account.id, id),
    stoppedAt === null ? null : formatReservationId(account.id, stoppedAt),
  );
}

async function read(reader: Pick<pg.Pool, 'query'>, text: string, values: unknown[]): Promise<ReservationState[]> {
  const { rows } = await reader.query<Row>({ text: `/* read.reservations */ ${text}`, values });
  return RESERVATION.read(rows).map(toReservation);
}

/** Those of a status, or all. The status is written out: the indexes by which these are found are of some statuses only. */
async function readByStatus(
  reader: Pick<pg.Pool, 'query'>,
  accountId: string,
  status: ReservationStatus | null,
  before: string,
  limit: number,
): Promise<ReservationState[]> {
  const conditions = new Conditions();
  const from = `SELECT ${RESERVATION.select('r')} FROM reservation r WHERE r.account_id = ${conditions.value(accountId)}`;
  const place = conditions.value(before);
  // Ids are made in the order of time.
  if (status === null || status === 'HELD')
    return read(
      reader,
      `${from} AND r.reservation_id < ${place}${status === null ? '' : ` AND r.status = 'HELD'`} ORDER BY r.reservation_id DESC LIMIT ${limit}`,
      conditions.values,
    );
  const closed = conditions.value(status);
  return read(
    reader,
    `${from} AND r.status <> 'HELD' AND r.status >= ${closed} AND (r.status, r.reservation_id) < (${closed}, ${place}::uuid)
      ORDER BY r.status DESC, r.reservation_id DESC LIMIT ${limit}`,
    conditions.values,
  );
}

/** Those of a subject. `stoppedAt`: how far was looked, when the page is not full and there may be more. */
async function searchReservations(
  reader: Pick<pg.Pool, 'query'>,
  accountId: string,
  asked: ReservationsAsked,
  before: string,
  first: number,
): Promise<{ rows: readonly ReservationState[]; stoppedAt: string | null }> {
  const indexed = indexedField(asked);
  const conditions = new Conditions();
  const searched = `FROM reservation s WHERE ${conditions.all(
    `s.account_id = ${conditions.value(accountId)}`,
    `s.reservation_id < ${conditions.value(before)}`,
    indexed === null ? null : `s.${indexed} = ${conditions.value(asked[indexed])}`,
  )} ORDER BY s.reservation_id DESC`;
  const counted = conditions.values.length;
  const rest = conditions.all(
    ...conditionsOf(indexed === null ? asked : { ...asked, [indexed]: null }, 'r', conditions),
    asked.status === null ? null : `r.status = ${conditions.value(asked.status)}`,
  );
  const rows = await read(
    reader,
    `SELECT ${RESERVATION.select('r')} FROM (SELECT s.* ${searched} LIMIT ${SEARCHED_MAX}) r WHERE ${rest}
      ORDER BY r.reservation_id DESC LIMIT ${first + 1}`,
    conditions.values,
  );
  if (rows.length > first || rest === 'true') return { rows, stoppedAt: null };
  const { rows: last } = await reader.query<{ id: string }>({
    text: `/* read.searched */ SELECT s.reservation_id AS id ${searched} OFFSET ${SEARCHED_MAX - 1} LIMIT 1`,
    values: conditions.values.slice(0, counted),
  });
  return { rows, stoppedAt: last[0]?.id ?? null };
}
