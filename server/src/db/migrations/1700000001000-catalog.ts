import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Plans, operations, price lists and packs.
 *
 * Prices are append-only: a list and its prices are written in one transaction and never change afterwards, so that what a
 * version says can be quoted for ever.
 */
export class Catalog1700000001000 implements MigrationInterface {
  name = 'Catalog1700000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE plan (
        code text PRIMARY KEY CHECK (code IN ('FREE', 'PRO', 'ENTERPRISE')),
        name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        monthly_credits bigint NOT NULL CHECK (monthly_credits BETWEEN 0 AND 1000000000000),
        has_production_room boolean NOT NULL,
        has_deep_scans boolean NOT NULL,
        can_purchase boolean NOT NULL,
        rollover_cap bigint NOT NULL DEFAULT 0 CHECK (rollover_cap BETWEEN 0 AND 1000000000000),
        price_minor bigint CHECK (price_minor BETWEEN 0 AND 9007199254740991),
        price_currency text CHECK (price_currency ~ '^[A-Z]{3}$'),
        rank integer NOT NULL,
        CONSTRAINT plan_price_whole CHECK ((price_minor IS NULL) = (price_currency IS NULL))
      )`);
    await runner.query(`
      CREATE TABLE operation (
        code text PRIMARY KEY CHECK (code ~ '^[a-z0-9_]+([.][a-z0-9_]+)*$' AND length(code) <= 64),
        name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        feature text NOT NULL CHECK (feature IN ('PRODUCTION_ROOM', 'CONTENT', 'BRAND_SCAN', 'MEDIA_LIBRARY')),
        type text NOT NULL
          CHECK (type IN ('IMAGE', 'AUDIO', 'VIDEO', 'REGENERATION', 'DEEP_SCAN', 'TEXT', 'SCAN', 'UPLOAD')),
        size text CHECK (size IN ('SHORT', 'MID', 'LONG')),
        credit_type text NOT NULL CHECK (credit_type IN ('STANDARD', 'SCAN')),
        description text NOT NULL,
        requires text CHECK (requires IN ('PRODUCTION_ROOM', 'DEEP_SCANS')),
        courtesy_per_day integer NOT NULL DEFAULT 0 CHECK (courtesy_per_day >= 0),
        rank integer NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE price_list (
        version integer PRIMARY KEY CHECK (version > 0),
        effective_at timestamptz NOT NULL,
        written_by xid8 NOT NULL DEFAULT pg_current_xact_id()
      )`);
    await runner.query(`
      CREATE TABLE price (
        price_list_version integer NOT NULL REFERENCES price_list,
        operation_code text NOT NULL REFERENCES operation,
        credits bigint NOT NULL CHECK (credits BETWEEN 0 AND 9000000000),
        PRIMARY KEY (price_list_version, operation_code)
      )`);
    await runner.query(`
      CREATE TABLE credit_pack (
        id text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
        name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        credit_type text NOT NULL CHECK (credit_type IN ('STANDARD', 'SCAN')),
        credits bigint NOT NULL CHECK (credits BETWEEN 1 AND 1000000000000),
        bonus_credits bigint NOT NULL DEFAULT 0 CHECK (bonus_credits BETWEEN 0 AND 1000000000000),
        price_minor bigint NOT NULL CHECK (price_minor BETWEEN 0 AND 9007199254740991),
        price_currency text NOT NULL CHECK (price_currency ~ '^[A-Z]{3}$'),
        expires_after_months integer CHECK (expires_after_months > 0),
        refund_window_days integer NOT NULL CHECK (refund_window_days >= 0),
        rank integer NOT NULL
      )`);

    await runner.query(`
      CREATE FUNCTION refuse_price_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'price lists are append-only: % of % refused', TG_OP, TG_TABLE_NAME;
      END $$`);
    await runner.query(`
      CREATE FUNCTION refuse_late_price() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NOT EXISTS (
          SELECT FROM price_list
          WHERE version = NEW.price_list_version AND written_by = pg_current_xact_id()
        ) THEN
          RAISE EXCEPTION 'price list % is complete: a price may only be written together with its list', NEW.price_list_version;
        END IF;
        RETURN NEW;
      END $$`);
    for (const table of ['price_list', 'price']) {
      await runner.query(`
        CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_price_change()`);
    }
    await runner.query(`
      CREATE TRIGGER price_with_its_list BEFORE INSERT ON price
      FOR EACH ROW EXECUTE FUNCTION refuse_late_price()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE credit_pack, price, price_list, operation, plan');
    await runner.query('DROP FUNCTION refuse_late_price(), refuse_price_change()');
  }
}
