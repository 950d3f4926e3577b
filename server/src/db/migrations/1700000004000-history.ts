import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The histories of this database, oldest first: a row for each, the last one is the present one.
 *
 * A row holds what the database was when the history began (`system_identifier`, `timeline`, `database_oid`, null where it could not be
 * asked) and the transaction that wrote it: a row that came out of a dump was written by another.
 */
export class History1700000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE history (
        number integer PRIMARY KEY,
        history_id uuid NOT NULL UNIQUE,
        parent_id uuid,
        forked_after bigint NOT NULL CHECK (forked_after >= 0),
        system_identifier text,
        timeline integer,
        database_oid bigint,
        written_in xid8 NOT NULL,
        because text NOT NULL,
        began_at timestamptz NOT NULL,
        CONSTRAINT history_parent CHECK ((parent_id IS NULL) = (number = 1))
      )`);
    await runner.query(`
      CREATE TRIGGER history_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON history
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE history');
  }
}
