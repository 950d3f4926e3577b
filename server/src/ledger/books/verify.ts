import type pg from 'pg';
import { dayAt } from '../../accounts/periods.js';
import type { Catalog } from '../../catalog/catalog.js';
import { comparePast } from './compare-past.js';
import { ReplayedAccountPast } from './replay-account-past.js';
import { ReplayedAccount } from './replay-account.js';
import { ACCOUNT, toAccount } from '../rows/account-rows.js';
import { BUDGET } from '../rows/budget-rows.js';
import { CLOSED_PERIOD } from '../rows/closed-period-rows.js';
import type { FieldsOf, RawOf, RowDescription } from '../rows/describe-row.js';
import { EVENT, toEvent } from '../rows/event-rows.js';
import { GRANT, toGrant } from '../rows/grant-rows.js';
import { hasPlace, JOURNAL, keepsAnswer, KEPT_ANSWER } from '../rows/journal-rows.js';
import { PLAN_PAYMENT } from '../rows/plan-payment-rows.js';
import { PURCHASE, toPurchase } from '../rows/purchase-rows.js';
import { RESERVATION, toReservation } from '../rows/reservation-rows.js';
import { SPENDING, toSpending } from '../rows/spending-rows.js';
import { TALLY, toTally } from '../rows/tally-rows.js';
import { USAGE } from '../rows/usage-rows.js';
import { WAITING } from '../rows/waiting-rows.js';
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
 * allowance of both credit types; each reservation's amounts, draws, lines, status and version; each purchase with its grants; the counters of budgets; the hours in which it spent; usage by day and by what it
 * is booked to; what waited, where periods ended, and the past as the API reads it (balances at instants, every period, the statement of
 * every month, what is unspent of purchases); each group's events, their balance and their place in the feed; prices; the answers kept under keys; the next end.
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
      const { replayed, pasts } = await loadAccounts(client, ids, catalog);
      for (const id of ids) if (!replayed.has(id)) problems.push(`${id}: there is no such account`);
      for await (const row of pages(client, EVENTS, ids)) {
        const event = toEvent(row);
        replayed.get(row.accountId)?.tell(event);
        pasts.get(row.accountId)?.tell(event);
      }
      for await (const row of pages(client, GRANTS, ids)) pasts.get(row.accountId)?.knowGrant(toGrant(row));
      for await (const row of pages(client, WAITINGS, ids)) pasts.get(row.accountId)?.knowWaiting(row);
      for await (const row of pages(client, GROUPS, ids)) {
        if (row.kind !== null) entries++;
        if (!hasPlace(row)) continue;
        replayed.get(row.accountId)?.add(row);
        pasts.get(row.accountId)?.add(row);
      }
      for (const past of pasts.values()) past.finishJournal();
      for await (const row of pages(client, REFUSALS, ids))
        if (keepsAnswer(row)) replayed.get(row.accountId)?.addRefusal(row);
      for await (const row of pages(client, GRANTS, ids))
        replayed.get(row.accountId)?.compareGrant(toGrant(row), row.isOpen);
      for await (const row of pages(client, BUDGET_ROWS, ids)) replayed.get(row.accountId)?.compareBudget({ ...row });
      for await (const row of pages(client, RESERVATIONS, ids)) {
        const reservation = toReservation(row);
        replayed.get(row.accountId)?.compareReservation(reservation);
        pasts.get(row.accountId)?.operations.addReservation(reservation);
      }
      for await (const row of pages(client, CLOSED, ids)) pasts.get(row.accountId)?.compareClosed(row);
      for await (const row of pages(client, PLAN_PAYMENT_ROWS, ids))
        replayed.get(row.accountId)?.comparePlanPayment({ ...row });
      for await (const row of pages(client, PURCHASES, ids))
        replayed.get(row.accountId)?.comparePurchase(toPurchase(row));
      for await (const row of pages(client, TALLY_ROWS, ids)) replayed.get(row.accountId)?.compareTally(toTally(row));
      for await (const row of pages(client, SPENDINGS, ids))
        replayed.get(row.accountId)?.compareSpending(toSpending(row));
      for await (const row of pages(client, USAGES, ids)) replayed.get(row.accountId)?.compareUsage(row);
      for (const past of pasts.values()) past.finish();
      await comparePast(client, [...pasts.values()]);
      for (const [id, account] of replayed) problems.push(...account.finish(), ...(pasts.get(id)?.problems ?? []));
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

const BESIDE = { listedDueAt: 'timestamptz?', cardId: 'uuid?' } as const;

/** Accounts that are being replayed, by id: what they have, and what they had. */
interface Replays {
  readonly replayed: ReadonlyMap<string, ReplayedAccount>;
  readonly pasts: ReadonlyMap<string, ReplayedAccountPast>;
}

async function loadAccounts(client: pg.PoolClient, ids: readonly string[], catalog: Catalog): Promise<Replays> {
  const { rows } = await client.query<Row>({
    text: `/* verify.accounts */ SELECT ${ACCOUNT.select('a')}, d.due_at AS "listedDueAt", c.account_id AS "cardId" FROM ledger_account a
      LEFT JOIN account_due d USING (account_id) LEFT JOIN account c USING (account_id) WHERE a.account_id = ANY($1::uuid[])`,
    values: [ids],
  });
  const pasts = new Map<string, ReplayedAccountPast>();
  const replayed = new Map(
    ACCOUNT.readWith(BESIDE, rows).map((row) => {
      const head = toAccount(row);
      const account = new ReplayedAccount(head, catalog, (at) => dayAt(at, head.timeZone), row.keptDigest);
      account.compareListing(row.cardId !== null, row.listedDueAt);
      pasts.set(head.id, new ReplayedAccountPast(head));
      return [head.id, account];
    }),
  );
  return { replayed, pasts };
}

/** Rows of a kind that are read in pages. */
interface Paged<S> {
  readonly kind: RowDescription<S, never>;
  readonly where?: string;
  /** Fields that are unique within the accounts asked for, in the order of an index. */
  readonly key: readonly (keyof S & string)[];
}

const GROUPS: Paged<FieldsOf<typeof JOURNAL>> = {
  kind: JOURNAL,
  where: 't.version IS NOT NULL',
  key: ['accountId', 'version', 'ordinal'],
};
const REFUSALS: Paged<FieldsOf<typeof KEPT_ANSWER>> = {
  kind: KEPT_ANSWER,
  where: 't.version IS NULL',
  key: ['accountId', 'key', 'scope'],
};
const EVENTS: Paged<FieldsOf<typeof EVENT>> = { kind: EVENT, key: ['accountId', 'version', 'ordinal'] };
const GRANTS: Paged<FieldsOf<typeof GRANT>> = { kind: GRANT, key: ['accountId', 'id'] };
const RESERVATIONS: Paged<FieldsOf<typeof RESERVATION>> = { kind: RESERVATION, key: ['accountId', 'id'] };
const PURCHASES: Paged<FieldsOf<typeof PURCHASE>> = { kind: PURCHASE, key: ['accountId', 'id'] };
const WAITINGS: Paged<FieldsOf<typeof WAITING>> = { kind: WAITING, key: ['accountId', 'creditType', 'version'] };
const CLOSED: Paged<FieldsOf<typeof CLOSED_PERIOD>> = { kind: CLOSED_PERIOD, key: ['accountId', 'number'] };
const PLAN_PAYMENT_ROWS: Paged<FieldsOf<typeof PLAN_PAYMENT>> = { kind: PLAN_PAYMENT, key: ['accountId', 'id'] };
const BUDGET_ROWS: Paged<FieldsOf<typeof BUDGET>> = { kind: BUDGET, key: ['accountId', 'id'] };
const TALLY_ROWS: Paged<FieldsOf<typeof TALLY>> = { kind: TALLY, key: ['accountId', 'id'] };
const SPENDINGS: Paged<FieldsOf<typeof SPENDING>> = { kind: SPENDING, key: ['accountId', 'id'] };
const USAGES: Paged<FieldsOf<typeof USAGE>> = {
  kind: USAGE,
  key: ['accountId', 'day', 'creditType', 'operation', 'member', 'project'],
};

/** Rows of a table in the order of a key, some thousands at a time. */
async function* pages<S>(
  client: pg.PoolClient,
  { kind, where, key }: Paged<S>,
  ids: readonly string[],
): AsyncGenerator<RawOf<S>> {
  const columns = key.map((field) => kind.column(field));
  const names = columns.map(({ name }) => `t.${name}`).join(', ');
  const after = columns.map(({ type }, index) => `$${index + 2}::${type}`).join(', ');
  let last: unknown[] | null = null;
  for (;;) {
    const { rows }: pg.QueryResult<Row> = await client.query<Row>({
      text: `/* verify.${kind.table} */ SELECT ${kind.select('t')} FROM ${kind.table} t
        WHERE t.account_id = ANY($1::uuid[]) ${where === undefined ? '' : `AND ${where}`}
        ${last === null ? '' : `AND (${names}) > (${after})`} ORDER BY ${names} LIMIT ${ROWS_A_PAGE}`,
      values: [ids, ...(last ?? [])],
    });
    const page = kind.read(rows);
    yield* page;
    const row = page.at(-1);
    if (!row || page.length < ROWS_A_PAGE) return;
    last = key.map((field) => row[field]);
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
