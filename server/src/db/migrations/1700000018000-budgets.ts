import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Budgets, and the counters of what is used of them; a hold remembers which of them its lines count in. The ledger writes them. */
export class Budgets1700000018000 implements MigrationInterface {
  name = 'Budgets1700000018000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE budget (
        account_id uuid NOT NULL,
        budget_id uuid NOT NULL,
        number bigint NOT NULL,
        name text NOT NULL,
        credit_type text NOT NULL CHECK (credit_type IN ('STANDARD', 'SCAN')),
        project text,
        member text,
        each_member boolean NOT NULL,
        feature text,
        type text,
        window_kind text NOT NULL CHECK (window_kind IN ('HOUR', 'DAY', 'WEEK', 'PERIOD', 'LIFETIME')),
        limit_credits bigint NOT NULL CHECK (limit_credits >= 0),
        hard boolean NOT NULL,
        set_aside boolean NOT NULL,
        removed_version bigint,
        version bigint NOT NULL,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (account_id, budget_id),
        CONSTRAINT budget_of_one_or_each CHECK (NOT (each_member AND member IS NOT NULL)),
        CONSTRAINT budget_set_aside CHECK (NOT set_aside OR (NOT each_member AND (project IS NOT NULL OR member IS NOT NULL)))
      )`);
    await runner.query(`CREATE UNIQUE INDEX budget_number ON budget (account_id, number)`);
    await runner.query(`
      CREATE TABLE budget_tally (
        account_id uuid NOT NULL,
        tally_id uuid NOT NULL,
        member text NOT NULL,
        counters text NOT NULL,
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (account_id, tally_id)
      ) WITH (fillfactor = 50)`);
    await runner.query(`CREATE UNIQUE INDEX budget_tally_of_member ON budget_tally (account_id, member)`);
    await runner.query(
      `ALTER TABLE ledger_account ADD COLUMN budgets integer NOT NULL DEFAULT 0 CHECK (budgets BETWEEN 0 AND 200)`,
    );
    await runner.query(`ALTER TABLE reservation ADD COLUMN counted text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE reservation DROP COLUMN counted`);
    await runner.query(`ALTER TABLE ledger_account DROP COLUMN budgets`);
    await runner.query(`DROP TABLE budget_tally`);
    await runner.query(`DROP TABLE budget`);
  }
}
