import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lists that leave something out are read by indexes of what they keep, so that a page costs what it shows and not what lies
 * between: entries of a credit type, closed reservations of a status, events of a type. Rows of these kinds never change what the
 * index holds in place: an entry and an event are written once, and a reservation that closes writes its row anew anyway.
 */
export class ListsByKind1700000005100 implements MigrationInterface {
  name = 'ListsByKind1700000005100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX journal_entries ON journal (account_id, credit_type, version, ordinal) WHERE kind IS NOT NULL`);
    await runner.query(`
      CREATE INDEX reservation_closed ON reservation (account_id, status, reservation_id) WHERE status <> 'HELD'`);
    await runner.query(`CREATE INDEX event_by_type ON event (account_id, type, version, ordinal)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const index of ['journal_entries', 'reservation_closed', 'event_by_type'])
      await runner.query(`DROP INDEX ${index}`);
  }
}
