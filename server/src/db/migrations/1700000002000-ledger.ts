import type { MigrationInterface, QueryRunner } from 'typeorm';

const BUCKETS = ['granted', 'available', 'held', 'spent', 'expired', 'refunded', 'revoked'];
const CREDIT_TYPES = ['standard', 'scan'];

const closedSum = (prefix = '') =>
  `${prefix}granted = ${BUCKETS.slice(1)
    .map((bucket) => prefix + bucket)
    .join(' + ')}`;

/** The columns of one credit type in the hot row, with the sums that must stay closed. */
function creditColumns(type: string): string {
  const columns = [...BUCKETS, 'used', 'allowance', 'allowance_left', 'purchased', 'promotional', 'waiting'];
  return [
    ...columns.map((column) => `${type}_${column} bigint NOT NULL DEFAULT 0 CHECK (${type}_${column} >= 0)`),
    `${type}_levels text NOT NULL`,
    `CONSTRAINT ledger_account_${type}_closed CHECK (${closedSum(`${type}_`)})`,
    `CONSTRAINT ledger_account_${type}_available CHECK (${type}_available = ${type}_allowance_left + ${type}_purchased + ${type}_promotional + ${type}_waiting)`,
  ].join(',\n        ');
}

/**
 * The ledger's tables. Every key of account data holds `account_id`; no foreign key points at the hot row; no index
 * and no index predicate names a column that changes with every movement, so that those updates stay heap-only.
 */
export class Ledger1700000002000 implements MigrationInterface {
  name = 'Ledger1700000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE account (
        account_id uuid PRIMARY KEY,
        external_id text,
        name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        sandbox boolean NOT NULL,
        created_by text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE external_account (
        external_id text NOT NULL,
        sandbox boolean NOT NULL,
        account_id uuid NOT NULL,
        input text NOT NULL,
        PRIMARY KEY (external_id, sandbox)
      )`);
    await runner.query(`
      CREATE TABLE ledger_account (
        account_id uuid PRIMARY KEY,
        sandbox boolean NOT NULL,
        plan text NOT NULL,
        time_zone text NOT NULL,
        anchor_at timestamptz NOT NULL,
        anchor_period integer NOT NULL,
        period_number integer NOT NULL,
        period_start timestamptz NOT NULL,
        period_end timestamptz NOT NULL CHECK (period_end > period_start),
        clock_at timestamptz CHECK (sandbox = (clock_at IS NOT NULL)),
        courtesy_day date,
        courtesy_used integer NOT NULL DEFAULT 0,
        version bigint NOT NULL CHECK (version > 0),
        changed_at timestamptz NOT NULL,
        due_at timestamptz NOT NULL,
        ${CREDIT_TYPES.map(creditColumns).join(',\n        ')}
      ) WITH (fillfactor = 50)`);
    await runner.query(`
      CREATE TABLE account_due (
        account_id uuid PRIMARY KEY,
        due_at timestamptz NOT NULL
      ) WITH (fillfactor = 70)`);
    await runner.query(`CREATE INDEX account_due_at ON account_due (due_at)`);
    await runner.query(`
      CREATE TABLE credit_grant (
        account_id uuid NOT NULL,
        grant_id uuid NOT NULL,
        credit_type text NOT NULL CHECK (credit_type IN ('STANDARD', 'SCAN')),
        source text NOT NULL CHECK (source IN ('ALLOWANCE', 'UPGRADE', 'PURCHASE', 'BONUS', 'PROMOTION', 'ADJUSTMENT', 'ROLLOVER')),
        priority integer NOT NULL,
        ${BUCKETS.map((bucket) => `${bucket} bigint NOT NULL DEFAULT 0 CHECK (${bucket} >= 0)`).join(',\n        ')},
        is_open boolean NOT NULL,
        effective_at timestamptz NOT NULL,
        expires_at timestamptz CHECK (expires_at > effective_at),
        created_at timestamptz NOT NULL,
        period_number integer,
        reason text,
        PRIMARY KEY (account_id, grant_id),
        CONSTRAINT credit_grant_amount CHECK (granted BETWEEN 1 AND 1000000000000),
        CONSTRAINT credit_grant_closed CHECK (${closedSum()}),
        CONSTRAINT credit_grant_open CHECK (is_open = (available > 0 OR held > 0))
      ) WITH (fillfactor = 60)`);
    await runner.query(`CREATE INDEX credit_grant_open_by_account ON credit_grant (account_id) WHERE is_open`);
    await runner.query(`
      CREATE UNIQUE INDEX credit_grant_one_a_period ON credit_grant (account_id, period_number, source)
        WHERE source IN ('ALLOWANCE', 'ROLLOVER')`);
    await runner.query(`
      CREATE TABLE reservation (
        account_id uuid NOT NULL,
        reservation_id uuid NOT NULL,
        credit_type text NOT NULL CHECK (credit_type IN ('STANDARD', 'SCAN')),
        status text NOT NULL CHECK (status IN ('HELD', 'COMMITTED', 'RELEASED', 'EXPIRED')),
        reserved bigint NOT NULL CHECK (reserved >= 0),
        held bigint NOT NULL CHECK (held >= 0),
        committed bigint NOT NULL CHECK (committed >= 0),
        released bigint NOT NULL CHECK (released >= 0),
        uncollected bigint NOT NULL CHECK (uncollected >= 0),
        held_at_expiry bigint,
        lines text NOT NULL,
        draws text NOT NULL,
        price_list_version integer NOT NULL,
        project text,
        member text NOT NULL,
        reference text,
        opened_by text NOT NULL,
        outcome text,
        version bigint NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        closed_at timestamptz,
        PRIMARY KEY (account_id, reservation_id),
        CONSTRAINT reservation_closed_sum CHECK (reserved = held + committed + released),
        CONSTRAINT reservation_closed CHECK ((status = 'HELD') = (closed_at IS NULL)),
        CONSTRAINT reservation_nothing_held CHECK (status = 'HELD' OR held = 0)
      ) WITH (fillfactor = 60)`);
    await runner.query(`
      CREATE INDEX reservation_open_by_expiry ON reservation (account_id, expires_at) WHERE status = 'HELD'`);
    await runner.query(`
      CREATE TABLE journal (
        account_id uuid NOT NULL,
        version bigint,
        ordinal integer NOT NULL,
        kind text CHECK (kind IN ('GRANT', 'RESERVE', 'COMMIT', 'RELEASE', 'EXPIRE', 'REFUND', 'REVOKE')),
        credit_type text CHECK (credit_type IN ('STANDARD', 'SCAN')),
        amount bigint CHECK (amount > 0),
        grant_id uuid,
        available_after bigint CHECK (available_after >= 0),
        held_after bigint CHECK (held_after >= 0),
        reservation_id uuid,
        command text NOT NULL,
        actor text NOT NULL,
        at timestamptz NOT NULL,
        idempotency_key text,
        scope text,
        input text,
        outcome text,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT journal_entry CHECK (kind IS NULL OR (credit_type IS NOT NULL AND amount IS NOT NULL AND grant_id IS NOT NULL
          AND available_after IS NOT NULL AND held_after IS NOT NULL AND version IS NOT NULL)),
        CONSTRAINT journal_key CHECK ((idempotency_key IS NULL) = (scope IS NULL) AND (idempotency_key IS NULL OR (input IS NOT NULL AND outcome IS NOT NULL)))
      )`);
    await runner.query(`CREATE UNIQUE INDEX journal_place ON journal (account_id, version, ordinal)`);
    await runner.query(`
      CREATE UNIQUE INDEX journal_by_key ON journal (idempotency_key, account_id, scope) WHERE idempotency_key IS NOT NULL`);
    await runner.query(`
      CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION '% of % is refused: its rows never change', TG_OP, TG_TABLE_NAME;
      END $$`);
    await runner.query(`
      CREATE TRIGGER journal_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
    await runner.query(`
      CREATE TABLE event (
        account_id uuid NOT NULL,
        version bigint NOT NULL,
        ordinal integer NOT NULL,
        feed_seq bigint NOT NULL,
        sandbox boolean NOT NULL,
        type text NOT NULL,
        credit_type text NOT NULL CHECK (credit_type IN ('STANDARD', 'SCAN')),
        at timestamptz NOT NULL,
        level text,
        threshold bigint,
        credits bigint,
        reservation_id uuid,
        grant_id uuid,
        reset text,
        balance text NOT NULL,
        PRIMARY KEY (account_id, version, ordinal)
      )`);
    await runner.query(`CREATE SEQUENCE event_feed_seq`);
    await runner.query(`CREATE INDEX event_feed ON event (sandbox, feed_seq)`);
    await runner.query(`
      CREATE TRIGGER event_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON event
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
    await runner.query(`
      CREATE TABLE usage_day (
        account_id uuid NOT NULL,
        day date NOT NULL,
        credit_type text NOT NULL CHECK (credit_type IN ('STANDARD', 'SCAN')),
        operation text NOT NULL,
        member text NOT NULL,
        project text NOT NULL DEFAULT '',
        feature text NOT NULL,
        type text NOT NULL,
        credits bigint NOT NULL CHECK (credits >= 0),
        operations bigint NOT NULL CHECK (operations >= 0),
        PRIMARY KEY (account_id, day, credit_type, operation, member, project)
      ) WITH (fillfactor = 70)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'usage_day',
      'event',
      'journal',
      'reservation',
      'credit_grant',
      'account_due',
      'ledger_account',
      'external_account',
      'account',
    ])
      await runner.query(`DROP TABLE ${table}`);
    await runner.query(`DROP SEQUENCE event_feed_seq`);
    await runner.query(`DROP FUNCTION refuse_change()`);
  }
}
