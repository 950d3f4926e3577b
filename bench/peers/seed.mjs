/** Tables, accounts and grants of a peer; and the check of its ledger. Both peers use the same of each. */
import { readFileSync } from 'node:fs';

const PERIOD = `date_trunc('day', now()) - interval '1 day'`;

/** Creates the tables and `accounts` accounts on ENTERPRISE, each with its allowance, a promotion and a bonus. */
export async function createPeerTables(client, accounts) {
  await client.query(readFileSync(new URL('./schema.sql', import.meta.url), 'utf8'));
  await client.query('BEGIN');
  await client.query(
    `INSERT INTO account SELECT ${accountId('n')}, 'Bench ' || n, 'ENTERPRISE', 3, 0, ${PERIOD}, ${PERIOD} + interval '1 month',
            $2::bigint, $2, 0, 0, 0, 0, 0, 0, 0, 0,
            jsonb_build_object('STANDARD', jsonb_build_object('base', $2::bigint, 'LOW', false, 'CRITICAL', false, 'EMPTY', false),
                               'SCAN', jsonb_build_object('base', 0, 'LOW', false, 'CRITICAL', false, 'EMPTY', true))
       FROM generate_series(0, $1::int - 1) AS n`,
    [accounts, GRANTS.reduce((sum, grant) => sum + grant.credits, 0)],
  );
  let before = 0;
  for (const [index, { source, priority, credits, expires }] of GRANTS.entries()) {
    await client.query(
      `WITH made AS (
         INSERT INTO credit_grant SELECT gen_random_uuid(), ${accountId('n')}, 'STANDARD', $2, $3, $4::bigint, $4, 0, 0, 0, ${PERIOD}, ${expires}, now()
           FROM generate_series(0, $1::int - 1) AS n RETURNING id, account_id)
       INSERT INTO journal SELECT gen_random_uuid(), account_id, $5::bigint, 0, 'GRANT', 'STANDARD', $4, $6::bigint, $6 + $4, 0, 0, id, NULL, 'bench', now(), 'Seed.' FROM made`,
      [accounts, source, priority, credits, index + 1, before],
    );
    before += credits;
  }
  await client.query('COMMIT');
  const { rows } = await client.query('SELECT id FROM account ORDER BY name');
  return rows.map((row) => row.id);
}
/** What every account of every contender starts with. */
export const GRANTS = [
  { source: 'ALLOWANCE', priority: 10, credits: 500, expires: `${PERIOD} + interval '1 month'` },
  { source: 'PROMOTION', priority: 20, credits: 1_000_000_000, expires: `now() + interval '1 year'` },
  { source: 'BONUS', priority: 30, credits: 1_000, expires: 'NULL' },
];
const accountId = (n) => `md5('bench-account-' || ${n})::uuid`;

/**
 * What is wrong with a peer's ledger, as sentences; empty when it is right: per account the closed sums, no version gap,
 * the chain of before and after, entries replayed give the balances; per grant and reservation the same sums; usage
 * equals what was spent; every decision has its key.
 */
export async function findPeerFaults(client) {
  const faults = [];
  for (const [name, sql] of CHECKS) {
    const { rows } = await client.query(sql);
    if (rows.length) faults.push(`${name}: ${rows.length} (${JSON.stringify(rows[0])})`);
  }
  return faults;
}
const CHECKS = [
  [
    'balances differ from the replayed entries',
    `
    SELECT a.id, a.standard_available, a.standard_held, a.standard_spent, j.* FROM account a JOIN (
      SELECT account_id,
             sum(CASE kind WHEN 'GRANT' THEN amount WHEN 'RELEASE' THEN amount WHEN 'RESERVE' THEN -amount WHEN 'EXPIRE' THEN -amount ELSE 0 END) AS available,
             sum(CASE kind WHEN 'RESERVE' THEN amount WHEN 'COMMIT' THEN -amount WHEN 'RELEASE' THEN -amount ELSE 0 END) AS held,
             sum(CASE kind WHEN 'COMMIT' THEN amount ELSE 0 END) AS spent,
             max(version) AS version, count(DISTINCT version) AS groups
        FROM journal GROUP BY account_id) j ON j.account_id = a.id
     WHERE (a.standard_available, a.standard_held, a.standard_spent) <> (j.available, j.held, j.spent) OR a.version <> j.version OR j.groups <> j.version LIMIT 5`,
  ],
  [
    'an entry does not start where the last one ended',
    `
    SELECT * FROM (SELECT account_id, version, ordinal, available_before, held_before,
             lag(available_after, 1, 0::bigint) OVER w AS available_last, lag(held_after, 1, 0::bigint) OVER w AS held_last
        FROM journal WINDOW w AS (PARTITION BY account_id ORDER BY version, ordinal)) c
     WHERE (available_before, held_before) <> (available_last, held_last) LIMIT 5`,
  ],
  [
    'grants differ from their account',
    `
    SELECT a.id FROM account a JOIN (SELECT account_id, sum(available) av, sum(held) h, sum(spent) s, sum(granted) g FROM credit_grant WHERE credit_type = 'STANDARD' GROUP BY account_id) g
        ON g.account_id = a.id WHERE (a.standard_available, a.standard_held, a.standard_spent, a.standard_granted) <> (g.av, g.h, g.s, g.g) LIMIT 5`,
  ],
  [
    'reservations differ from what is held and spent',
    `
    SELECT a.id FROM account a JOIN (SELECT account_id, sum(held) h, sum(committed) c FROM reservation GROUP BY account_id) r
        ON r.account_id = a.id WHERE (a.standard_held, a.standard_spent) <> (r.h, r.c) LIMIT 5`,
  ],
  [
    'usage differs from what is spent',
    `
    SELECT a.id FROM account a LEFT JOIN (SELECT account_id, sum(credits) c FROM usage_entry GROUP BY account_id) u ON u.account_id = a.id
     WHERE a.standard_spent <> coalesce(u.c, 0) LIMIT 5`,
  ],
  ['holds left open', `SELECT id, account_id FROM reservation WHERE status = 'HELD' LIMIT 5`],
  [
    'decisions without a key',
    `
    SELECT n FROM (SELECT (SELECT count(*) FROM idempotency_key) - (SELECT count(*) FROM reservation) - (SELECT count(*) FROM reservation WHERE status = 'COMMITTED') AS n) d WHERE n < 0`,
  ],
];
