import type { AccountCard, AccountState } from '../core/state.js';
import { ACCOUNT, type AccountPart, type ChangedAccount, type NewAccount } from './account-rows.js';
import { describeRow, written } from './describe-row.js';
import type { Column, Table } from './write-statement.js';

type Sometimes = Exclude<AccountPart, 'always'>;

/** Whether a part has to be written. Each field of the account is compared here, by itself or with what holds it. */
const CHANGED: Readonly<Record<Sometimes, (change: ChangedAccount) => boolean>> = {
  standard: ({ before, head }) => before.credits.STANDARD !== head.credits.STANDARD,
  scan: ({ before, head }) => before.credits.SCAN !== head.credits.SCAN,
  levels: ({ before, head }) =>
    before.credits.STANDARD.levels !== head.credits.STANDARD.levels ||
    before.credits.SCAN.levels !== head.credits.SCAN.levels,
  operations: ({ before, head }) => before.operations !== head.operations,
  rare: ({ before, head }) =>
    before.period !== head.period ||
    before.clockAt !== head.clockAt ||
    before.courtesyUsed !== head.courtesyUsed ||
    before.noticed !== head.noticed ||
    before.spending !== head.spending ||
    before.courtesyDay !== head.courtesyDay ||
    before.projectsDay !== head.projectsDay ||
    before.projectsDayVersion !== head.projectsDayVersion ||
    before.plan !== head.plan ||
    before.timeZone !== head.timeZone ||
    before.anchorAt !== head.anchorAt ||
    before.anchorPeriod !== head.anchorPeriod ||
    before.nextPlan !== head.nextPlan ||
    before.billing !== head.billing ||
    before.budgets !== head.budgets,
};
const PARTS = Object.keys(CHANGED) as Sometimes[];

const partsOf = (parts: ReadonlySet<AccountPart>): Column<NewAccount>[] =>
  written(ACCOUNT.columns.filter(({ part }) => part !== null && parts.has(part as AccountPart)));

function changedTable(code: string, parts: readonly Sometimes[]): Table<ChangedAccount> {
  return {
    code,
    name: ACCOUNT.table,
    keys: 1,
    expected: ['version'],
    columns: [
      ...written(ACCOUNT.columns.filter(({ isKey }) => isKey)),
      { name: 'expected_version', type: 'bigint', of: ({ before }) => before.version },
      ...partsOf(new Set<AccountPart>(['always', ...parts])),
    ],
  };
}

const changedAccountTables = new Map<number, Table<ChangedAccount>>();

/** The hot rows with what changed on any of them; one of 32 shapes. */
export function changedAccountTable(changes: readonly ChangedAccount[]): Table<ChangedAccount> {
  let mask = 0;
  PARTS.forEach((part, bit) => {
    if (changes.some(CHANGED[part])) mask |= 1 << bit;
  });
  let table = changedAccountTables.get(mask);
  if (!table) {
    table = changedTable(
      `a${mask}`,
      PARTS.filter((_, bit) => mask & (1 << bit)),
    );
    changedAccountTables.set(mask, table);
  }
  return table;
}

/** Every column of the hot row that a batch may change. */
export const WHOLE_ACCOUNT: Table<ChangedAccount> = changedTable('w', PARTS);

export const NEW_ACCOUNT: Table<NewAccount> = ACCOUNT.inserted('b');

/** A row of `account`, which `accounts/` reads: what about an account never moves with its credits. */
interface CardFields extends AccountCard {
  /** By the database's clock. */
  readonly createdAt: number;
}

export const CARD = describeRow<CardFields, AccountCard>('account', {
  accountId: { column: 'account_id', type: 'uuid', key: true, of: (card) => card.accountId },
  externalId: { column: 'external_id', type: 'text', nullable: true, of: (card) => card.externalId },
  name: { column: 'name', type: 'text', of: (card) => card.name },
  sandbox: { column: 'sandbox', type: 'boolean', of: (card) => card.sandbox },
  createdBy: { column: 'created_by', type: 'text', of: (card) => card.createdBy },
  createdAt: { column: 'created_at', type: 'timestamptz', of: null },
});
export const ACCOUNT_CARD: Table<AccountCard> = CARD.inserted('c');

/** When something of a live account ends next; a sandbox account's clock moves only by command. */
export const NEXT_END = describeRow<Pick<AccountState, 'id' | 'dueAt'>>('account_due', {
  id: { column: 'account_id', type: 'uuid', key: true, of: (head) => head.id },
  dueAt: { column: 'due_at', type: 'timestamptz', of: (head) => head.dueAt },
});
export const DUE: Table<Pick<AccountState, 'id' | 'dueAt'>> = NEXT_END.inserted('d', {
  onConflict: 'ON CONFLICT (account_id) DO UPDATE SET due_at = EXCLUDED.due_at',
});
