import type pg from 'pg';
import type { CreditType } from '../../catalog/catalog.js';
import { ENTRY, type EntryFields, hasEntry } from '../rows/journal-rows.js';
import type { Row } from '../wire/flight.js';
import type { Cut } from '../past/cut.js';
import { Conditions, SEARCHED_MAX } from './conditions.js';
import { conditionsOf, indexedField, isAsked } from './find-subject.js';
import type { EntriesAsked, EntrySpan } from './read-entry-filter.js';

/** What was found, newest first. `stoppedAt`: up to where was looked, when there may be more after it. */
export interface FoundEntries {
  readonly rows: readonly EntryFields[];
  readonly stoppedAt: Cut | null;
}

/** What is searched: entries of an account of some credit types before a place, at most `limit`. */
export interface EntrySearch {
  readonly accountId: string;
  readonly types: readonly CreditType[];
  readonly asked: EntriesAsked | null;
  readonly span: EntrySpan;
  /** Null: from the newest. */
  readonly before: Cut | null;
  readonly limit: number;
}

type Reader = Pick<pg.Pool, 'query'>;

/** So many reservations have their entries looked up one by one; work that has more is searched for in the journal. */
const LOOKED_UP_MAX = 1_000;
const LAST: Cut = { version: Number.MAX_SAFE_INTEGER, ordinal: 0 };
const FIRST: Cut = { version: 0, ordinal: 0 };

/** These kinds have an index of their own, since statements sum them; they are few beside those of work. */
const SUMMED = new Set(['GRANT', 'EXPIRE', 'REFUND', 'REVOKE']);
const SUMMED_TEXT = `kind IN ('GRANT', 'EXPIRE', 'REFUND', 'REVOKE')`;

/**
 * Looks for entries, newest first.
 *
 * Entries of work that few reservations were for are looked up by those. Others are searched for in the journal's order, each credit type by its
 * own index, and only so far: whoever asks goes on from where it stopped.
 */
export async function searchEntries(reader: Reader, search: EntrySearch): Promise<FoundEntries> {
  const reservations = await findReservations(reader, search);
  if (reservations !== null) return lookUp(reader, search, reservations);
  const found = await Promise.all(search.types.map((type) => searchType(reader, search, type)));
  const stops = found.flatMap(({ stoppedAt }) => stoppedAt ?? []);
  const stoppedAt = stops.length === 0 ? null : stops.reduce((a, b) => (compare(a, b) > 0 ? a : b));
  const rows = found.flatMap(({ rows: some }) => some).sort((a, b) => compare(b, a));
  return { rows: stoppedAt === null ? rows : rows.filter((row) => compare(row, stoppedAt) >= 0), stoppedAt };
}

const compare = (a: Cut, b: Cut): number => a.version - b.version || a.ordinal - b.ordinal;

async function read(reader: Reader, text: string, values: unknown[]): Promise<EntryFields[]> {
  const { rows } = await reader.query<Row>({ text: `/* read.entries */ ${text}`, values });
  return ENTRY.read(rows).filter(hasEntry);
}

/** The reservations whose entries are asked for, when they are few; null: they are many, or none are asked for. */
async function findReservations(reader: Reader, { accountId, asked }: EntrySearch): Promise<readonly string[] | null> {
  if (asked === null) return null;
  if (asked.reservationId !== null && !isAsked(asked.subject)) return [asked.reservationId];
  const indexed = indexedField(asked.subject);
  if (asked.reservationId === null && indexed === null) return null;
  const conditions = new Conditions();
  const where = conditions.all(
    `r.account_id = ${conditions.value(accountId)}`,
    asked.reservationId === null
      ? `r.${String(indexed)} = ${conditions.value(asked.subject[indexed as 'member'])}`
      : `r.reservation_id = ${conditions.value(asked.reservationId)}`,
  );
  const found = conditions.all(...conditionsOf(asked.subject, 'r', conditions));
  const { rows } = await reader.query<{ id: string; is_asked: boolean }>({
    text: `/* read.worked */ SELECT r.reservation_id AS id, ${found} AS is_asked FROM reservation r WHERE ${where}
      ORDER BY r.reservation_id DESC LIMIT ${LOOKED_UP_MAX + 1}`,
    values: conditions.values,
  });
  return rows.length > LOOKED_UP_MAX ? null : rows.filter(({ is_asked }) => is_asked).map(({ id }) => id);
}

/** The entries of some reservations: of each at most a page, by the index of those. */
async function lookUp(reader: Reader, search: EntrySearch, reservations: readonly string[]): Promise<FoundEntries> {
  const { accountId, asked, before, limit, span, types } = search;
  const conditions = new Conditions();
  const where = conditions.all(
    `j.account_id = ${conditions.value(accountId)} AND j.reservation_id = u.reservation_id AND j.kind IS NOT NULL`,
    place('j', '<', before ?? LAST, conditions),
    span.to === null ? null : place('j', '<', span.to, conditions),
    span.from === null ? null : place('j', '>=', span.from, conditions),
    types.length > 1 ? null : `j.credit_type = ${conditions.value(types[0])}`,
    ...entryConditions(asked, 'j', conditions),
  );
  const newest = (alias: string) => `ORDER BY ${alias}.version DESC, ${alias}.ordinal DESC LIMIT ${limit}`;
  const rows = await read(
    reader,
    `SELECT ${ENTRY.select('e')} FROM unnest(${conditions.value(reservations)}::uuid[]) AS u(reservation_id)
      CROSS JOIN LATERAL (SELECT j.* FROM journal j WHERE ${where} ${newest('j')}) e ${newest('e')}`,
    conditions.values,
  );
  return { rows, stoppedAt: null };
}

function place(alias: string, operator: '<' | '>=', { version, ordinal }: Cut, conditions: Conditions): string {
  return `(${alias}.version, ${alias}.ordinal) ${operator} (${conditions.value(version)}, ${conditions.value(ordinal)})`;
}

/** What is asked of an entry itself. */
function entryConditions(asked: EntriesAsked | null, alias: string, conditions: Conditions): string[] {
  if (asked === null) return [];
  return [
    ...(asked.kinds === null ? [] : [`${alias}.kind = ANY(${conditions.value(asked.kinds)}::text[])`]),
    ...(asked.grantId === null ? [] : [`${alias}.grant_id = ${conditions.value(asked.grantId)}`]),
  ];
}

/**
 * Entries of one credit type, in the journal's order.
 *
 * The type is compared as part of the row `(type, …) < (…)`, not by `=`: so PostgreSQL uses an index that begins with the type, the only ones with
 * this order.
 */
async function searchType(reader: Reader, search: EntrySearch, creditType: CreditType): Promise<FoundEntries> {
  const { accountId, asked, limit, span } = search;
  const conditions = new Conditions();
  const from = span.from ?? FIRST;
  const to = [search.before, span.to].reduce<Cut>((a, b) => (b !== null && compare(b, a) < 0 ? b : a), LAST);
  const type = conditions.value(creditType);
  const at = ({ version, ordinal }: Cut) =>
    `(${type}, ${conditions.value(version)}::bigint, ${conditions.value(ordinal)}::integer)`;
  const isSummed = asked?.kinds?.every((kind) => SUMMED.has(kind)) ?? false;
  const searched = `FROM journal s WHERE ${conditions.all(
    `s.account_id = ${conditions.value(accountId)}`,
    isSummed ? `s.${SUMMED_TEXT}` : 's.kind IS NOT NULL',
    `(s.credit_type, s.version, s.ordinal) < ${at(to)}`,
    `(s.credit_type, s.version, s.ordinal) >= ${at(from)}`,
  )} ORDER BY s.credit_type DESC, s.version DESC, s.ordinal DESC`;
  const counted = conditions.values.length;
  const rest = conditions.all(...entryConditions(asked, 'e', conditions), workCondition(asked, conditions));
  const rows = await read(
    reader,
    `SELECT ${ENTRY.select('e')} FROM (SELECT s.* ${searched} LIMIT ${rest === 'true' ? limit : SEARCHED_MAX}) e WHERE ${rest}
      ORDER BY e.version DESC, e.ordinal DESC LIMIT ${limit}`,
    conditions.values,
  );
  if (rows.length === limit || rest === 'true') return { rows, stoppedAt: null };
  const { rows: last } = await reader.query<Row>({
    text: `/* read.searched */ SELECT s.version AS version, s.ordinal AS ordinal ${searched} OFFSET ${SEARCHED_MAX - 1} LIMIT 1`,
    values: conditions.values.slice(0, counted),
  });
  return { rows, stoppedAt: (last[0] as unknown as Cut | undefined) ?? null };
}

/** Whether an entry is of the work that is asked for. */
function workCondition(asked: EntriesAsked | null, conditions: Conditions): string | null {
  if (asked === null || !isAsked(asked.subject)) return null;
  const work = conditions.all(...conditionsOf(asked.subject, 'r', conditions));
  return `EXISTS (SELECT FROM reservation r WHERE r.account_id = e.account_id AND r.reservation_id = e.reservation_id AND ${work})`;
}
