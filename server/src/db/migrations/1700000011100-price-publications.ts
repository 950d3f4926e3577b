import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Publications of price lists under their keys, and the clock by which prices are chosen.
 *
 * `price_clock` waits while a list is being published, and only then looks at the time and at the newest list: a list is in force from
 * its instant on for everybody who reads the clock so. Source: docs/decisions/price-gate.md
 */
export class PricePublications1700000011100 implements MigrationInterface {
  name = 'PricePublications1700000011100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE price_publication (
        sandbox boolean NOT NULL,
        idempotency_key text NOT NULL,
        scope text NOT NULL,
        input text NOT NULL,
        outcome text NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (sandbox, idempotency_key, scope)
      )`);
    await runner.query(`
      CREATE TRIGGER price_publication_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON price_publication
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
    await runner.query(`
      CREATE FUNCTION price_clock(OUT now bigint, OUT newest_list integer) LANGUAGE plpgsql VOLATILE AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock_shared(4713, 1);
        newest_list := (SELECT p.version FROM price_list p ORDER BY p.version DESC LIMIT 1);
        now := floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint;
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION price_clock()');
    await runner.query('DROP TABLE price_publication');
  }
}
