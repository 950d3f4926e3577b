import type { MigrationInterface, QueryRunner } from 'typeorm';

/** More room on the pages of the hot rows: what several transactions keep alive of one row still fits beside it. */
export class RoomForUpdates1700000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE ledger_account SET (fillfactor = 30)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE ledger_account SET (fillfactor = 50)');
  }
}
