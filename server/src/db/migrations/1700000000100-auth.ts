import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * API keys and the secrets that the server makes for itself.
 *
 * A key that sees all accounts of its side carries the nil UUID as its account, so that its primary key, like every key of
 * account data, holds the account. The primary key starts with `key_id`, since a credential is looked up before any account is known.
 */
export class Auth1700000000100 implements MigrationInterface {
  readonly name = 'Auth1700000000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE api_key (
        key_id       uuid NOT NULL,
        account_id   uuid NOT NULL,
        side         text NOT NULL CHECK (side IN ('sandbox', 'live')),
        name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
        scopes       text[] NOT NULL CHECK (cardinality(scopes) > 0),
        secret_hash  bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
        last4        text NOT NULL CHECK (char_length(last4) = 4),
        created_by   text NOT NULL,
        created_at   timestamptz NOT NULL DEFAULT now(),
        last_used_at timestamptz,
        revoked_at   timestamptz,
        PRIMARY KEY (key_id, account_id)
      )
    `);
    await runner.query('CREATE INDEX api_key_of_account ON api_key (account_id, created_at)');
    await runner.query('CREATE INDEX api_key_revoked ON api_key (revoked_at) WHERE revoked_at IS NOT NULL');
    await runner.query(`
      CREATE TABLE server_secret (
        name       text PRIMARY KEY,
        value      bytea NOT NULL CHECK (octet_length(value) >= 32),
        created_at timestamptz NOT NULL DEFAULT now()
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE server_secret');
    await runner.query('DROP TABLE api_key');
  }
}
