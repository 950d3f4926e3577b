import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds all grants of a purchase, what won disputes gave back among them. */
export class Refunds1700000015000 implements MigrationInterface {
  name = 'Refunds1700000015000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX credit_grant_of_purchase ON credit_grant (account_id, purchase_id) WHERE purchase_id IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX credit_grant_of_purchase`);
  }
}
