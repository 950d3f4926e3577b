import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who has been seen in an account, by verified tokens; and up to which event each reader has read. Neither is the ledger's. */
export class MembersAndReading1700000019200 implements MigrationInterface {
  name = 'MembersAndReading1700000019200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE member_seen (
        account_id uuid NOT NULL,
        member text NOT NULL,
        name text NOT NULL,
        role text NOT NULL CHECK (role IN ('owner', 'member', 'viewer')),
        told_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL,
        PRIMARY KEY (account_id, member)
      ) WITH (fillfactor = 70)`);
    await runner.query(`
      CREATE TABLE event_read (
        account_id uuid NOT NULL,
        reader text NOT NULL,
        version bigint NOT NULL,
        ordinal integer NOT NULL,
        PRIMARY KEY (account_id, reader)
      ) WITH (fillfactor = 70)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE event_read');
    await runner.query('DROP TABLE member_seen');
  }
}
