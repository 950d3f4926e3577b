import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who did what, when: written in the transaction of the deed and never changed.
 *
 * The first key gives an account's deeds in their order, the index those of all accounts of a side.
 */
export class Audit1700000011000 implements MigrationInterface {
  name = 'Audit1700000011000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_entry (
        account_id uuid NOT NULL,
        audit_id uuid NOT NULL,
        sandbox boolean NOT NULL,
        action text NOT NULL,
        actor text NOT NULL,
        at timestamptz NOT NULL,
        facts text NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (account_id, audit_id)
      )`);
    await runner.query('CREATE INDEX audit_entry_by_side ON audit_entry (sandbox, audit_id)');
    await runner.query(`
      CREATE TRIGGER audit_entry_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_entry');
  }
}
