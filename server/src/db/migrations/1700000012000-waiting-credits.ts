import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an entry did to what is free of its grant. */
const FREED = `CASE WHEN j.kind IN ('GRANT', 'RELEASE') THEN j.amount WHEN j.kind = 'COMMIT' THEN 0 ELSE -j.amount END`;

/**
 * How many credits waited from which version on. What waits changes with the plan and with unpaid allowances, of which there is no entry.
 *
 * Until now nothing waited but what was bought and lay on a plan that may not buy, and no account ever changed its plan: what waited
 * follows from the entries of those grants.
 */
export class WaitingCredits1700000012000 implements MigrationInterface {
  name = 'WaitingCredits1700000012000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE waiting_credits (
        account_id uuid NOT NULL,
        credit_type text NOT NULL CHECK (credit_type IN ('STANDARD', 'SCAN')),
        version bigint NOT NULL,
        waiting bigint NOT NULL CHECK (waiting >= 0),
        PRIMARY KEY (account_id, credit_type, version)
      )`);
    await runner.query(`
      INSERT INTO waiting_credits (account_id, credit_type, version, waiting)
      SELECT c.account_id, c.credit_type, c.version, c.waiting FROM (
        SELECT v.*, lag(v.waiting, 1, 0) OVER (PARTITION BY v.account_id, v.credit_type ORDER BY v.version) AS before FROM (
          SELECT DISTINCT ON (e.account_id, e.credit_type, e.version) e.* FROM (
            SELECT j.account_id, j.credit_type, j.version, j.ordinal,
              (sum(${FREED}) OVER (PARTITION BY j.account_id, j.credit_type ORDER BY j.version, j.ordinal))::bigint AS waiting
            FROM credit_grant g
              JOIN ledger_account a ON a.account_id = g.account_id AND a.plan = 'FREE'
              JOIN journal j ON j.account_id = g.account_id AND j.grant_id = g.grant_id AND j.kind IS NOT NULL
            WHERE g.source = 'PURCHASE') e
          ORDER BY e.account_id, e.credit_type, e.version, e.ordinal DESC) v) c
      WHERE c.waiting <> c.before`);
    await runner.query(`
      CREATE TRIGGER waiting_credits_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON waiting_credits
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE waiting_credits');
  }
}
