import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where a process writes to find out whether the database can be written to.
 *
 * A row of `readiness` reaches the log and the disk like any other commit. A page put into the unlogged `readiness_page` makes its file
 * grow, which a full disk refuses. Both are taken out again before the commit: the tables are always empty.
 */
export class Readiness1700000007000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE readiness (mark integer NOT NULL);
      CREATE UNLOGGED TABLE readiness_page (page text NOT NULL);
      ALTER TABLE readiness_page ALTER COLUMN page SET STORAGE PLAIN`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE readiness_page, readiness');
  }
}
