import { levelsToText } from './levels-text.js';
import type { AccountCard, AccountState, CreditState } from '../core/state.js';
import type { Column, Table } from './write-statement.js';

/** A changed account: as it was under the lock and as it is now. */
export interface ChangedAccount {
  readonly before: AccountState;
  readonly head: AccountState;
  /** What is added to the digest of the answers that are kept. */
  readonly keptDigest: number;
}

type Part<T> = readonly Column<T>[];
/** An account as it is written for the first time. */
export type NewAccount = Omit<ChangedAccount, 'before'>;
type Shown = Pick<ChangedAccount, 'head'>;

function creditColumns(prefix: string, creditsOf: (head: AccountState) => CreditState): Part<Shown> {
  const columns: Record<string, (credits: CreditState) => number> = {
    granted: (credits) => credits.granted,
    available: (credits) => credits.available,
    held: (credits) => credits.held,
    spent: (credits) => credits.spent,
    expired: (credits) => credits.expired,
    refunded: (credits) => credits.refunded,
    revoked: (credits) => credits.revoked,
    used: (credits) => credits.used,
    allowance: (credits) => credits.allowance,
    allowance_left: (credits) => credits.allowanceLeft,
    purchased: (credits) => credits.purchased,
    promotional: (credits) => credits.promotional,
    waiting: (credits) => credits.waiting,
  };
  return Object.entries(columns).map(([column, of]) => ({
    name: `${prefix}_${column}`,
    type: 'bigint',
    of: ({ head }) => of(creditsOf(head)),
  }));
}

/** Column groups of the hot row; a batch writes those that changed on any of its accounts. */
const ACCOUNT_PARTS = {
  standard: creditColumns('standard', ({ credits }) => credits.STANDARD),
  scan: creditColumns('scan', ({ credits }) => credits.SCAN),
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
    { name: 'projects_day', type: 'date', of: ({ head }) => head.projectsDay },
    { name: 'projects_day_version', type: 'bigint', of: ({ head }) => head.projectsDayVersion },
  ],
} as const satisfies Record<string, Part<Shown>>;
type AccountPart = keyof typeof ACCOUNT_PARTS;
const PART_NAMES = Object.keys(ACCOUNT_PARTS) as AccountPart[];

const ALWAYS: Part<NewAccount> = [
  { name: 'version', type: 'bigint', of: ({ head }) => head.version },
  { name: 'changed_at', type: 'timestamptz', of: ({ head }) => head.changedAt },
  { name: 'due_at', type: 'timestamptz', of: ({ head }) => head.dueAt },
  { name: 'kept_digest', type: 'integer', of: ({ keptDigest }) => keptDigest, combine: '#' },
];

const CHANGED: Readonly<Record<AccountPart, (change: ChangedAccount) => boolean>> = {
  standard: ({ before, head }) => before.credits.STANDARD !== head.credits.STANDARD,
  scan: ({ before, head }) => before.credits.SCAN !== head.credits.SCAN,
  levels: ({ before, head }) =>
    before.credits.STANDARD.levels !== head.credits.STANDARD.levels ||
    before.credits.SCAN.levels !== head.credits.SCAN.levels,
  rare: ({ before, head }) =>
    before.period !== head.period ||
    before.clockAt !== head.clockAt ||
    before.courtesyUsed !== head.courtesyUsed ||
    before.courtesyDay !== head.courtesyDay ||
    before.projectsDay !== head.projectsDay ||
    before.plan !== head.plan ||
    before.timeZone !== head.timeZone ||
    before.anchorAt !== head.anchorAt ||
    before.anchorPeriod !== head.anchorPeriod,
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

/** Every column of the hot row that a batch may change. */
export const WHOLE_ACCOUNT: Table<ChangedAccount> = {
  code: 'w',
  name: 'ledger_account',
  keys: 1,
  expected: ['version'],
  columns: [
    { name: 'account_id', type: 'uuid', of: ({ head }) => head.id },
    { name: 'expected_version', type: 'bigint', of: ({ before }) => before.version },
    ...ALWAYS,
    ...PART_NAMES.flatMap((part) => ACCOUNT_PARTS[part]),
  ],
};

export const NEW_ACCOUNT: Table<NewAccount> = {
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

export const ACCOUNT_CARD: Table<AccountCard> = {
  code: 'c',
  name: 'account',
  keys: null,
  columns: [
    { name: 'account_id', type: 'uuid', of: (card) => card.accountId },
    { name: 'external_id', type: 'text', of: (card) => card.externalId },
    { name: 'name', type: 'text', of: (card) => card.name },
    { name: 'sandbox', type: 'boolean', of: (card) => card.sandbox },
    { name: 'created_by', type: 'text', of: (card) => card.createdBy },
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
