import type { AccountChanges } from '../core/changed-state.js';
import type { AccountState, CreditState } from '../core/state.js';
import { describeRow, type Fields, type RawOf } from './describe-row.js';
import { BILLING_TEXT, billingFromText } from './billing-text.js';
import { LEVELS_TEXT, levelsFromText } from './levels-text.js';
import { NOTICE_TEXT, noticeFromText } from './notice-text.js';
import { SPENDING_TEXT, spendingFromText } from './spending-text.js';

/** A changed account: as it was under the lock and as it is now. */
export interface ChangedAccount {
  readonly before: AccountState;
  readonly head: AccountState;
  /** What is added to the digest of the answers that are kept. */
  readonly keptDigest: number;
}

/** An account as it is written for the first time. */
export type NewAccount = Omit<ChangedAccount, 'before'>;

/** Columns of the hot row that are written together: a batch writes those parts that changed on any of its accounts. */
export type AccountPart = 'always' | 'standard' | 'scan' | 'levels' | 'operations' | 'rare';

type Prefix = 'standard' | 'scan';
type CreditFields<P extends Prefix> = {
  readonly [K in keyof CreditState as `${P}${Capitalize<K>}`]: CreditState[K];
};

/** A row of `ledger_account`: the state with its period and credits side by side. */
export type AccountFields = Omit<AccountState, 'period' | 'operations' | 'credits'> & {
  readonly periodNumber: number;
  readonly periodStart: number;
  readonly periodEnd: number;
  readonly standardOperations: number;
  readonly scanOperations: number;
  readonly keptDigest: number;
} & CreditFields<'standard'> &
  CreditFields<'scan'>;

type Fixed = Exclude<keyof AccountState, keyof AccountChanges>;
type Changing = Exclude<keyof AccountFields, Fixed>;

type Described<K extends keyof CreditState> = Fields<Pick<CreditState, K>, NewAccount, K, AccountPart>[K];

/** The columns of one credit type. */
function creditFields<P extends Prefix>(
  prefix: P,
  creditsOf: (head: AccountState) => CreditState,
): Pick<Fields<AccountFields, NewAccount, Changing, AccountPart>, keyof CreditFields<P> & keyof AccountFields> {
  const amount = (name: string, of: (credits: CreditState) => number) =>
    ({
      column: `${prefix}_${name}`,
      type: 'bigint',
      of: ({ head }: NewAccount) => of(creditsOf(head)),
      changes: prefix,
    }) as const;
  const fields: { readonly [K in keyof CreditState]: Described<K> } = {
    granted: amount('granted', (credits) => credits.granted),
    available: amount('available', (credits) => credits.available),
    held: amount('held', (credits) => credits.held),
    spent: amount('spent', (credits) => credits.spent),
    expired: amount('expired', (credits) => credits.expired),
    refunded: amount('refunded', (credits) => credits.refunded),
    revoked: amount('revoked', (credits) => credits.revoked),
    used: amount('used', (credits) => credits.used),
    allowance: amount('allowance', (credits) => credits.allowance),
    allowanceLeft: amount('allowance_left', (credits) => credits.allowanceLeft),
    purchased: amount('purchased', (credits) => credits.purchased),
    promotional: amount('promotional', (credits) => credits.promotional),
    waiting: amount('waiting', (credits) => credits.waiting),
    levels: {
      column: `${prefix}_levels`,
      type: 'text',
      form: LEVELS_TEXT,
      of: ({ head }) => creditsOf(head).levels,
      changes: 'levels',
    },
  };
  // TypeScript cannot follow keys that are made at run time; these are the keys of the mapped type.
  return Object.fromEntries(
    Object.entries(fields).map(([field, said]) => [`${prefix}${field.charAt(0).toUpperCase()}${field.slice(1)}`, said]),
  ) as ReturnType<typeof creditFields<P>>;
}

export const ACCOUNT = describeRow<AccountFields, NewAccount, Changing, AccountPart>('ledger_account', {
  id: { column: 'account_id', type: 'uuid', key: true, of: ({ head }) => head.id },
  sandbox: { column: 'sandbox', type: 'boolean', of: ({ head }) => head.sandbox },
  version: { column: 'version', type: 'bigint', of: ({ head }) => head.version, changes: 'always' },
  changedAt: { column: 'changed_at', type: 'timestamptz', of: ({ head }) => head.changedAt, changes: 'always' },
  dueAt: { column: 'due_at', type: 'timestamptz', of: ({ head }) => head.dueAt, changes: 'always' },
  keptDigest: {
    column: 'kept_digest',
    type: 'integer',
    of: ({ keptDigest }) => keptDigest,
    changes: 'always',
    combine: '#',
  },
  ...creditFields('standard', ({ credits }) => credits.STANDARD),
  ...creditFields('scan', ({ credits }) => credits.SCAN),
  standardOperations: {
    column: 'standard_operations',
    type: 'bigint',
    of: ({ head }) => head.operations.STANDARD,
    changes: 'operations',
  },
  scanOperations: {
    column: 'scan_operations',
    type: 'bigint',
    of: ({ head }) => head.operations.SCAN,
    changes: 'operations',
  },
  plan: { column: 'plan', type: 'text', of: ({ head }) => head.plan, changes: 'rare' },
  nextPlan: { column: 'next_plan', type: 'text', nullable: true, of: ({ head }) => head.nextPlan, changes: 'rare' },
  timeZone: { column: 'time_zone', type: 'text', of: ({ head }) => head.timeZone, changes: 'rare' },
  anchorAt: { column: 'anchor_at', type: 'timestamptz', of: ({ head }) => head.anchorAt, changes: 'rare' },
  anchorPeriod: { column: 'anchor_period', type: 'integer', of: ({ head }) => head.anchorPeriod, changes: 'rare' },
  periodNumber: { column: 'period_number', type: 'integer', of: ({ head }) => head.period.number, changes: 'rare' },
  periodStart: { column: 'period_start', type: 'timestamptz', of: ({ head }) => head.period.start, changes: 'rare' },
  periodEnd: { column: 'period_end', type: 'timestamptz', of: ({ head }) => head.period.end, changes: 'rare' },
  clockAt: { column: 'clock_at', type: 'timestamptz', nullable: true, of: ({ head }) => head.clockAt, changes: 'rare' },
  courtesyDay: {
    column: 'courtesy_day',
    type: 'date',
    nullable: true,
    of: ({ head }) => head.courtesyDay,
    changes: 'rare',
  },
  courtesyUsed: { column: 'courtesy_used', type: 'integer', of: ({ head }) => head.courtesyUsed, changes: 'rare' },
  projectsDay: {
    column: 'projects_day',
    type: 'date',
    nullable: true,
    of: ({ head }) => head.projectsDay,
    changes: 'rare',
  },
  projectsDayVersion: {
    column: 'projects_day_version',
    type: 'bigint',
    of: ({ head }) => head.projectsDayVersion,
    changes: 'rare',
  },
  noticed: {
    column: 'noticed',
    type: 'text',
    nullable: true,
    form: NOTICE_TEXT,
    of: ({ head }) => head.noticed,
    changes: 'rare',
  },
  billing: {
    column: 'billing',
    type: 'text',
    nullable: true,
    form: BILLING_TEXT,
    of: ({ head }) => head.billing,
    changes: 'rare',
  },
  budgets: { column: 'budgets', type: 'integer', of: ({ head }) => head.budgets, changes: 'rare' },
  spending: {
    column: 'spending',
    type: 'text',
    nullable: true,
    form: SPENDING_TEXT,
    of: ({ head }) => head.spending,
    changes: 'rare',
  },
});

export type AccountRow = RawOf<AccountFields>;
/** Which version an account is at. */
export const ACCOUNT_VERSION = ACCOUNT.pick('id', 'version');

/* Fields in the order of `copyCredits` and `changedAccount`, so that states read and states made have one shape. */

function standardOf(row: AccountRow): CreditState {
  return {
    granted: row.standardGranted,
    available: row.standardAvailable,
    held: row.standardHeld,
    spent: row.standardSpent,
    expired: row.standardExpired,
    refunded: row.standardRefunded,
    revoked: row.standardRevoked,
    used: row.standardUsed,
    allowance: row.standardAllowance,
    allowanceLeft: row.standardAllowanceLeft,
    purchased: row.standardPurchased,
    promotional: row.standardPromotional,
    waiting: row.standardWaiting,
    levels: levelsFromText(row.standardLevels),
  };
}

function scanOf(row: AccountRow): CreditState {
  return {
    granted: row.scanGranted,
    available: row.scanAvailable,
    held: row.scanHeld,
    spent: row.scanSpent,
    expired: row.scanExpired,
    refunded: row.scanRefunded,
    revoked: row.scanRevoked,
    used: row.scanUsed,
    allowance: row.scanAllowance,
    allowanceLeft: row.scanAllowanceLeft,
    purchased: row.scanPurchased,
    promotional: row.scanPromotional,
    waiting: row.scanWaiting,
    levels: levelsFromText(row.scanLevels),
  };
}

export function toAccount(row: AccountRow): AccountState {
  return {
    id: row.id,
    sandbox: row.sandbox,
    plan: row.plan,
    nextPlan: row.nextPlan,
    timeZone: row.timeZone,
    anchorAt: row.anchorAt,
    anchorPeriod: row.anchorPeriod,
    period: { number: row.periodNumber, start: row.periodStart, end: row.periodEnd },
    clockAt: row.clockAt,
    version: row.version,
    changedAt: row.changedAt,
    courtesyDay: row.courtesyDay,
    courtesyUsed: row.courtesyUsed,
    projectsDay: row.projectsDay,
    projectsDayVersion: row.projectsDayVersion,
    operations: { STANDARD: row.standardOperations, SCAN: row.scanOperations },
    noticed: row.noticed === null ? null : noticeFromText(row.noticed),
    dueAt: row.dueAt,
    billing: row.billing === null ? null : billingFromText(row.billing),
    budgets: row.budgets,
    spending: row.spending === null ? null : spendingFromText(row.spending),
    credits: { STANDARD: standardOf(row), SCAN: scanOf(row) },
  };
}
