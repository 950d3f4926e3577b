import { instantArray, plainArray, textArray } from './pg-array.js';

type ColumnType = 'uuid' | 'bigint' | 'integer' | 'boolean' | 'text' | 'timestamptz' | 'date';
export type Columns = Readonly<Record<string, ColumnType>>;
export type Values = Readonly<Record<string, string | number | boolean | null>>;

const CREDIT_COLUMNS = [
  'granted',
  'available',
  'held',
  'spent',
  'expired',
  'refunded',
  'revoked',
  'used',
  'allowance',
  'allowance_left',
  'purchased',
  'promotional',
  'waiting',
];

function creditColumns(type: 'standard' | 'scan'): Columns {
  return Object.fromEntries(CREDIT_COLUMNS.map((column) => [`${type}_${column}`, 'bigint' as const]));
}

/** Column groups of the hot row; a batch writes those that changed on any of its accounts. */
export const ACCOUNT_PARTS = {
  always: { version: 'bigint', changed_at: 'timestamptz', due_at: 'timestamptz' },
  standard: creditColumns('standard'),
  scan: creditColumns('scan'),
  levels: { standard_levels: 'text', scan_levels: 'text' },
  rare: {
    plan: 'text',
    time_zone: 'text',
    anchor_at: 'timestamptz',
    anchor_period: 'integer',
    period_number: 'integer',
    period_start: 'timestamptz',
    period_end: 'timestamptz',
    clock_at: 'timestamptz',
    courtesy_day: 'date',
    courtesy_used: 'integer',
  },
} as const satisfies Record<string, Columns>;
export type AccountPart = keyof typeof ACCOUNT_PARTS;

export const GRANT_AMOUNTS = {
  available: 'bigint',
  held: 'bigint',
  spent: 'bigint',
  expired: 'bigint',
  refunded: 'bigint',
  revoked: 'bigint',
  is_open: 'boolean',
} as const satisfies Columns;

export const RESERVATION_CHANGES = {
  status: 'text',
  reserved: 'bigint',
  held: 'bigint',
  committed: 'bigint',
  released: 'bigint',
  uncollected: 'bigint',
  held_at_expiry: 'bigint',
  lines: 'text',
  draws: 'text',
  outcome: 'text',
  version: 'bigint',
  expires_at: 'timestamptz',
  closed_at: 'timestamptz',
} as const satisfies Columns;

/** Rows to insert, by table. */
export const INSERTS = {
  account: { account_id: 'uuid', external_id: 'text', name: 'text', sandbox: 'boolean', created_by: 'text' },
  ledger_account: {
    account_id: 'uuid',
    sandbox: 'boolean',
    ...ACCOUNT_PARTS.always,
    ...ACCOUNT_PARTS.standard,
    ...ACCOUNT_PARTS.scan,
    ...ACCOUNT_PARTS.levels,
    ...ACCOUNT_PARTS.rare,
  },
  credit_grant: {
    account_id: 'uuid',
    grant_id: 'uuid',
    credit_type: 'text',
    source: 'text',
    priority: 'integer',
    granted: 'bigint',
    ...GRANT_AMOUNTS,
    effective_at: 'timestamptz',
    expires_at: 'timestamptz',
    created_at: 'timestamptz',
    period_number: 'integer',
    reason: 'text',
  },
  reservation: {
    account_id: 'uuid',
    reservation_id: 'uuid',
    credit_type: 'text',
    ...RESERVATION_CHANGES,
    price_list_version: 'integer',
    project: 'text',
    member: 'text',
    reference: 'text',
    opened_by: 'text',
    created_at: 'timestamptz',
  },
  journal: {
    account_id: 'uuid',
    version: 'bigint',
    ordinal: 'integer',
    kind: 'text',
    credit_type: 'text',
    amount: 'bigint',
    grant_id: 'uuid',
    available_after: 'bigint',
    held_after: 'bigint',
    reservation_id: 'uuid',
    command: 'text',
    actor: 'text',
    at: 'timestamptz',
    idempotency_key: 'text',
    scope: 'text',
    input: 'text',
    outcome: 'text',
  },
  event: {
    account_id: 'uuid',
    version: 'bigint',
    ordinal: 'integer',
    sandbox: 'boolean',
    type: 'text',
    credit_type: 'text',
    at: 'timestamptz',
    level: 'text',
    threshold: 'bigint',
    credits: 'bigint',
    reservation_id: 'uuid',
    grant_id: 'uuid',
    reset: 'text',
    balance: 'text',
  },
  usage_day: {
    account_id: 'uuid',
    day: 'date',
    credit_type: 'text',
    operation: 'text',
    member: 'text',
    project: 'text',
    feature: 'text',
    type: 'text',
    credits: 'bigint',
    operations: 'bigint',
  },
  account_due: { account_id: 'uuid', due_at: 'timestamptz' },
} as const satisfies Record<string, Columns>;
export type InsertTable = keyof typeof INSERTS;

const ON_CONFLICT: Partial<Record<InsertTable, string>> = {
  usage_day: ` ON CONFLICT (account_id, day, credit_type, operation, member, project) DO UPDATE
      SET credits = usage_day.credits + EXCLUDED.credits, operations = usage_day.operations + EXCLUDED.operations`,
  account_due: ` ON CONFLICT (account_id) DO UPDATE SET due_at = EXCLUDED.due_at`,
};

function literal(type: ColumnType, values: readonly (string | number | boolean | null)[]): string {
  if (type === 'text') return textArray(values as (string | null)[]);
  if (type === 'timestamptz') return instantArray(values as (number | null)[]);
  return plainArray(values);
}

/** A statement with its parameters; equal shapes share one name and so one plan. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly string[];
}

/**
 * Builds the one statement that writes a whole batch: a data-modifying CTE per table over `unnest` of arrays.
 *
 * One statement, so that no part can be written without the others: a parameter that fails to encode, or a row that is
 * refused, undoes everything. Updates count what they changed, and a count that is off raises.
 */
export class WriteStatement {
  private readonly parts: string[] = [];
  private readonly checks: string[] = [];
  private readonly shape: string[] = [];
  private readonly values: string[] = [];
  private returnsEvents = false;

  private unnest(columns: Columns, rows: readonly Values[]): string {
    const parameters = Object.entries(columns).map(([name, type]) => {
      this.values.push(literal(type, rows.map((row) => row[name] ?? null)));
      return `$${this.values.length}::${type}[]`;
    });
    return `unnest(${parameters.join(', ')}) AS u(${Object.keys(columns).join(', ')})`;
  }

  insert(table: InsertTable, rows: readonly Values[]): void {
    if (rows.length === 0) return;
    const columns = INSERTS[table];
    const names = Object.keys(columns).join(', ');
    const source = this.unnest(columns, rows);
    const [extraName, extraValue] = table === 'event' ? [', feed_seq', `, nextval('event_feed_seq')`] : ['', ''];
    const returning = table === 'event' ? ' RETURNING account_id, version, ordinal, feed_seq' : '';
    if (table === 'event') this.returnsEvents = true;
    this.parts.push(
      `new_${table} AS (INSERT INTO ${table} (${names}${extraName}) SELECT ${names}${extraValue} FROM ${source}${ON_CONFLICT[table] ?? ''}${returning})`,
    );
    this.shape.push(`i:${table}`);
  }

  update(table: string, keys: Columns, changes: Columns, rows: readonly Values[], guard = ''): void {
    if (rows.length === 0) return;
    const source = this.unnest({ ...keys, ...changes }, rows);
    const set = Object.keys(changes)
      .filter((column) => !column.startsWith('expected_'))
      .map((column) => `${column} = u.${column}`);
    const where = Object.keys(keys).map((column) => `t.${column} = u.${column}`);
    this.parts.push(
      `set_${table} AS (UPDATE ${table} t SET ${set.join(', ')} FROM ${source} WHERE ${where.join(' AND ')}${guard} RETURNING 1)`,
    );
    this.values.push(String(rows.length));
    this.checks.push(`(SELECT count(*) FROM set_${table}) = $${this.values.length}::bigint`);
    this.shape.push(`u:${table}:${Object.keys(changes).join(',')}`);
  }

  get isEmpty(): boolean {
    return this.parts.length === 0;
  }

  build(): Statement {
    const key = this.shape.join('|');
    let known = shapes.get(key);
    if (!known) {
      const check = this.checks.length === 0 ? '1' : `1 / (CASE WHEN ${this.checks.join(' AND ')} THEN 1 ELSE 0 END)`;
      const events = this.returnsEvents
        ? `, (SELECT json_agg(json_build_array(account_id, version, ordinal, feed_seq)) FROM new_event)`
        : ', NULL';
      known = {
        name: `ledger_write_${shapes.size + 1}`,
        text: `/* ledger.write */ WITH ${this.parts.join(',\n')}\nSELECT ${check} AS written${events} AS events`,
      };
      shapes.set(key, known);
    }
    return { ...known, values: this.values };
  }
}

const shapes = new Map<string, { readonly name: string; readonly text: string }>();
