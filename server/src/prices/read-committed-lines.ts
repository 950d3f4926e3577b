import { CAUSES, factsOf, isCause } from '../ledger/core/cause.js';
import type { ReservationLine, ReservationState } from '../ledger/core/state.js';
import { ask, type PastReader } from '../ledger/past/cut.js';
import { readVersions } from '../ledger/past/read-versions.js';
import { ownedKind } from '../ledger/rows/owned-rows.js';
import { RESERVATION, toReservation } from '../ledger/rows/reservation-rows.js';
import { ledgerTypes } from '../db/ledger-types.js';
import type { Row } from '../ledger/wire/flight.js';
import type { TimeRange } from '../accounts/periods.js';
import { type CommittedPart, replayLines } from './replay-lines.js';

/** What was committed of a line within a span: the line as the span found it, and as it left it. */
export interface CommittedLine {
  readonly accountId: string;
  readonly reservation: ReservationState;
  readonly before: ReservationLine;
  readonly after: ReservationLine;
}

const COMMITTING = Object.keys(CAUSES)
  .filter((cause) => isCause(cause) && (factsOf(cause).effect ?? '').endsWith('commits'))
  .map((cause) => `'${cause}'`)
  .join(', ');

/** Which reservations of accounts had commits between two versions each. */
const COMMITTED = {
  name: 'prices_committed',
  text: `/* prices.committed */ SELECT u.place, found.reservation_id AS "reservationId"
    FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS u(account_id, after, until, place), LATERAL (
      SELECT DISTINCT j.reservation_id FROM journal j
      WHERE j.account_id = u.account_id AND j.version > u.after AND j.version <= u.until AND j.ordinal = 0
        AND j.command IN (${COMMITTING}) AND j.reservation_id IS NOT NULL) found
    LIMIT ($4::bigint[])[1]`,
  answer: { place: 'bigint', reservationId: 'uuid' },
} as const;

/** The commits of reservations between two versions of their accounts, in their order. */
const PARTS = {
  name: 'prices_parts',
  text: `/* prices.parts */ SELECT u.place, part.version, part.cause, part.input, part.credits
    FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS u(account_id, reservation_id, after, until, place), LATERAL (
      SELECT j.version, min(j.command) AS cause, coalesce(min(j.input), '') AS input,
        coalesce(sum(j.amount) FILTER (WHERE j.kind = 'COMMIT'), 0)::bigint AS credits
      FROM journal j
      WHERE j.account_id = u.account_id AND j.version > u.after AND j.version <= u.until AND j.reservation_id = u.reservation_id
        AND j.command IN (${COMMITTING})
      GROUP BY j.version) part
    ORDER BY u.place, part.version`,
  answer: { place: 'bigint', version: 'bigint', cause: 'text', input: 'text', credits: 'bigint' },
} as const;

/** More would not be read in the time of one statement. */
const RESERVATIONS_AT_ONCE = 2_000;

/** The versions of an account just before a span and at its end. */
interface Span {
  readonly accountId: string;
  readonly after: number;
  readonly until: number;
}

/** A reservation of which something was committed within a span. */
interface Touched extends Span {
  readonly reservationId: string;
}

/**
 * What was committed of each line within a span of time, line by line: a reservation that was opened within it and did not change since is as
 * its row says; of any other the commits are replayed.
 *
 * @param range  by the accounts' own clocks
 * @param max  of reservations
 * @returns null when there are more
 */
export async function readCommittedLines(
  reader: PastReader,
  accountIds: readonly string[],
  range: TimeRange,
  max: number,
): Promise<readonly CommittedLine[] | null> {
  const touched = await findTouched(reader, await readSpans(reader, accountIds, range), max + 1);
  if (touched.length > max) return null;
  const lines: CommittedLine[] = [];
  for (let from = 0; from < touched.length; from += RESERVATIONS_AT_ONCE)
    lines.push(...(await readLines(reader, touched.slice(from, from + RESERVATIONS_AT_ONCE), range.start)));
  return lines;
}

async function readSpans(reader: PastReader, accountIds: readonly string[], range: TimeRange): Promise<Span[]> {
  const [after, until] = await Promise.all(
    [range.start, range.end].map((before) =>
      readVersions(
        reader,
        accountIds.map((accountId) => ({ accountId, before })),
      ),
    ),
  );
  return accountIds.map((accountId, index) => ({
    accountId,
    after: after?.[index] ?? 0,
    until: until?.[index] ?? 0,
  }));
}

async function findTouched(reader: PastReader, spans: readonly Span[], limit: number): Promise<Touched[]> {
  const asked = spans.filter(({ after, until }) => until > after);
  if (asked.length === 0) return [];
  const rows = await ask(reader, COMMITTED, [
    asked.map(({ accountId }) => accountId),
    asked.map(({ after }) => after),
    asked.map(({ until }) => until),
    [limit],
  ]);
  return rows.map(({ place, reservationId }) => ({ ...(asked[place - 1] as Span), reservationId }));
}

async function readLines(reader: PastReader, touched: readonly Touched[], start: number): Promise<CommittedLine[]> {
  const { byId } = ownedKind('reservations');
  const ids = [touched.map(({ accountId }) => accountId), touched.map(({ reservationId }) => reservationId)];
  const { rows } = await reader.query<Row>({ ...byId, name: 'prices_reservations', values: ids, types: ledgerTypes });
  const reservations = new Map(RESERVATION.read(rows).map((row) => [row.id, toReservation(row)]));
  const found = touched.map((one) => {
    const reservation = reservations.get(one.reservationId);
    if (reservation === undefined)
      throw new TypeError(`reservation ${one.reservationId} was committed and is not there`);
    return { ...one, reservation };
  });
  const isWhole = ({ reservation, until }: (typeof found)[number]) =>
    reservation.createdAt >= start && reservation.version <= until;
  const whole = found
    .filter(isWhole)
    .flatMap(({ accountId, reservation }) =>
      pairs(accountId, reservation, replayLines(reservation, []), reservation.lines),
    );
  return [
    ...whole,
    ...(await replay(
      reader,
      found.filter((one) => !isWhole(one)),
    )),
  ];
}

async function replay(
  reader: PastReader,
  cut: readonly (Touched & { readonly reservation: ReservationState })[],
): Promise<CommittedLine[]> {
  if (cut.length === 0) return [];
  const opened = await readVersions(
    reader,
    cut.map(({ accountId, reservation }) => ({ accountId, before: reservation.createdAt })),
  );
  const parts = await ask(reader, PARTS, [
    cut.map(({ accountId }) => accountId),
    cut.map(({ reservationId }) => reservationId),
    opened.map((version) => version ?? 0),
    cut.map(({ until }) => until),
  ]);
  return cut.flatMap(({ accountId, reservation, after }, index) => {
    const all: readonly CommittedPart[] = parts.filter(({ place }) => place === index + 1);
    const before = all.filter(({ version }) => version <= after);
    return pairs(accountId, reservation, replayLines(reservation, before), replayLines(reservation, all));
  });
}

function pairs(
  accountId: string,
  reservation: ReservationState,
  before: readonly ReservationLine[],
  after: readonly ReservationLine[],
): CommittedLine[] {
  return after.flatMap((line, index) => {
    const was = before[index] as ReservationLine;
    const isSame = line.committed === was.committed && line.done === was.done;
    return isSame ? [] : [{ accountId, reservation, before: was, after: line }];
  });
}
