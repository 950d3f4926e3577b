import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payment methods that an account leaves or has left, until the provider has forgotten them. */
export class MethodRemovals1700000017100 implements MigrationInterface {
  name = 'MethodRemovals1700000017100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE method_removal (
        account_id uuid NOT NULL,
        method_ref text NOT NULL,
        customer_ref text NOT NULL,
        provider text NOT NULL CHECK (provider IN ('sandbox', 'stripe')),
        PRIMARY KEY (account_id, method_ref)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE method_removal`);
  }
}
