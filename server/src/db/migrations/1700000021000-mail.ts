import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where an account's owner wants mails, of which kinds, the mails themselves, and how far the feed of events was read for them. */
export class Mail1700000021000 implements MigrationInterface {
  name = 'Mail1700000021000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE mail_address (
        account_id uuid PRIMARY KEY,
        address text NOT NULL CHECK (length(address) BETWEEN 3 AND 254),
        confirmed_at timestamptz
      )`);
    await runner.query(`
      CREATE TABLE mail_choice (
        account_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('LOW_BALANCE', 'PERIOD_RESET', 'RECEIPTS', 'EXPIRING')),
        refusals integer NOT NULL CHECK (refusals >= 0),
        PRIMARY KEY (account_id, kind)
      )`);
    await runner.query(`
      CREATE TABLE mail (
        account_id uuid NOT NULL,
        mail_id uuid NOT NULL,
        message_key text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('CONFIRMATION', 'LOW_BALANCE', 'PERIOD_RESET', 'RECEIPTS', 'EXPIRING')),
        address text NOT NULL,
        event_type text,
        event_version bigint,
        event_ordinal integer,
        credit_type text,
        reservation_id uuid,
        level text,
        status text NOT NULL CHECK (status IN ('WAITING', 'SENT', 'TAKEN_BACK', 'UNWANTED', 'REFUSED', 'GIVEN_UP')),
        attempts integer NOT NULL CHECK (attempts >= 0),
        trouble text,
        created_at timestamptz NOT NULL,
        send_at timestamptz NOT NULL,
        ended_at timestamptz,
        subject text,
        html text,
        plain text,
        PRIMARY KEY (account_id, mail_id),
        UNIQUE (account_id, message_key),
        CONSTRAINT mail_of_event CHECK ((kind = 'CONFIRMATION') = (event_type IS NULL) AND (event_type IS NULL) = (event_version IS NULL)
          AND (event_type IS NULL) = (event_ordinal IS NULL) AND (event_type IS NULL) = (credit_type IS NULL)),
        CONSTRAINT mail_ended CHECK ((status = 'WAITING') = (ended_at IS NULL))
      ) WITH (fillfactor = 70)`);
    await runner.query(`CREATE INDEX mail_to_send ON mail (send_at, mail_id) WHERE status = 'WAITING'`);
    await runner.query(
      `CREATE INDEX mail_of_hold ON mail (account_id, reservation_id) WHERE status = 'WAITING' AND reservation_id IS NOT NULL`,
    );
    await runner.query(`CREATE INDEX mail_by_end ON mail (ended_at) WHERE ended_at IS NOT NULL`);
    await runner.query(`CREATE INDEX mail_by_kind ON mail (account_id, kind, created_at)`);
    await runner.query(`CREATE INDEX mail_confirmation_to ON mail (address, created_at) WHERE kind = 'CONFIRMATION'`);
    await runner.query(`
      CREATE TABLE mail_cursor (
        name text PRIMARY KEY,
        feed_seq bigint NOT NULL CHECK (feed_seq >= 0)
      )`);
    // Nobody has asked for mails about what lies before.
    await runner.query(
      `INSERT INTO mail_cursor (name, feed_seq) SELECT 'events', coalesce(max(feed_seq), 0) FROM event`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['mail_cursor', 'mail', 'mail_choice', 'mail_address'])
      await runner.query(`DROP TABLE ${table}`);
  }
}
