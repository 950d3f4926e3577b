import type pg from 'pg';

/** What can be asked and told: a pool, or one connection. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

/** A row of `history`. */
export interface HistoryRow {
  readonly number: number;
  readonly id: string;
  readonly parentId: string | null;
  /** Events up to this place of the feed are older than this history: its parent's, or of a history before that. */
  readonly forkedAfter: number;
  readonly identity: DatabaseIdentity;
  /** False for a row that was not written by this database but came out of a dump. */
  readonly isOriginal: boolean;
}

/** Which database this is; null: it cannot be asked. */
export interface DatabaseIdentity {
  /** Of the cluster, made by initdb: a dump is restored into another cluster, a copied data directory keeps it. */
  readonly systemIdentifier: string | null;
  /** Grows with every promotion of a standby and every recovery to a point in time. */
  readonly timeline: number | null;
  /** Of the database within its cluster: another in a copy made by CREATE DATABASE ... TEMPLATE. */
  readonly databaseOid: number | null;
}

/** The histories and the newest place in the feed, as of one snapshot. */
const READ = `/* history.read */
  SELECT h.number, h.history_id, h.parent_id, h.forked_after::float8 AS forked_after, h.system_identifier, h.timeline,
    h.database_oid::float8 AS database_oid, h.xmin = h.written_in::xid AS is_original, head.feed_seq::float8 AS head
  FROM (SELECT coalesce(max(newest.feed_seq), 0) AS feed_seq FROM unnest(ARRAY[false, true]) AS side
    CROSS JOIN LATERAL (SELECT feed_seq FROM event WHERE sandbox = side ORDER BY feed_seq DESC LIMIT 1) AS newest) AS head
  LEFT JOIN history h ON true
  ORDER BY h.number`;

/** The timeline of what is written now: the control file names the one of the last checkpoint, which a promotion leaves behind. */
const TIMELINE = `/* history.timeline */
  SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END AS timeline`;
const SYSTEM = `/* history.system */ SELECT system_identifier::text AS system_identifier FROM pg_control_system()`;
const PLACE = `/* history.place */
  SELECT oid::bigint::float8 AS database_oid, pg_is_in_recovery() AS is_standby FROM pg_database WHERE datname = current_database()`;

export interface ReadHistories {
  /** Oldest first; the last is the present one. */
  readonly rows: readonly HistoryRow[];
  /** The newest place in the feed. */
  readonly head: number;
}

/** As `READ` answers it; without a history there is one row, of nulls but for the place in the feed. */
interface ReadRow {
  readonly number: number;
  readonly history_id: string | null;
  readonly parent_id: string | null;
  readonly forked_after: number;
  readonly system_identifier: string | null;
  readonly timeline: number | null;
  readonly database_oid: number | null;
  readonly is_original: boolean;
  readonly head: number;
}

export async function readHistories(on: Queryable): Promise<ReadHistories> {
  const { rows } = await on.query<ReadRow>({ text: READ });
  return {
    rows: rows.flatMap((row) => (row.history_id === null ? [] : [toHistoryRow(row, row.history_id)])),
    head: rows[0]?.head ?? 0,
  };
}

function toHistoryRow(row: ReadRow, id: string): HistoryRow {
  return {
    number: row.number,
    id,
    parentId: row.parent_id,
    forkedAfter: row.forked_after,
    identity: {
      systemIdentifier: row.system_identifier,
      timeline: row.timeline,
      databaseOid: row.database_oid,
    },
    isOriginal: row.is_original,
  };
}

/**
 * Asks which database this is. All of it may be asked by everybody on a PostgreSQL as it is installed; where an operator or a hosted
 * service does not allow a part, that part is null and is not compared.
 */
export async function readIdentity(on: Queryable): Promise<DatabaseIdentity & { readonly isStandby: boolean }> {
  const { rows } = await on.query<{ database_oid: number; is_standby: boolean }>({ text: PLACE });
  const system = await ifAllowed<{ system_identifier: string }>(on, SYSTEM);
  const timeline = await ifAllowed<{ timeline: string | null }>(on, TIMELINE);
  return {
    systemIdentifier: system?.system_identifier ?? null,
    timeline: timeline?.timeline == null ? null : Number.parseInt(timeline.timeline, 16),
    databaseOid: rows[0]?.database_oid ?? null,
    isStandby: rows[0]?.is_standby ?? true,
  };
}

/** No privilege, no such function, not supported, wrong moment (recovery has just begun or ended). */
const NOT_ALLOWED = new Set(['42501', '42883', '0A000', '55000']);

async function ifAllowed<Row extends pg.QueryResultRow>(on: Queryable, text: string): Promise<Row | null> {
  try {
    return (await on.query<Row>({ text })).rows[0] ?? null;
  } catch (error) {
    if (NOT_ALLOWED.has((error as { code?: string }).code ?? '')) return null;
    throw error;
  }
}

/** Why a database with this identity cannot be going on with the history of the row; null when nothing speaks against it. */
export function foreignBecause({ identity, isOriginal }: HistoryRow, now: DatabaseIdentity): string | null {
  const differs = (of: (one: DatabaseIdentity) => unknown): boolean =>
    of(identity) !== null && of(now) !== null && of(identity) !== of(now);
  if (differs((one) => one.systemIdentifier)) return 'restored into another cluster';
  if (differs((one) => one.timeline)) return 'promoted, or recovered to a point in time';
  if (differs((one) => one.databaseOid)) return 'copied within its cluster';
  if (!isOriginal) return 'restored from a dump';
  return null;
}

const BEGIN_LOCK_CLASS = 4711;
const BEGIN_LOCK = 2;
const INSERT = `/* history.begin */
  INSERT INTO history (number, history_id, parent_id, forked_after, system_identifier, timeline, database_oid, written_in, because, began_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, pg_current_xact_id(), $8, $9)`;

export interface NewHistory {
  readonly id: string;
  /** The history that it leaves; null: the first of this database. */
  readonly leaving: string | null;
  readonly because: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * Begins a history, unless the one that it would leave is not the present one any more: somebody else was first, and theirs stands.
 *
 * Batches of the ledger are waited for and wait, so that each is wholly in one history and the place of the fork is exact.
 *
 * @param on  a connection without a transaction
 */
export async function beginHistory(on: Queryable, { id, leaving, because, at }: NewHistory): Promise<void> {
  const identity = await readIdentity(on);
  await on.query({ text: 'BEGIN' });
  try {
    await on.query({ text: `SET LOCAL lock_timeout = '4s'` });
    await on.query({ text: `SELECT pg_advisory_xact_lock(${BEGIN_LOCK_CLASS}, ${BEGIN_LOCK})` });
    // Conflicts with the row locks that every batch takes first, and with nothing that only reads.
    await on.query({ text: 'LOCK TABLE ledger_account IN EXCLUSIVE MODE' });
    const { rows, head } = await readHistories(on);
    const present = rows.at(-1);
    if ((present?.id ?? null) === leaving) {
      await on.query({
        text: INSERT,
        values: [
          (present?.number ?? 0) + 1,
          id,
          leaving,
          present === undefined ? 0 : head,
          identity.systemIdentifier,
          identity.timeline,
          identity.databaseOid,
          because,
          new Date(at),
        ],
      });
    }
    await on.query({ text: 'COMMIT' });
  } catch (error) {
    await on.query({ text: 'ROLLBACK' }).catch(() => undefined);
    throw error;
  }
}
