import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What auto top-up buys: with which saved method it is charged, and in which period it was begun. */
export class TopUps1700000017000 implements MigrationInterface {
  name = 'TopUps1700000017000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE purchase ADD COLUMN method_ref text, ADD COLUMN period_number integer,
        ADD CONSTRAINT purchase_topped_up CHECK ((origin = 'AUTO') = (period_number IS NOT NULL) AND (origin = 'AUTO') = (method_ref IS NOT NULL))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE purchase DROP CONSTRAINT purchase_topped_up, DROP COLUMN period_number, DROP COLUMN method_ref`);
  }
}
