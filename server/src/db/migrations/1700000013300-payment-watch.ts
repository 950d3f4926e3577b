import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a payment that is not settled, or money that is not on its way back, is looked after next. */
export class PaymentWatch1700000013300 implements MigrationInterface {
  name = 'PaymentWatch1700000013300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE payment_watch (
        account_id uuid NOT NULL,
        subject_id uuid NOT NULL,
        asks integer NOT NULL CHECK (asks > 0),
        ask_at timestamptz NOT NULL,
        PRIMARY KEY (account_id, subject_id)
      ) WITH (fillfactor = 70)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE payment_watch`);
  }
}
