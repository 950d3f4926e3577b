/**
 * What is wrong with the product's ledger, as sentences; empty when it is right. Reads tables only, not the product's
 * code: per account the closed sums, versions without gap, entries replayed give the balances, each entry goes on where
 * the last one ended; per grant the same; reservations, usage and keys agree; no hold is left of a run that ended.
 */
const MOVED = `CASE kind WHEN 'GRANT' THEN amount WHEN 'RELEASE' THEN amount WHEN 'RESERVE' THEN -amount WHEN 'EXPIRE' THEN -amount WHEN 'REFUND' THEN -amount WHEN 'REVOKE' THEN -amount ELSE 0 END`;
const HELD = `CASE kind WHEN 'RESERVE' THEN amount WHEN 'COMMIT' THEN -amount WHEN 'RELEASE' THEN -amount ELSE 0 END`;
const SPENT = `CASE kind WHEN 'COMMIT' THEN amount ELSE 0 END`;

const CHECKS = [
  [
    'balances differ from the replayed entries',
    `
    SELECT a.account_id, a.version, a.standard_available, a.standard_held, a.standard_spent, j.* FROM ledger_account a LEFT JOIN (
      SELECT account_id, sum(${MOVED}) AS available, sum(${HELD}) AS held, sum(${SPENT}) AS spent, max(version) AS last, count(*) FILTER (WHERE ordinal = 0 AND version IS NOT NULL) AS groups
        FROM journal GROUP BY account_id) j ON j.account_id = a.account_id
     WHERE (a.standard_available, a.standard_held, a.standard_spent, a.version, a.version) IS DISTINCT FROM (j.available, j.held, j.spent, j.last, j.groups) LIMIT 3`,
  ],
  [
    'an entry does not go on where the last one ended',
    `
    SELECT * FROM (SELECT account_id, version, ordinal, kind, amount, available_after, held_after,
             lag(available_after, 1, 0::bigint) OVER w + ${MOVED} AS available_expected, lag(held_after, 1, 0::bigint) OVER w + ${HELD} AS held_expected
        FROM journal WHERE kind IS NOT NULL WINDOW w AS (PARTITION BY account_id ORDER BY version, ordinal)) c
     WHERE (available_after, held_after) <> (available_expected, held_expected) LIMIT 3`,
  ],
  [
    'grants differ from their account',
    `
    SELECT a.account_id FROM ledger_account a LEFT JOIN (SELECT account_id, sum(granted) g, sum(available) av, sum(held) h, sum(spent) s FROM credit_grant WHERE credit_type = 'STANDARD' GROUP BY account_id) g
        ON g.account_id = a.account_id WHERE (a.standard_granted, a.standard_available, a.standard_held, a.standard_spent) IS DISTINCT FROM (g.g, g.av, g.h, g.s) LIMIT 3`,
  ],
  [
    'grants differ from their replayed entries',
    `
    SELECT g.grant_id FROM credit_grant g LEFT JOIN (SELECT account_id, grant_id, sum(${MOVED}) AS available, sum(${HELD}) AS held, sum(${SPENT}) AS spent FROM journal WHERE kind IS NOT NULL GROUP BY account_id, grant_id) j
        ON j.account_id = g.account_id AND j.grant_id = g.grant_id WHERE (g.available, g.held, g.spent) IS DISTINCT FROM (j.available, j.held, j.spent) LIMIT 3`,
  ],
  [
    'reservations differ from what is held and spent',
    `
    SELECT a.account_id FROM ledger_account a JOIN (SELECT account_id, sum(held) h, sum(committed) c FROM reservation GROUP BY account_id) r
        ON r.account_id = a.account_id WHERE (a.standard_held, a.standard_spent) <> (r.h, r.c) LIMIT 3`,
  ],
  [
    'usage differs from what is spent',
    `
    SELECT a.account_id FROM ledger_account a LEFT JOIN (SELECT account_id, sum(credits) c FROM usage_day GROUP BY account_id) u ON u.account_id = a.account_id
     WHERE a.standard_spent <> coalesce(u.c, 0) LIMIT 3`,
  ],
  [
    'decisions without a key',
    `
    SELECT n FROM (SELECT (SELECT count(*) FROM journal WHERE idempotency_key IS NOT NULL AND command <> 'grant') - (SELECT count(*) FROM reservation) - (SELECT count(*) FROM reservation WHERE status = 'COMMITTED') AS n) d WHERE n <> 0`,
  ],
  ['holds left open', `SELECT account_id, reservation_id FROM reservation WHERE status = 'HELD' LIMIT 3`],
];

export async function findEngineFaults(client) {
  const faults = [];
  for (const [name, sql] of CHECKS) {
    const { rows } = await client.query(sql);
    if (rows.length) faults.push(`${name} (${JSON.stringify(rows[0])})`);
  }
  return faults;
}
