import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What an event says beside its balance lies in one column, as its type says it: a new type of event needs no new column.
 *
 * The table is written anew once, under its lock.
 */
export class EventFacts1700000009000 implements MigrationInterface {
  name = 'EventFacts1700000009000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE event ALTER COLUMN reset TYPE text USING (CASE
        WHEN type LIKE 'BALANCE_%' THEN
          json_build_object('level', level, 'threshold', threshold, 'reservationId', reservation_id)
        WHEN type = 'PERIOD_RESET' THEN json_build_object('reset', reset::json)
        WHEN type = 'RESERVATION_EXPIRED' THEN json_build_object('reservationId', reservation_id, 'credits', credits)
        ELSE json_build_object('grantId', grant_id, 'credits', credits)
      END)::text`);
    await runner.query('ALTER TABLE event RENAME COLUMN reset TO facts');
    await runner.query(`
      ALTER TABLE event ALTER COLUMN facts SET NOT NULL,
        DROP COLUMN level, DROP COLUMN threshold, DROP COLUMN credits, DROP COLUMN reservation_id, DROP COLUMN grant_id`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE event ADD COLUMN level text, ADD COLUMN threshold bigint, ADD COLUMN credits bigint,
        ADD COLUMN reservation_id uuid, ADD COLUMN grant_id uuid, ADD COLUMN reset text`);
    await runner.query('ALTER TABLE event DISABLE TRIGGER event_never_changes');
    await runner.query(`
      UPDATE event SET level = f ->> 'level', threshold = (f ->> 'threshold')::bigint, credits = (f ->> 'credits')::bigint,
        reservation_id = (f ->> 'reservationId')::uuid, grant_id = (f ->> 'grantId')::uuid, reset = f ->> 'reset'
      FROM (SELECT account_id, version, ordinal, facts::json AS f FROM event) AS kept
      WHERE (event.account_id, event.version, event.ordinal) = (kept.account_id, kept.version, kept.ordinal)`);
    await runner.query('ALTER TABLE event ENABLE TRIGGER event_never_changes');
    await runner.query('ALTER TABLE event DROP COLUMN facts');
  }
}
