import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Payments for plans. The ledger writes them. */
export class PlanPayments1700000014000 implements MigrationInterface {
  name = 'PlanPayments1700000014000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE plan_payment (
        account_id uuid NOT NULL,
        plan_payment_id uuid NOT NULL,
        reason text NOT NULL CHECK (reason IN ('BEGINS', 'UPGRADES')),
        status text NOT NULL CHECK (status IN ('PENDING', 'PAID', 'FAILED', 'CANCELED')),
        provider text NOT NULL CHECK (provider IN ('sandbox', 'stripe')),
        plan text NOT NULL,
        plan_before text NOT NULL,
        price_minor bigint NOT NULL CHECK (price_minor > 0),
        currency text NOT NULL,
        asked_by text NOT NULL,
        return_url text,
        checkout_ref text,
        checkout_url text,
        decline_code text,
        payment_id text,
        receipt_url text,
        period_number integer,
        version bigint NOT NULL,
        created_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        paid_at timestamptz,
        PRIMARY KEY (account_id, plan_payment_id),
        CONSTRAINT plan_payment_paid CHECK ((payment_id IS NULL) = (paid_at IS NULL) AND (payment_id IS NULL) = (period_number IS NULL)
          AND (payment_id IS NULL) = (status <> 'PAID'))
      ) WITH (fillfactor = 80)`);
    await runner.query(`CREATE UNIQUE INDEX plan_payment_one_a_payment ON plan_payment (account_id, payment_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE plan_payment`);
  }
}
