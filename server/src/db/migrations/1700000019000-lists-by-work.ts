import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Reservations are found by their reference, project and member, and entries by their reservation. References and projects cost only those who give
 * them. None of the columns ever changes.
 */
export class ListsByWork1700000019000 implements MigrationInterface {
  name = 'ListsByWork1700000019000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX reservation_of_reference ON reservation (account_id, reference, reservation_id) WHERE reference IS NOT NULL`);
    await runner.query(`
      CREATE INDEX reservation_of_project ON reservation (account_id, project, reservation_id) WHERE project IS NOT NULL`);
    await runner.query(`CREATE INDEX reservation_of_member ON reservation (account_id, member, reservation_id)`);
    await runner.query(`
      CREATE INDEX journal_of_reservation ON journal (account_id, reservation_id, version, ordinal)
        WHERE kind IS NOT NULL AND reservation_id IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const index of [
      'reservation_of_reference',
      'reservation_of_project',
      'reservation_of_member',
      'journal_of_reservation',
    ])
      await runner.query(`DROP INDEX ${index}`);
  }
}
