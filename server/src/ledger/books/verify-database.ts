import type pg from 'pg';
import { NO_ACCOUNT } from '../../audit/actions.js';
import { grouped } from '../../kit/grouped.js';
import type { Row } from '../wire/flight.js';

const ROWS_MAX = 1_000;

/** What is wrong with a database as a whole, and what is worth a word though it is right. */
export interface WholeReport {
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Finds what is gone, which no account can tell: rows of accounts that `ledger_account` lacks, in any table; external ids that lead
 * nowhere; price lists without prices; a feed that would give positions out again.
 *
 * @param client  in the snapshot in which the accounts are read
 * Source: docs/domain.md, Amounts
 */
export async function verifyDatabase(client: pg.PoolClient): Promise<WholeReport> {
  const { rows: counted } = await client.query<{ accounts: number; claims: number }>(`/* verify.counts */
    SELECT (SELECT count(*) FROM ledger_account) AS accounts, (SELECT count(*) FROM external_account e
      WHERE NOT EXISTS (SELECT FROM ledger_account a WHERE a.account_id = e.account_id)) AS claims`);
  const { accounts, claims } = counted[0] as { accounts: number; claims: number };
  const problems = [
    ...(await goneAccounts(client)),
    ...(await externalIds(client)),
    ...(await priceLists(client)),
    ...(await feedPositions(client)),
  ];
  // A claim is written before its account: a crash between them leaves one, which the next call takes up.
  const claimed = `${grouped(claims)} external id${claims === 1 ? ' is' : 's are'} claimed for accounts that were never opened`;
  if (accounts === 0 && claims > 0) problems.push(`there is no account, but ${claimed}`);
  return { problems, notes: claims > 0 && accounts > 0 ? [claimed] : [] };
}

/**
 * Accounts that have rows in some table and are not in `ledger_account`; every table with an account's id is asked. What was done to no account,
 * as a price list published or a key made for several, is kept under `NO_ACCOUNT`.
 */
async function goneAccounts(client: pg.PoolClient): Promise<string[]> {
  const { rows: tables } = await client.query<{ name: string }>(`/* verify.tables */
    SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'account_id'
    WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND NOT a.attisdropped
      AND c.relname NOT IN ('ledger_account', 'external_account') ORDER BY c.relname`);
  const found = new Map<string, string[]>();
  for (const { name } of tables) {
    const table = client.escapeIdentifier(name);
    const { rows } = await client.query<{ account_id: string; n: number }>(`/* verify.gone */
      SELECT t.account_id, count(*) AS n FROM ${table} t WHERE t.account_id <> '${NO_ACCOUNT}'
        AND NOT EXISTS (SELECT FROM ledger_account a WHERE a.account_id = t.account_id)
      GROUP BY t.account_id ORDER BY t.account_id LIMIT ${ROWS_MAX}`);
    for (const { account_id: id, n } of rows) {
      const places = found.get(id);
      const place = `${grouped(n)} in ${name}`;
      if (places) places.push(place);
      else found.set(id, [place]);
    }
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, places]) => `${id}: is not in ledger_account, but has rows elsewhere: ${places.join(', ')}`);
}

/** An account's external id is claimed for it, and a claim's account says so. */
async function externalIds(client: pg.PoolClient): Promise<string[]> {
  const { rows } = await client.query<Row>(`/* verify.external_ids */
    SELECT a.account_id, a.external_id AS own, e.external_id AS claimed FROM account a
      LEFT JOIN external_account e ON e.external_id = a.external_id AND e.sandbox = a.sandbox AND e.account_id = a.account_id
      WHERE a.external_id IS NOT NULL AND e.external_id IS NULL
    UNION ALL
    SELECT e.account_id, a.external_id, e.external_id FROM external_account e JOIN account a USING (account_id)
      WHERE a.external_id IS DISTINCT FROM e.external_id OR a.sandbox <> e.sandbox
    ORDER BY account_id LIMIT ${ROWS_MAX}`);
  return rows.map((row) =>
    row['claimed'] === null
      ? `${String(row['account_id'])}: its external id ${JSON.stringify(row['own'])} is not claimed for it`
      : `${String(row['account_id'])}: has the external id ${JSON.stringify(row['own'])}, but ${JSON.stringify(row['claimed'])} is claimed for it`,
  );
}

async function priceLists(client: pg.PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ version: number; is_list: boolean }>(`/* verify.price_lists */
    SELECT l.version, true AS is_list FROM price_list l
      WHERE NOT EXISTS (SELECT FROM price p WHERE p.price_list_version = l.version)
    UNION ALL
    SELECT DISTINCT p.price_list_version, false FROM price p
      WHERE NOT EXISTS (SELECT FROM price_list l WHERE l.version = p.price_list_version)
        OR NOT EXISTS (SELECT FROM operation o WHERE o.code = p.operation_code)
    ORDER BY 1`);
  return rows.map(({ version, is_list }) =>
    is_list
      ? `price list ${version} has no prices`
      : `price list ${version} is gone, or operations of it are; its prices are there`,
  );
}

/** The next position in the feed is behind all that were given. */
async function feedPositions(client: pg.PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ given: number | null; next: number }>(`/* verify.feed */
    SELECT (SELECT max(feed_seq) FROM event) AS given, (SELECT last_value FROM event_feed_seq) AS next`);
  const { given, next } = rows[0] as { given: number | null; next: number };
  return given !== null && given > next
    ? [`event_feed_seq stands at ${next}, but an event has position ${given}: positions would be given twice`]
    : [];
}
