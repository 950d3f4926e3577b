import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the sandbox's payment provider keeps: its orders, payments, refunds, saved methods and subscriptions, and what it was asked. */
export class SandboxPayments1700000013100 implements MigrationInterface {
  name = 'SandboxPayments1700000013100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sandbox_order (
        account_id uuid NOT NULL,
        order_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('purchase', 'plan', 'method')),
        secret text NOT NULL,
        title text NOT NULL,
        amount_minor bigint CHECK (amount_minor > 0),
        currency text,
        plan text,
        renews_at timestamptz,
        saves_method boolean NOT NULL,
        return_url text,
        expires_at timestamptz NOT NULL,
        status text NOT NULL CHECK (status IN ('OPEN', 'NEEDS_BUYER', 'DELAYED', 'PAID', 'FAILED', 'CANCELED')),
        settles_at timestamptz,
        settles_as text CHECK (settles_as IN ('PAID', 'FAILED')),
        payment_id text,
        method_ref text,
        subscription_ref text,
        decline_code text,
        PRIMARY KEY (account_id, order_id),
        CONSTRAINT sandbox_order_price CHECK ((amount_minor IS NULL) = (currency IS NULL) AND (amount_minor IS NULL) = (kind = 'method')),
        CONSTRAINT sandbox_order_delayed CHECK ((status = 'DELAYED') = (settles_at IS NOT NULL) AND (settles_at IS NULL) = (settles_as IS NULL))
      )`);
    await runner.query(`CREATE INDEX sandbox_order_delayed ON sandbox_order (account_id) WHERE status = 'DELAYED'`);
    await runner.query(`
      CREATE TABLE sandbox_payment (
        account_id uuid NOT NULL,
        payment_id text NOT NULL,
        order_id uuid NOT NULL,
        amount_minor bigint NOT NULL CHECK (amount_minor > 0),
        currency text NOT NULL,
        dispute_id text,
        dispute text CHECK (dispute IN ('OPEN', 'WON', 'LOST')),
        PRIMARY KEY (account_id, payment_id)
      )`);
    await runner.query(`
      CREATE TABLE sandbox_refund (
        account_id uuid NOT NULL,
        refund_id uuid NOT NULL,
        payment_id text NOT NULL,
        amount_minor bigint NOT NULL CHECK (amount_minor > 0),
        currency text NOT NULL,
        PRIMARY KEY (account_id, refund_id)
      )`);
    await runner.query(`CREATE INDEX sandbox_refund_by_payment ON sandbox_refund (account_id, payment_id)`);
    await runner.query(`
      CREATE TABLE sandbox_method (
        account_id uuid NOT NULL,
        method_ref text NOT NULL,
        brand text NOT NULL,
        last4 text NOT NULL,
        expires_month integer NOT NULL,
        expires_year integer NOT NULL,
        is_forgotten boolean NOT NULL,
        PRIMARY KEY (account_id, method_ref)
      )`);
    await runner.query(`
      CREATE TABLE sandbox_subscription (
        account_id uuid NOT NULL,
        subscription_ref text NOT NULL,
        order_id uuid NOT NULL,
        plan text NOT NULL,
        amount_minor bigint NOT NULL,
        currency text NOT NULL,
        renews_at timestamptz NOT NULL,
        is_ended boolean NOT NULL,
        PRIMARY KEY (account_id, subscription_ref)
      )`);
    await runner.query(`
      CREATE TABLE sandbox_call (
        account_id uuid NOT NULL,
        key text NOT NULL,
        calls integer NOT NULL CHECK (calls > 0),
        PRIMARY KEY (account_id, key)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['call', 'subscription', 'method', 'refund', 'payment', 'order'])
      await runner.query(`DROP TABLE sandbox_${table}`);
  }
}
