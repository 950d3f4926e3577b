import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Packs that are bought, and money that goes back. The ledger writes both. */
export class Purchases1700000013000 implements MigrationInterface {
  name = 'Purchases1700000013000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE purchase (
        account_id uuid NOT NULL,
        purchase_id uuid NOT NULL,
        origin text NOT NULL CHECK (origin IN ('OWNER', 'AUTO')),
        status text NOT NULL CHECK (status IN ('PENDING', 'PAID', 'FAILED', 'CANCELED', 'PARTIALLY_REFUNDED', 'REFUNDED', 'DISPUTED', 'CHARGED_BACK')),
        provider text NOT NULL CHECK (provider IN ('sandbox', 'stripe')),
        pack_id text NOT NULL,
        pack_name text NOT NULL,
        credit_type text NOT NULL CHECK (credit_type IN ('STANDARD', 'SCAN')),
        credits bigint NOT NULL CHECK (credits > 0),
        bonus_credits bigint NOT NULL CHECK (bonus_credits >= 0),
        price_minor bigint NOT NULL CHECK (price_minor > 0),
        currency text NOT NULL,
        expires_after_months integer,
        refund_window_days integer NOT NULL,
        bought_by text NOT NULL,
        return_url text,
        saves_method boolean NOT NULL,
        checkout_ref text,
        checkout_url text,
        needs_buyer boolean NOT NULL,
        is_settled boolean NOT NULL,
        decline_code text,
        payment_id text,
        receipt_url text,
        grant_id uuid,
        bonus_grant_id uuid,
        restored_grant_id uuid,
        restored_bonus_grant_id uuid,
        refunded_credits bigint NOT NULL CHECK (refunded_credits BETWEEN 0 AND credits),
        refund_revoked bigint NOT NULL CHECK (refund_revoked >= 0),
        refund_revoked_bonus bigint NOT NULL CHECK (refund_revoked_bonus >= 0),
        refunded_minor bigint NOT NULL CHECK (refunded_minor >= 0),
        dispute_id text,
        disputed_minor bigint NOT NULL CHECK (disputed_minor >= 0),
        unrecovered_minor bigint NOT NULL CHECK (unrecovered_minor >= 0),
        version bigint NOT NULL,
        created_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        paid_at timestamptz,
        expires_at timestamptz,
        PRIMARY KEY (account_id, purchase_id),
        CONSTRAINT purchase_paid CHECK ((payment_id IS NULL) = (paid_at IS NULL) AND (payment_id IS NULL) = (grant_id IS NULL)
          AND (payment_id IS NULL) = (status IN ('PENDING', 'FAILED', 'CANCELED'))),
        CONSTRAINT purchase_refunded CHECK (refunded_minor <= price_minor)
      ) WITH (fillfactor = 80)`);
    await runner.query(`CREATE UNIQUE INDEX purchase_one_a_payment ON purchase (account_id, payment_id)`);
    await runner.query(`CREATE INDEX purchase_open_by_account ON purchase (account_id) WHERE status = 'PENDING'`);
    await runner.query(`CREATE INDEX purchase_unsettled ON purchase (account_id, purchase_id) WHERE NOT is_settled`);
    await runner.query(`
      CREATE TABLE refund (
        account_id uuid NOT NULL,
        refund_id uuid NOT NULL,
        order_kind text NOT NULL CHECK (order_kind IN ('purchase', 'plan')),
        order_id uuid NOT NULL,
        provider text NOT NULL CHECK (provider IN ('sandbox', 'stripe')),
        payment_id text NOT NULL,
        amount_minor bigint NOT NULL CHECK (amount_minor > 0),
        currency text NOT NULL,
        reason text NOT NULL CHECK (reason IN ('REFUND', 'UNWANTED')),
        ref text,
        version bigint NOT NULL,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (account_id, refund_id)
      )`);
    await runner.query(`CREATE INDEX refund_unsent ON refund (account_id, refund_id) WHERE ref IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE refund`);
    await runner.query(`DROP TABLE purchase`);
  }
}
