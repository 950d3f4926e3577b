import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Room for paying: grants that a purchase brought, that wait for a payment or were revoked; accounts that go to another plan at the
 * boundary, and how they pay.
 */
export class Paying1700000010000 implements MigrationInterface {
  name = 'Paying1700000010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE credit_grant ADD COLUMN purchase_id uuid, ADD COLUMN waits boolean NOT NULL DEFAULT false,
        ADD COLUMN recalled boolean NOT NULL DEFAULT false`);
    await runner.query(`ALTER TABLE ledger_account ADD COLUMN next_plan text, ADD COLUMN billing text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE ledger_account DROP COLUMN next_plan, DROP COLUMN billing`);
    await runner.query(`ALTER TABLE credit_grant DROP COLUMN purchase_id, DROP COLUMN waits, DROP COLUMN recalled`);
  }
}
