-- The tables of both peers. One database each; the same columns, checks and indexes, so that only the way of writing differs.
CREATE TABLE account (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL,
  plan text NOT NULL CHECK (plan IN ('FREE', 'PRO', 'ENTERPRISE')),
  version bigint NOT NULL,
  period_number int NOT NULL,
  period_start timestamptz NOT NULL,
  period_end timestamptz NOT NULL,
  standard_granted bigint NOT NULL, standard_available bigint NOT NULL CHECK (standard_available >= 0),
  standard_held bigint NOT NULL CHECK (standard_held >= 0), standard_spent bigint NOT NULL CHECK (standard_spent >= 0),
  standard_expired bigint NOT NULL CHECK (standard_expired >= 0),
  scan_granted bigint NOT NULL, scan_available bigint NOT NULL CHECK (scan_available >= 0),
  scan_held bigint NOT NULL CHECK (scan_held >= 0), scan_spent bigint NOT NULL CHECK (scan_spent >= 0),
  scan_expired bigint NOT NULL CHECK (scan_expired >= 0),
  levels jsonb NOT NULL,
  CHECK (standard_granted = standard_available + standard_held + standard_spent + standard_expired),
  CHECK (scan_granted = scan_available + scan_held + scan_spent + scan_expired)
) WITH (fillfactor = 70);

CREATE TABLE credit_grant (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  account_id uuid NOT NULL,
  credit_type text NOT NULL,
  source text NOT NULL,
  priority int NOT NULL,
  granted bigint NOT NULL, available bigint NOT NULL CHECK (available >= 0), held bigint NOT NULL CHECK (held >= 0),
  spent bigint NOT NULL CHECK (spent >= 0), expired bigint NOT NULL CHECK (expired >= 0),
  effective_at timestamptz NOT NULL,
  expires_at timestamptz,
  created_at timestamptz NOT NULL,
  CHECK (granted = available + held + spent + expired)
) WITH (fillfactor = 70);
CREATE INDEX credit_grant_account ON credit_grant (account_id, credit_type);

CREATE TABLE reservation (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  account_id uuid NOT NULL,
  credit_type text NOT NULL,
  status text NOT NULL CHECK (status IN ('HELD', 'COMMITTED', 'RELEASED', 'EXPIRED')),
  reserved bigint NOT NULL, held bigint NOT NULL CHECK (held >= 0), committed bigint NOT NULL, released bigint NOT NULL,
  lines jsonb NOT NULL,
  draws jsonb NOT NULL,
  price_list_version int NOT NULL,
  project text, member text, reference text, outcome text,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  closed_at timestamptz,
  CHECK (reserved = held + committed + released)
) WITH (fillfactor = 80);
CREATE INDEX reservation_due ON reservation (account_id, expires_at) WHERE status = 'HELD';

CREATE TABLE idempotency_key (
  account_id uuid NOT NULL,
  scope text NOT NULL,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  input jsonb NOT NULL,
  answer jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, scope, key)
);

CREATE TABLE journal (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  account_id uuid NOT NULL,
  version bigint NOT NULL,
  ordinal int NOT NULL,
  kind text NOT NULL,
  credit_type text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  available_before bigint NOT NULL, available_after bigint NOT NULL,
  held_before bigint NOT NULL, held_after bigint NOT NULL,
  grant_id uuid NOT NULL,
  reservation_id uuid,
  actor text NOT NULL,
  at timestamptz NOT NULL,
  explanation text NOT NULL,
  UNIQUE (account_id, version, ordinal)
);

CREATE TABLE usage_entry (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  account_id uuid NOT NULL,
  reservation_id uuid NOT NULL,
  day date NOT NULL,
  feature text NOT NULL, type text NOT NULL, operation text NOT NULL,
  project text, member text,
  credits bigint NOT NULL, operations int NOT NULL
);
CREATE INDEX usage_entry_account ON usage_entry (account_id, day);

CREATE TABLE event (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  account_id uuid NOT NULL,
  version bigint NOT NULL,
  type text NOT NULL,
  data jsonb NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX event_account ON event (account_id, version);
