import { changedAccount, type Changes, copyCredits } from '../core/changed-state.js';
import type { AccountState, CreditState } from '../core/state.js';
import { ACCOUNT } from './account-rows.js';
import { changedAccountTable, WHOLE_ACCOUNT } from './account-tables.js';

const CREDITS: CreditState = {
  granted: 1,
  available: 2,
  held: 3,
  spent: 4,
  expired: 5,
  refunded: 6,
  revoked: 7,
  used: 8,
  allowance: 9,
  allowanceLeft: 10,
  purchased: 11,
  promotional: 12,
  waiting: 13,
  levels: [],
};
const RULE = { level: 'LOW', percent: 20, credits: null, base: 100, firedAt: null } as const;
const BEFORE: AccountState = {
  id: 'a',
  sandbox: true,
  plan: 'FREE',
  timeZone: 'UTC',
  anchorAt: 1,
  anchorPeriod: 2,
  period: { number: 3, start: 4, end: 5 },
  clockAt: 6,
  version: 7,
  changedAt: 8,
  courtesyDay: '2026-01-01',
  courtesyUsed: 9,
  projectsDay: '2026-01-01',
  projectsDayVersion: 10,
  operations: { STANDARD: 12, SCAN: 13 },
  noticed: null,
  dueAt: 11,
  nextPlan: null,
  billing: null,
  budgets: 0,
  spending: null,
  credits: { STANDARD: CREDITS, SCAN: CREDITS },
};

const withCredits = (type: 'STANDARD' | 'SCAN', changes: Changes<CreditState>): AccountState =>
  changedAccount(BEFORE, { credits: { ...BEFORE.credits, [type]: { ...copyCredits(CREDITS), ...changes } } });

/** Heads that differ from `BEFORE` in one field each, by that field: every one that may change. */
const CHANGED: Readonly<Record<string, AccountState>> = {
  ...Object.fromEntries(
    (['STANDARD', 'SCAN'] as const).flatMap((type) =>
      Object.keys(CREDITS).map((field) => {
        const changes = field === 'levels' ? { levels: [RULE] } : { [field]: 100 };
        return [`${type.toLowerCase()}${field.charAt(0).toUpperCase()}${field.slice(1)}`, withCredits(type, changes)];
      }),
    ),
  ),
  plan: changedAccount(BEFORE, { plan: 'PRO' }),
  nextPlan: changedAccount(BEFORE, { nextPlan: 'PRO' }),
  noticed: changedAccount(BEFORE, { noticed: { at: 1, createdAt: 0, grantId: 'g' } }),
  billing: changedAccount(BEFORE, { billing: { customerRef: 'c', method: null, subscription: null, topUps: {} } }),
  budgets: changedAccount(BEFORE, { budgets: 1 }),
  spending: changedAccount(BEFORE, { spending: { hour: 0, version: 1, before: { STANDARD: 0, SCAN: 0 }, since: 1 } }),
  timeZone: changedAccount(BEFORE, { timeZone: 'Europe/Berlin' }),
  anchorAt: changedAccount(BEFORE, { anchorAt: 100 }),
  anchorPeriod: changedAccount(BEFORE, { anchorPeriod: 100 }),
  periodNumber: changedAccount(BEFORE, { period: { ...BEFORE.period, number: 100 } }),
  periodStart: changedAccount(BEFORE, { period: { ...BEFORE.period, start: 100 } }),
  periodEnd: changedAccount(BEFORE, { period: { ...BEFORE.period, end: 100 } }),
  clockAt: changedAccount(BEFORE, { clockAt: null }),
  version: changedAccount(BEFORE, { version: 100 }),
  changedAt: changedAccount(BEFORE, { changedAt: 100 }),
  courtesyDay: changedAccount(BEFORE, { courtesyDay: null }),
  courtesyUsed: changedAccount(BEFORE, { courtesyUsed: 100 }),
  projectsDay: changedAccount(BEFORE, { projectsDay: null }),
  projectsDayVersion: changedAccount(BEFORE, { projectsDayVersion: 100 }),
  dueAt: changedAccount(BEFORE, { dueAt: 100 }),
  standardOperations: changedAccount(BEFORE, { operations: { STANDARD: 100, SCAN: 13 } }),
  scanOperations: changedAccount(BEFORE, { operations: { STANDARD: 12, SCAN: 100 } }),
};

test.each(ACCOUNT.columns.filter(({ part }) => part !== null).map((column) => [column.field, column] as const))(
  'a change of %s alone is written',
  (field, { name, of }) => {
    if (field === 'keptDigest') return;
    const head = CHANGED[field] as AccountState;
    expect(of?.({ head, keptDigest: 0 })).not.toEqual(of?.({ head: BEFORE, keptDigest: 0 }));
    const { columns } = changedAccountTable([{ before: BEFORE, head, keptDigest: 0 }]);
    expect(columns.map((column) => column.name)).toContain(name);
  },
);

test('version, digest and next end are written with whatever changes, and the rest only if it did', () => {
  const { columns, keys, expected } = changedAccountTable([{ before: BEFORE, head: BEFORE, keptDigest: 1 }]);
  expect(columns.map(({ name }) => name)).toEqual([
    'account_id',
    'expected_version',
    'version',
    'changed_at',
    'due_at',
    'kept_digest',
  ]);
  expect([keys, expected]).toEqual([1, ['version']]);
  expect(WHOLE_ACCOUNT.columns).toHaveLength(ACCOUNT.columns.length);
});
