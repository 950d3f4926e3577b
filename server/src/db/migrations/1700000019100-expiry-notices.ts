import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An account remembers the last notice that credits will end, and is due when the next one comes: those that come from now on, since what lies
 * before its last change is told no more.
 */
export class ExpiryNotices1700000019100 implements MigrationInterface {
  name = 'ExpiryNotices1700000019100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE ledger_account ADD COLUMN noticed text');
    await runner.query('LOCK TABLE ledger_account, credit_grant, account_due IN SHARE ROW EXCLUSIVE MODE');
    await runner.query(`
      UPDATE ledger_account a SET due_at = first.at
      FROM (SELECT g.account_id, min(notice.at) AS at
        FROM credit_grant g JOIN ledger_account h ON h.account_id = g.account_id
          CROSS JOIN LATERAL (VALUES (g.expires_at - interval '168 hours'), (g.expires_at - interval '72 hours'),
            (g.expires_at - interval '24 hours')) AS notice(at)
        WHERE g.is_open AND g.available > 0 AND g.period_number IS NULL AND notice.at >= h.changed_at AND notice.at > g.created_at
        GROUP BY g.account_id) AS first
      WHERE first.account_id = a.account_id AND first.at < a.due_at`);
    await runner.query(`
      UPDATE account_due d SET due_at = a.due_at FROM ledger_account a WHERE a.account_id = d.account_id AND d.due_at > a.due_at`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE ledger_account DROP COLUMN noticed');
  }
}
