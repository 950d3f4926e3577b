import type pg from 'pg';
import { dayAt } from '../../accounts/periods.js';
import type { Catalog } from '../../catalog/catalog.js';
import { ReplayedAccount } from './replay-account.js';
import { type KeptRecord, toKept, toRecord, toTold, toUsage } from './replay-records.js';
import { toAccount, toGrant, toReservation } from '../rows/rows.js';
import type { Row } from '../wire/flight.js';
import { verifyDatabase } from './verify-database.js';

const ACCOUNTS_A_CHUNK = 250;
const ROWS_A_PAGE = 20_000;
const PROBLEMS_MAX = 1_000;
/** Problems of one account begin with its uuid. */
const ACCOUNT_OF = /^[0-9a-f-]{36}(?=:)/;

export interface VerifyOptions {
  /** A pool or client whose values are as `ledgerTypes` says, TimeZone UTC. */
  readonly pool: pg.Pool;
  readonly catalog: Catalog;
  /** Uuids; all accounts when absent. */
  readonly accountIds?: readonly string[];
}

export interface VerifyReport {
  readonly accounts: number;
  readonly entries: number;
  /** What is wrong, each naming its account if it is one account's; empty when the books are right. At most 1,000. */
  readonly problems: readonly string[];
  /** The first account that something is wrong with, a uuid; null: none. */
  readonly firstWrong: string | null;
  /** What is right and worth a word. */
  readonly notes: readonly string[];
}

/**
 * Proves the books: removes, in mind, every number that can be derived, replays the journal, and compares.
 *
 * For each account: versions 1 to n without a gap; every movement's `after`; grants, account buckets, shelves, `used` and
 * allowance of both credit types; each reservation's amounts, draws, lines, status and version; usage by day and by what it
 * is booked to; each group's events, their balance and their place in the feed; prices; the answers kept under keys; the next end.
 * Unless accounts are named, also what is gone from the database as a whole (`verifyDatabase`): an account that only some tables have
 * is a problem, and so is a database that has traces of accounts and none of them. Reads a consistent snapshot, so that it may run
 * beside traffic. Writes nothing.
 *
 * Source: docs/domain.md, Amounts
 */
export async function verifyLedger({ pool, catalog, accountIds }: VerifyOptions): Promise<VerifyReport> {
  const client = await pool.connect();
  const problems: string[] = [];
  const notes: string[] = [];
  let accounts = 0;
  let entries = 0;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    if (!accountIds) {
      const whole = await verifyDatabase(client);
      problems.push(...whole.problems);
      notes.push(...whole.notes);
    }
    for await (const ids of chunks(client, accountIds)) {
      const replayed = await loadAccounts(client, ids, catalog);
      for (const id of ids) if (!replayed.has(id)) problems.push(`${id}: there is no such account`);
      for await (const row of pages(client, EVENTS, ids)) replayed.get(row['account_id'] as never)?.tell(toTold(row));
      for await (const row of pages(client, JOURNAL, ids)) {
        if (row['kind'] !== null) entries++;
        replayed.get(row['account_id'] as never)?.add(toRecord(row));
      }
      for await (const row of pages(client, REFUSALS, ids))
        replayed.get(row['account_id'] as never)?.addRefusal(toKept(row) as KeptRecord);
      for await (const row of pages(client, GRANTS, ids))
        replayed.get(row['account_id'] as never)?.compareGrant(toGrant(row), row['is_open'] as never);
      for await (const row of pages(client, RESERVATIONS, ids))
        replayed.get(row['account_id'] as never)?.compareReservation(toReservation(row));
      for await (const row of pages(client, USAGE, ids))
        replayed.get(row['account_id'] as never)?.compareUsage(toUsage(row));
      for (const account of replayed.values()) problems.push(...account.finish());
      accounts += replayed.size;
      if (problems.length >= PROBLEMS_MAX) break;
    }
  } finally {
    await client.query('ROLLBACK').catch(() => {});
    client.release();
  }
  return {
    accounts,
    entries,
    problems: problems.slice(0, PROBLEMS_MAX),
    firstWrong: problems.map((problem) => ACCOUNT_OF.exec(problem)?.[0]).find((id) => id !== undefined) ?? null,
    notes,
  };
}

async function loadAccounts(
  client: pg.PoolClient,
  ids: readonly string[],
  catalog: Catalog,
): Promise<Map<string, ReplayedAccount>> {
  const { rows } = await client.query<Row>({
    text: `/* verify.accounts */ SELECT a.*, d.due_at AS listed_due_at, c.account_id AS card_id FROM ledger_account a
      LEFT JOIN account_due d USING (account_id) LEFT JOIN account c USING (account_id) WHERE a.account_id = ANY($1::uuid[])`,
    values: [ids],
  });
  return new Map(
    rows.map((row) => {
      const head = toAccount(row);
      const account = new ReplayedAccount(head, catalog, (at) => dayAt(at, head.timeZone), row['kept_digest'] as never);
      account.compareListing(row['card_id'] !== null, row['listed_due_at'] as never);
      return [head.id, account];
    }),
  );
}

interface Paged {
  readonly columns: string;
  readonly from: string;
  readonly where?: string;
  /** Unique within the accounts asked for, in the order of an index. */
  readonly key: readonly { readonly name: string; readonly type: string }[];
}

const ACCOUNT_KEY = { name: 'account_id', type: 'uuid' };
const PLACE = [ACCOUNT_KEY, { name: 'version', type: 'bigint' }, { name: 'ordinal', type: 'integer' }];
const JOURNAL: Paged = {
  columns: `account_id, version, ordinal, kind, credit_type, amount, grant_id, available_after, held_after, reservation_id, command, at, idempotency_key, scope, input, outcome`,
  from: 'journal',
  where: 'version IS NOT NULL',
  key: PLACE,
};
const REFUSALS: Paged = {
  columns: 'account_id, idempotency_key, scope, input, outcome, reservation_id',
  from: 'journal',
  where: 'version IS NULL',
  key: [ACCOUNT_KEY, { name: 'idempotency_key', type: 'text' }, { name: 'scope', type: 'text' }],
};
const EVENTS: Paged = {
  columns:
    'account_id, version, ordinal, feed_seq, sandbox, type, credit_type, at, credits, reservation_id, grant_id, balance',
  from: 'event',
  key: PLACE,
};
const GRANTS: Paged = { columns: '*', from: 'credit_grant', key: [ACCOUNT_KEY, { name: 'grant_id', type: 'uuid' }] };
const RESERVATIONS: Paged = {
  columns: '*',
  from: 'reservation',
  key: [ACCOUNT_KEY, { name: 'reservation_id', type: 'uuid' }],
};
const USAGE: Paged = {
  columns: 'account_id, day, credit_type, operation, member, project, feature, type, credits, operations',
  from: 'usage_day',
  key: [
    ACCOUNT_KEY,
    ...['day', 'credit_type', 'operation', 'member', 'project'].map((name) => ({
      name,
      type: name === 'day' ? 'date' : 'text',
    })),
  ],
};

/** Rows of a table in the order of its key, some thousands at a time. */
async function* pages(
  client: pg.PoolClient,
  { columns, from, where, key }: Paged,
  ids: readonly string[],
): AsyncGenerator<Row> {
  const names = key.map(({ name }) => name).join(', ');
  const after = key.map(({ type }, index) => `$${index + 2}::${type}`).join(', ');
  let last: unknown[] | null = null;
  for (;;) {
    const { rows }: pg.QueryResult<Row> = await client.query<Row>({
      text: `/* verify.${from} */ SELECT ${columns} FROM ${from} WHERE account_id = ANY($1::uuid[]) ${where === undefined ? '' : `AND ${where}`}
        ${last === null ? '' : `AND (${names}) > (${after})`} ORDER BY ${names} LIMIT ${ROWS_A_PAGE}`,
      values: [ids, ...(last ?? [])],
    });
    yield* rows;
    const row = rows.at(-1);
    if (!row || rows.length < ROWS_A_PAGE) return;
    last = key.map(({ name }) => row[name]);
  }
}

async function* chunks(
  client: pg.PoolClient,
  accountIds: readonly string[] | undefined,
): AsyncGenerator<readonly string[]> {
  if (accountIds) {
    for (let index = 0; index < accountIds.length; index += ACCOUNTS_A_CHUNK)
      yield accountIds.slice(index, index + ACCOUNTS_A_CHUNK);
    return;
  }
  let last = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const { rows } = await client.query<{ account_id: string }>({
      text: `/* verify.account_ids */ SELECT account_id FROM ledger_account WHERE account_id > $1 ORDER BY account_id LIMIT ${ACCOUNTS_A_CHUNK}`,
      values: [last],
    });
    const row = rows.at(-1);
    if (!row) return;
    yield rows.map(({ account_id }) => account_id);
    last = row.account_id;
  }
}
