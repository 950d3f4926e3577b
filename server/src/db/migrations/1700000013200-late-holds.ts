import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds what late commits may still claim: holds that expired lately, without reading all that ever expired. */
export class LateHolds1700000013200 implements MigrationInterface {
  name = 'LateHolds1700000013200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX reservation_late ON reservation (account_id, closed_at) WHERE status = 'EXPIRED' AND held_at_expiry > 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX reservation_late`);
  }
}
