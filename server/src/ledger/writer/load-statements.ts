import { OTHER_PROJECTS, PROJECTS_A_DAY_MAX } from '../core/book-project.js';
import { PASSED_PRICE_GATE } from '../../catalog/price-gate.js';
import { ACCOUNT, ACCOUNT_VERSION } from '../rows/account-rows.js';
import { BUDGET } from '../rows/budget-rows.js';
import { GRANT } from '../rows/grant-rows.js';
import { COMMITTED, KEPT_ANSWER } from '../rows/journal-rows.js';
import { RESERVATION } from '../rows/reservation-rows.js';
import { TALLY } from '../rows/tally-rows.js';
import { BOOKED_PROJECT } from '../rows/usage-rows.js';

/** What the writer reads and locks, by name. Look-ups go through an index that begins with what is looked up. */

/**
 * Locks the accounts in id order; whatever is read after it is read under the lock. Answers in lists, since a row for
 * each account costs more to read than to lock: id, version, next end and test clock (empty: none) of those that exist.
 *
 * Before the first of them it passes the gate of prices, which stays open until the batch has ended.
 */
export const LOCK = {
  name: 'ledger_lock',
  text: `/* ledger.lock */ SELECT string_agg(l.account_id::text, ',') AS ids, string_agg(l.version::text, ',') AS versions,
      string_agg(l.due_at::text, ',') AS dues, string_agg(coalesce(l.clock_at::text, ''), ',') AS clocks
    FROM (SELECT a.account_id, a.version, a.due_at, a.clock_at FROM ledger_account a
      WHERE ${PASSED_PRICE_GATE} AND a.account_id = ANY($1::uuid[]) ORDER BY a.account_id FOR NO KEY UPDATE) l`,
};
export const HEADS = {
  name: 'ledger_heads',
  text: `/* ledger.heads */ SELECT ${ACCOUNT.select('a')} FROM ledger_account a WHERE a.account_id = ANY($1::uuid[])`,
};
/** The database's clock, its history and its newest price list; sent behind the lock, so that they are read under it. */
export const CLOCK = {
  name: 'ledger_clock',
  text: `/* ledger.clock */ SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now,
    (SELECT h.history_id FROM history h ORDER BY h.number DESC LIMIT 1) AS "historyId",
    (SELECT p.version FROM price_list p ORDER BY p.version DESC LIMIT 1) AS "newestList"`,
};
/** What accounts that a lane has written are at now. */
export const VERSIONS = {
  name: 'ledger_versions',
  text: `/* ledger.versions */ SELECT ${ACCOUNT_VERSION.select('a')} FROM ledger_account a WHERE a.account_id = ANY($1::uuid[])`,
};
/** The most holds that one batch closes for an account; what is left follows in the next batch. */
export const ENDING_HOLDS_MAX = 1_000;
/** The holds that end by an instant, in the order in which they close, and the first that ends later. */
export const ENDING_HOLDS = {
  name: 'ledger_ending_holds',
  text: `/* ledger.ending_holds */ SELECT ${RESERVATION.select('r')} FROM unnest($1::uuid[], $2::timestamptz[]) AS u(account_id, until), LATERAL (
      (SELECT * FROM reservation d WHERE d.account_id = u.account_id AND d.status = 'HELD' AND d.expires_at <= u.until
         ORDER BY d.expires_at, d.created_at, d.reservation_id LIMIT ${ENDING_HOLDS_MAX})
      UNION ALL
      (SELECT * FROM reservation n WHERE n.account_id = u.account_id AND n.status = 'HELD' AND n.expires_at > u.until
         ORDER BY n.expires_at LIMIT 1)
    ) r`,
};
/** Every hold with credits on it: a refusal names those that hold the rest. */
export const CREDIT_HOLDS = {
  name: 'ledger_credit_holds',
  text: `/* ledger.credit_holds */ SELECT ${RESERVATION.select('r')} FROM reservation r WHERE r.account_id = ANY($1::uuid[]) AND r.status = 'HELD' AND r.held > 0`,
};
/** Every grant that a purchase brought, also those that have nothing left. */
export const GRANTS_OF_PURCHASE = {
  name: 'ledger_grants_of_purchase',
  text: `/* ledger.grants_of_purchase */ SELECT ${GRANT.select('g')} FROM unnest($1::uuid[], $2::uuid[]) AS u(account_id, purchase_id)
    JOIN credit_grant g ON g.account_id = u.account_id AND g.purchase_id = u.purchase_id`,
};
/** Holds that expired with credits on them since an instant: their work may still land. */
export const LATE_HOLDS = {
  name: 'ledger_late_holds',
  text: `/* ledger.late_holds */ SELECT ${RESERVATION.select('r')} FROM unnest($1::uuid[], $2::timestamptz[]) AS u(account_id, since)
    JOIN reservation r ON r.account_id = u.account_id AND r.status = 'EXPIRED' AND r.closed_at >= u.since AND r.held_at_expiry > 0`,
};
/** The budgets in force of accounts that have some. */
export const BUDGETS_IN_FORCE = {
  name: 'ledger_budgets',
  text: `/* ledger.budgets */ SELECT ${BUDGET.select('b')} FROM budget b WHERE b.account_id = ANY($1::uuid[]) AND b.removed_version IS NULL`,
};
/** Tallies by their members. */
export const TALLIES_OF = {
  name: 'ledger_tallies',
  text: `/* ledger.tallies */ SELECT ${TALLY.select('t')} FROM unnest($1::uuid[], $2::text[]) AS u(account_id, member)
    JOIN budget_tally t ON t.account_id = u.account_id AND t.member = u.member`,
};
/** The projects that usage of a day was booked to: as many as are counted apart. */
export const PROJECTS = {
  name: 'ledger_projects',
  text: `/* ledger.projects */ SELECT ${BOOKED_PROJECT.select('p')} FROM unnest($1::uuid[], $2::date[]) AS u(account_id, day), LATERAL (
      SELECT DISTINCT d.account_id, d.project FROM usage_day d
      WHERE d.account_id = u.account_id AND d.day = u.day AND d.project <> '' AND d.project <> '${OTHER_PROJECTS}'
      LIMIT ${PROJECTS_A_DAY_MAX}) p`,
};
/** As many commits of an hour are looked at to tell who spent most of it: the last ones, where there were more. */
const COMMITS_MAX = 10_000;
const LAST_COMMITS = `unnest($1::uuid[], $2::bigint[]) AS u(account_id, since), LATERAL (
      SELECT * FROM journal k WHERE k.account_id = u.account_id AND k.version >= u.since AND k.kind = 'COMMIT'
      ORDER BY k.version DESC, k.ordinal DESC LIMIT ${COMMITS_MAX}) j`;
/** The commits of an account from a version on. */
export const COMMITS = {
  name: 'ledger_commits',
  text: `/* ledger.commits */ SELECT ${COMMITTED.select('j')} FROM ${LAST_COMMITS}`,
};
/** The reservations of those commits. */
export const COMMITTED_RESERVATIONS = {
  name: 'ledger_committed_reservations',
  text: `/* ledger.committed_reservations */ SELECT ${RESERVATION.select('r')} FROM (
      SELECT DISTINCT j.account_id, j.reservation_id FROM ${LAST_COMMITS}) c, LATERAL (
      SELECT * FROM reservation s WHERE s.account_id = c.account_id AND s.reservation_id = c.reservation_id LIMIT 1) r`,
};
export const KEPT = {
  name: 'ledger_kept',
  text: `/* ledger.kept */ SELECT ${KEPT_ANSWER.select('j')}
    FROM unnest($1::text[], $2::uuid[], $3::text[]) AS u(idempotency_key, account_id, scope), LATERAL (
      SELECT * FROM journal k WHERE k.idempotency_key = u.idempotency_key AND k.account_id = u.account_id AND k.scope = u.scope
      LIMIT 1) j`,
};
/** Events of all accounts get their place in commit order: the lock is kept until after the commit. */
export const FEED_LOCK = {
  name: 'ledger_feed_lock',
  text: `/* ledger.feed_lock */ SELECT pg_advisory_xact_lock(4711, 1)`,
};
