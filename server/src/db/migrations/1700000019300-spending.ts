import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The hours in which accounts spent; an account knows the last one. They are summed from the first commit after this on. */
export class Spending1700000019300 implements MigrationInterface {
  name = 'Spending1700000019300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE spending (
        account_id uuid NOT NULL,
        spending_id uuid NOT NULL,
        hours text NOT NULL,
        told_standard_at timestamptz,
        told_scan_at timestamptz,
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (account_id, spending_id)
      ) WITH (fillfactor = 50)`);
    await runner.query(`ALTER TABLE ledger_account ADD COLUMN spending text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE ledger_account DROP COLUMN spending`);
    await runner.query(`DROP TABLE spending`);
  }
}
