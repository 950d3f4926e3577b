import { inputText, keepOutcome } from './idempotency.js';
import { levelsToText } from './levels-text.js';
import { drawsToText, linesToText } from './reservation-text.js';
import type { Keyed, OpenCommand } from './command.js';
import type { Outcome } from './outcome.js';
import type {
  AccountState,
  CreditState,
  Entry,
  GrantState,
  LedgerEvent,
  ReservationState,
  UsageDelta,
} from './state.js';
import type { Column, Table } from './write-statement.js';

/** A changed account: as it was under the lock and as it is now. */
export interface ChangedAccount {
  readonly before: AccountState;
  readonly head: AccountState;
}

export interface OwnedGrant {
  readonly accountId: string;
  readonly grant: GrantState;
}

export interface OwnedReservation {
  readonly accountId: string;
  readonly reservation: ReservationState;
}

/** A row of the journal: an entry, or a group or kept refusal without one. */
export interface JournalRow {
  readonly accountId: string;
  readonly version: number | null;
  readonly ordinal: number;
  readonly entry: Entry | null;
  readonly reservationId: string | null;
  readonly command: string;
  readonly actor: string;
  readonly at: number;
  /** The key and answer that this decision is found under again. */
  readonly kept: { readonly keyed: Keyed; readonly outcome: Outcome } | null;
}

export interface UsageRow extends UsageDelta {
  readonly accountId: string;
}

type Part<T> = readonly Column<T>[];
type Shown = Pick<ChangedAccount, 'head'>;

const CREDIT_FIELDS: Readonly<Record<string, keyof Omit<CreditState, 'levels'>>> = {
  granted: 'granted',
  available: 'available',
  held: 'held',
  spent: 'spent',
  expired: 'expired',
  refunded: 'refunded',
  revoked: 'revoked',
  used: 'used',
  allowance: 'allowance',
  allowance_left: 'allowanceLeft',
  purchased: 'purchased',
  promotional: 'promotional',
  waiting: 'waiting',
};

function creditColumns(prefix: string, creditType: 'STANDARD' | 'SCAN'): Part<Shown> {
  return Object.entries(CREDIT_FIELDS).map(([column, field]) => ({
    name: `${prefix}_${column}`,
    type: 'bigint',
    of: ({ head }) => head.credits[creditType][field],
  }));
}

/** Column groups of the hot row; a batch writes those that changed on any of its accounts. */
const ACCOUNT_PARTS = {
  standard: creditColumns('standard', 'STANDARD'),
  scan: creditColumns('scan', 'SCAN'),
  levels: [
    { name: 'standard_levels', type: 'text', of: ({ head }) => levelsToText(head.credits.STANDARD.levels) },
    { name: 'scan_levels', type: 'text', of: ({ head }) => levelsToText(head.credits.SCAN.levels) },
  ],
  rare: [
    { name: 'plan', type: 'text', of: ({ head }) => head.plan },
    { name: 'time_zone', type: 'text', of: ({ head }) => head.timeZone },
    { name: 'anchor_at', type: 'timestamptz', of: ({ head }) => head.anchorAt },
    { name: 'anchor_period', type: 'integer', of: ({ head }) => head.anchorPeriod },
    { name: 'period_number', type: 'integer', of: ({ head }) => head.period.number },
    { name: 'period_start', type: 'timestamptz', of: ({ head }) => head.period.start },
    { name: 'period_end', type: 'timestamptz', of: ({ head }) => head.period.end },
    { name: 'clock_at', type: 'timestamptz', of: ({ head }) => head.clockAt },
    { name: 'courtesy_day', type: 'date', of: ({ head }) => head.courtesyDay },
    { name: 'courtesy_used', type: 'integer', of: ({ head }) => head.courtesyUsed },
  ],
} as const satisfies Record<string, Part<Shown>>;
type AccountPart = keyof typeof ACCOUNT_PARTS;
const PART_NAMES = Object.keys(ACCOUNT_PARTS) as AccountPart[];

const ALWAYS: Part<Shown> = [
  { name: 'version', type: 'bigint', of: ({ head }) => head.version },
  { name: 'changed_at', type: 'timestamptz', of: ({ head }) => head.changedAt },
  { name: 'due_at', type: 'timestamptz', of: ({ head }) => head.dueAt },
];

const RARE_FIELDS = [
  'plan',
  'timeZone',
  'anchorAt',
  'anchorPeriod',
  'period',
  'clockAt',
  'courtesyDay',
  'courtesyUsed',
] as const;

const CHANGED: Readonly<Record<AccountPart, (change: ChangedAccount) => boolean>> = {
  standard: ({ before, head }) => before.credits.STANDARD !== head.credits.STANDARD,
  scan: ({ before, head }) => before.credits.SCAN !== head.credits.SCAN,
  levels: ({ before, head }) =>
    before.credits.STANDARD.levels !== head.credits.STANDARD.levels ||
    before.credits.SCAN.levels !== head.credits.SCAN.levels,
  rare: ({ before, head }) => RARE_FIELDS.some((field) => before[field] !== head[field]),
};

const changedAccountTables = new Map<number, Table<ChangedAccount>>();

/** The hot rows with what changed on any of them; one of 16 shapes. */
export function changedAccountTable(changes: readonly ChangedAccount[]): Table<ChangedAccount> {
  let mask = 0;
  PART_NAMES.forEach((part, bit) => {
    if (changes.some(CHANGED[part])) mask |= 1 << bit;
  });
  let table = changedAccountTables.get(mask);
  if (!table) {
    table = {
      code: `a${mask}`,
      name: 'ledger_account',
      keys: 1,
      expected: ['version'],
      columns: [
        { name: 'account_id', type: 'uuid', of: ({ head }) => head.id },
        { name: 'expected_version', type: 'bigint', of: ({ before }) => before.version },
        ...ALWAYS,
        ...PART_NAMES.flatMap((part, bit) => (mask & (1 << bit) ? ACCOUNT_PARTS[part] : [])),
      ],
    };
    changedAccountTables.set(mask, table);
  }
  return table;
}

export const NEW_ACCOUNT: Table<Shown> = {
  code: 'b',
  name: 'ledger_account',
  keys: null,
  columns: [
    { name: 'account_id', type: 'uuid', of: ({ head }) => head.id },
    { name: 'sandbox', type: 'boolean', of: ({ head }) => head.sandbox },
    ...ALWAYS,
    ...PART_NAMES.flatMap((part) => ACCOUNT_PARTS[part]),
  ],
};

export const ACCOUNT_CARD: Table<OpenCommand> = {
  code: 'c',
  name: 'account',
  keys: null,
  columns: [
    { name: 'account_id', type: 'uuid', of: (command) => command.accountId },
    { name: 'external_id', type: 'text', of: (command) => command.externalId },
    { name: 'name', type: 'text', of: (command) => command.name },
    { name: 'sandbox', type: 'boolean', of: (command) => command.sandbox },
    { name: 'created_by', type: 'text', of: (command) => command.actor.name },
  ],
};

/** When something of a live account ends next; a sandbox account's clock moves only by command. */
export const DUE: Table<AccountState> = {
  code: 'd',
  name: 'account_due',
  keys: null,
  onConflict: 'ON CONFLICT (account_id) DO UPDATE SET due_at = EXCLUDED.due_at',
  columns: [
    { name: 'account_id', type: 'uuid', of: (head) => head.id },
    { name: 'due_at', type: 'timestamptz', of: (head) => head.dueAt },
  ],
};

const GRANT_KEYS: Part<OwnedGrant> = [
  { name: 'account_id', type: 'uuid', of: ({ accountId }) => accountId },
  { name: 'grant_id', type: 'uuid', of: ({ grant }) => grant.id },
];
const GRANT_AMOUNTS: Part<OwnedGrant> = [
  { name: 'available', type: 'bigint', of: ({ grant }) => grant.available },
  { name: 'held', type: 'bigint', of: ({ grant }) => grant.held },
  { name: 'spent', type: 'bigint', of: ({ grant }) => grant.spent },
  { name: 'expired', type: 'bigint', of: ({ grant }) => grant.expired },
  { name: 'refunded', type: 'bigint', of: ({ grant }) => grant.refunded },
  { name: 'revoked', type: 'bigint', of: ({ grant }) => grant.revoked },
  { name: 'is_open', type: 'boolean', of: ({ grant }) => grant.available > 0 || grant.held > 0 },
];

export const CHANGED_GRANT: Table<OwnedGrant> = {
  code: 'g',
  name: 'credit_grant',
  keys: 2,
  columns: [...GRANT_KEYS, ...GRANT_AMOUNTS],
};

export const NEW_GRANT: Table<OwnedGrant> = {
  code: 'h',
  name: 'credit_grant',
  keys: null,
  columns: [
    ...GRANT_KEYS,
    ...GRANT_AMOUNTS,
    { name: 'granted', type: 'bigint', of: ({ grant }) => grant.granted },
    { name: 'credit_type', type: 'text', of: ({ grant }) => grant.creditType },
    { name: 'source', type: 'text', of: ({ grant }) => grant.source },
    { name: 'priority', type: 'integer', of: ({ grant }) => grant.priority },
    { name: 'effective_at', type: 'timestamptz', of: ({ grant }) => grant.effectiveAt },
    { name: 'expires_at', type: 'timestamptz', of: ({ grant }) => grant.expiresAt },
    { name: 'created_at', type: 'timestamptz', of: ({ grant }) => grant.createdAt },
    { name: 'period_number', type: 'integer', of: ({ grant }) => grant.periodNumber },
    { name: 'reason', type: 'text', of: ({ grant }) => grant.reason },
  ],
};

const RESERVATION_KEYS: Part<OwnedReservation> = [
  { name: 'account_id', type: 'uuid', of: ({ accountId }) => accountId },
  { name: 'reservation_id', type: 'uuid', of: ({ reservation }) => reservation.id },
];
const RESERVATION_CHANGES: Part<OwnedReservation> = [
  { name: 'status', type: 'text', of: ({ reservation }) => reservation.status },
  { name: 'reserved', type: 'bigint', of: ({ reservation }) => reservation.reserved },
  { name: 'held', type: 'bigint', of: ({ reservation }) => reservation.held },
  { name: 'committed', type: 'bigint', of: ({ reservation }) => reservation.committed },
  { name: 'released', type: 'bigint', of: ({ reservation }) => reservation.released },
  { name: 'uncollected', type: 'bigint', of: ({ reservation }) => reservation.uncollected },
  { name: 'held_at_expiry', type: 'bigint', of: ({ reservation }) => reservation.heldAtExpiry },
  { name: 'lines', type: 'text', of: ({ reservation }) => linesToText(reservation.lines) },
  { name: 'draws', type: 'text', of: ({ reservation }) => drawsToText(reservation.draws) },
  { name: 'outcome', type: 'text', of: ({ reservation }) => reservation.outcome },
  { name: 'version', type: 'bigint', of: ({ reservation }) => reservation.version },
  { name: 'expires_at', type: 'timestamptz', of: ({ reservation }) => reservation.expiresAt },
  { name: 'closed_at', type: 'timestamptz', of: ({ reservation }) => reservation.closedAt },
];

export const CHANGED_RESERVATION: Table<OwnedReservation> = {
  code: 'r',
  name: 'reservation',
  keys: 2,
  columns: [...RESERVATION_KEYS, ...RESERVATION_CHANGES],
};

export const NEW_RESERVATION: Table<OwnedReservation> = {
  code: 's',
  name: 'reservation',
  keys: null,
  columns: [
    ...RESERVATION_KEYS,
    ...RESERVATION_CHANGES,
    { name: 'credit_type', type: 'text', of: ({ reservation }) => reservation.creditType },
    { name: 'price_list_version', type: 'integer', of: ({ reservation }) => reservation.priceListVersion },
    { name: 'project', type: 'text', of: ({ reservation }) => reservation.project },
    { name: 'member', type: 'text', of: ({ reservation }) => reservation.member },
    { name: 'reference', type: 'text', of: ({ reservation }) => reservation.reference },
    { name: 'opened_by', type: 'text', of: ({ reservation }) => reservation.openedBy },
    { name: 'created_at', type: 'timestamptz', of: ({ reservation }) => reservation.createdAt },
  ],
};

export const JOURNAL: Table<JournalRow> = {
  code: 'j',
  name: 'journal',
  keys: null,
  columns: [
    { name: 'account_id', type: 'uuid', of: (row) => row.accountId },
    { name: 'version', type: 'bigint', of: (row) => row.version },
    { name: 'ordinal', type: 'integer', of: (row) => row.ordinal },
    { name: 'kind', type: 'text', of: ({ entry }) => entry?.kind ?? null },
    { name: 'credit_type', type: 'text', of: ({ entry }) => entry?.creditType ?? null },
    { name: 'amount', type: 'bigint', of: ({ entry }) => entry?.amount ?? null },
    { name: 'grant_id', type: 'uuid', of: ({ entry }) => entry?.grantId ?? null },
    { name: 'available_after', type: 'bigint', of: ({ entry }) => entry?.availableAfter ?? null },
    { name: 'held_after', type: 'bigint', of: ({ entry }) => entry?.heldAfter ?? null },
    { name: 'reservation_id', type: 'uuid', of: (row) => row.reservationId },
    { name: 'command', type: 'text', of: (row) => row.command },
    { name: 'actor', type: 'text', of: (row) => row.actor },
    { name: 'at', type: 'timestamptz', of: (row) => row.at },
    { name: 'idempotency_key', type: 'text', of: ({ kept }) => kept?.keyed.key ?? null },
    { name: 'scope', type: 'text', of: ({ kept }) => kept?.keyed.scope ?? null },
    { name: 'input', type: 'text', of: ({ kept }) => (kept ? inputText(kept.keyed) : null) },
    { name: 'outcome', type: 'text', of: ({ kept }) => (kept ? keepOutcome(kept.outcome) : null) },
  ],
};

export const EVENT: Table<LedgerEvent> = {
  code: 'e',
  name: 'event',
  keys: null,
  computed: { feed_seq: `nextval('event_feed_seq')` },
  returning: 'account_id, version, ordinal, feed_seq',
  columns: [
    { name: 'account_id', type: 'uuid', of: (event) => event.accountId },
    { name: 'version', type: 'bigint', of: (event) => event.version },
    { name: 'ordinal', type: 'integer', of: (event) => event.ordinal },
    { name: 'sandbox', type: 'boolean', of: (event) => event.sandbox },
    { name: 'type', type: 'text', of: (event) => event.type },
    { name: 'credit_type', type: 'text', of: (event) => event.creditType },
    { name: 'at', type: 'timestamptz', of: (event) => event.at },
    { name: 'level', type: 'text', of: (event) => event.level },
    { name: 'threshold', type: 'bigint', of: (event) => event.threshold },
    { name: 'credits', type: 'bigint', of: (event) => event.credits },
    { name: 'reservation_id', type: 'uuid', of: (event) => event.reservationId },
    { name: 'grant_id', type: 'uuid', of: (event) => event.grantId },
    { name: 'reset', type: 'text', of: (event) => (event.reset === null ? null : JSON.stringify(event.reset)) },
    { name: 'balance', type: 'text', of: (event) => JSON.stringify(event.balance) },
  ],
};

export const USAGE: Table<UsageRow> = {
  code: 'u',
  name: 'usage_day',
  keys: null,
  onConflict: `ON CONFLICT (account_id, day, credit_type, operation, member, project) DO UPDATE
    SET credits = usage_day.credits + EXCLUDED.credits, operations = usage_day.operations + EXCLUDED.operations`,
  columns: [
    { name: 'account_id', type: 'uuid', of: (row) => row.accountId },
    { name: 'day', type: 'date', of: (row) => row.day },
    { name: 'credit_type', type: 'text', of: (row) => row.creditType },
    { name: 'operation', type: 'text', of: (row) => row.operation },
    { name: 'member', type: 'text', of: (row) => row.member },
    { name: 'project', type: 'text', of: (row) => row.project ?? '' },
    { name: 'feature', type: 'text', of: (row) => row.feature },
    { name: 'type', type: 'text', of: (row) => row.type },
    { name: 'credits', type: 'bigint', of: (row) => row.credits },
    { name: 'operations', type: 'bigint', of: (row) => row.operations },
  ],
};
