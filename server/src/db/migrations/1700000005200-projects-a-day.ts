import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * On which day usage of a project was last booked and at which version that day's first was: an account-day has at most as many projects
 * as versions since, so that the writer need not count them.
 */
export class ProjectsADay1700000005200 implements MigrationInterface {
  name = 'ProjectsADay1700000005200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE ledger_account ADD COLUMN projects_day date, ADD COLUMN projects_day_version bigint NOT NULL DEFAULT 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE ledger_account DROP COLUMN projects_day, DROP COLUMN projects_day_version`);
  }
}
