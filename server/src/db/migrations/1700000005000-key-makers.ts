import { formatId } from '@aibc/shared/ids';
import type { MigrationInterface, QueryRunner } from 'typeorm';

interface OldKey {
  readonly key_id: string;
  readonly created_by: string;
}

/**
 * In whose place an API key acts: the user that made it, or that made the key it was made with. Such a key has what the user is to the
 * account, by the newest of the user's tokens seen. `changed_at` tells other processes that this changed.
 */
export class KeyMakers1700000005000 implements MigrationInterface {
  name = 'KeyMakers1700000005000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE api_key ADD COLUMN maker text,
        ADD COLUMN maker_role text NOT NULL DEFAULT 'owner' CHECK (maker_role IN ('owner', 'member', 'viewer')),
        ADD COLUMN maker_seen_at timestamptz,
        ADD COLUMN changed_at timestamptz,
        ADD CONSTRAINT api_key_maker CHECK ((maker IS NULL) = (maker_seen_at IS NULL) AND (maker IS NOT NULL OR maker_role = 'owner'))`);
    await this.#findMakers(runner);
    await runner.query(
      `CREATE INDEX api_key_of_maker ON api_key (maker) WHERE maker IS NOT NULL AND revoked_at IS NULL`,
    );
    await runner.query(`CREATE INDEX api_key_changed ON api_key (changed_at) WHERE changed_at IS NOT NULL`);
  }

  /** Keys that were made before: only owners could make any. */
  async #findMakers(runner: QueryRunner): Promise<void> {
    const keys = (await runner.query(`SELECT key_id, created_by FROM api_key ORDER BY created_at, key_id`)) as OldKey[];
    const makers = new Map<string, string>();
    for (const { key_id: keyId, created_by: createdBy } of keys) {
      const maker = createdBy.startsWith('user:') ? createdBy.slice('user:'.length) : makers.get(createdBy);
      if (maker !== undefined) makers.set(`service:${formatId('key', keyId)}`, maker);
    }
    const made = keys.flatMap(({ key_id: keyId }) => {
      const maker = makers.get(`service:${formatId('key', keyId)}`);
      return maker === undefined ? [] : [{ keyId, maker }];
    });
    await runner.query(
      `UPDATE api_key k SET maker = u.maker, maker_seen_at = k.created_at
       FROM unnest($1::uuid[], $2::text[]) AS u (key_id, maker) WHERE k.key_id = u.key_id`,
      [made.map(({ keyId }) => keyId), made.map(({ maker }) => maker)],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE api_key DROP COLUMN maker, DROP COLUMN maker_role, DROP COLUMN maker_seen_at, DROP COLUMN changed_at`);
  }
}
