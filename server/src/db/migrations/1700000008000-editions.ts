import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which editions of the catalogue a database has, and rows of plans and packs that an edition after the first brings.
 *
 * A plan or a pack has a row for each edition that names it; operations say which one brought them. A price list may belong to one side
 * only. What is there belongs to edition 1 and to both sides. Which editions are there is recorded by the first start, not here: a
 * database that was migrated and never started has none.
 */
export class Editions1700000008000 implements MigrationInterface {
  name = 'Editions1700000008000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE catalog_edition (
        number integer PRIMARY KEY CHECK (number > 0),
        effective_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TRIGGER catalog_edition_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON catalog_edition
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_price_change()`);
    for (const [table, key] of [
      ['plan', 'code'],
      ['credit_pack', 'id'],
    ])
      await runner.query(`
        ALTER TABLE ${table} ADD COLUMN edition integer NOT NULL DEFAULT 1 CHECK (edition > 0),
          DROP CONSTRAINT ${table}_pkey, ADD PRIMARY KEY (${key}, edition)`);
    await runner.query('ALTER TABLE operation ADD COLUMN edition integer NOT NULL DEFAULT 1 CHECK (edition > 0)');
    await runner.query('ALTER TABLE price_list ADD COLUMN sandbox boolean');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE price_list DROP COLUMN sandbox');
    await runner.query('ALTER TABLE operation DROP COLUMN edition');
    for (const [table, key] of [
      ['plan', 'code'],
      ['credit_pack', 'id'],
    ])
      await runner.query(`
        DELETE FROM ${table} WHERE edition > 1;
        ALTER TABLE ${table} DROP CONSTRAINT ${table}_pkey, DROP COLUMN edition, ADD PRIMARY KEY (${key})`);
    await runner.query('DROP TABLE catalog_edition');
  }
}
