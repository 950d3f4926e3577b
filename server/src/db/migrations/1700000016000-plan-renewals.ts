import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Renewals of plans are payments too, and of each it is known whether the provider said for good how it ended. */
export class PlanRenewals1700000016000 implements MigrationInterface {
  name = 'PlanRenewals1700000016000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE plan_payment ADD COLUMN method_ref text, ADD COLUMN is_settled boolean NOT NULL DEFAULT false,
        DROP CONSTRAINT plan_payment_reason_check, DROP CONSTRAINT plan_payment_paid,
        ADD CONSTRAINT plan_payment_reason_check CHECK (reason IN ('BEGINS', 'UPGRADES', 'RENEWS')),
        ADD CONSTRAINT plan_payment_paid CHECK ((payment_id IS NULL) = (paid_at IS NULL) AND (payment_id IS NULL) = (status <> 'PAID')
          AND (period_number IS NULL) = (payment_id IS NULL AND reason <> 'RENEWS'))`);
    await runner.query(`ALTER TABLE plan_payment ALTER COLUMN is_settled DROP DEFAULT`);
    await runner.query(`CREATE INDEX plan_payment_unsettled ON plan_payment (account_id) WHERE NOT is_settled`);
    await runner.query(
      `CREATE INDEX plan_payment_renewals ON plan_payment (account_id, created_at) WHERE reason = 'RENEWS'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM plan_payment WHERE reason = 'RENEWS'`);
    await runner.query(`DROP INDEX plan_payment_renewals`);
    await runner.query(`
      ALTER TABLE plan_payment DROP COLUMN is_settled, DROP COLUMN method_ref,
        DROP CONSTRAINT plan_payment_reason_check, DROP CONSTRAINT plan_payment_paid,
        ADD CONSTRAINT plan_payment_reason_check CHECK (reason IN ('BEGINS', 'UPGRADES')),
        ADD CONSTRAINT plan_payment_paid CHECK ((payment_id IS NULL) = (paid_at IS NULL) AND (payment_id IS NULL) = (period_number IS NULL)
          AND (payment_id IS NULL) = (status <> 'PAID'))`);
  }
}
