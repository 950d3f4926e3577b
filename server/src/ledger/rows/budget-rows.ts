import type { BudgetState } from '../core/budget.js';
import { describeRow, type RawOf } from './describe-row.js';
import { byId, type OwnedKind } from './owned-kind.js';

/** A row of `budget`: removed ones stay, since holds and answers under keys may name them. */
export const BUDGET = describeRow<BudgetState, BudgetState, 'name' | 'limit' | 'hard' | 'removedVersion' | 'version'>(
  'budget',
  {
    accountId: { column: 'account_id', type: 'uuid', key: true, of: ({ accountId }) => accountId },
    id: { column: 'budget_id', type: 'uuid', key: true, of: ({ id }) => id },
    number: { column: 'number', type: 'bigint', of: ({ number }) => number },
    name: { column: 'name', type: 'text', of: ({ name }) => name, changes: true },
    creditType: { column: 'credit_type', type: 'text', of: ({ creditType }) => creditType },
    project: { column: 'project', type: 'text', nullable: true, of: ({ project }) => project },
    member: { column: 'member', type: 'text', nullable: true, of: ({ member }) => member },
    eachMember: { column: 'each_member', type: 'boolean', of: ({ eachMember }) => eachMember },
    feature: { column: 'feature', type: 'text', nullable: true, of: ({ feature }) => feature },
    type: { column: 'type', type: 'text', nullable: true, of: ({ type }) => type },
    window: { column: 'window_kind', type: 'text', of: ({ window }) => window },
    limit: { column: 'limit_credits', type: 'bigint', of: ({ limit }) => limit, changes: true },
    hard: { column: 'hard', type: 'boolean', of: ({ hard }) => hard, changes: true },
    setAside: { column: 'set_aside', type: 'boolean', of: ({ setAside }) => setAside },
    removedVersion: {
      column: 'removed_version',
      type: 'bigint',
      nullable: true,
      of: ({ removedVersion }) => removedVersion,
      changes: true,
    },
    version: { column: 'version', type: 'bigint', of: ({ version }) => version, changes: true },
    createdAt: { column: 'created_at', type: 'timestamptz', of: ({ createdAt }) => createdAt },
  },
);

/** Budgets of accounts: those in force are loaded with accounts whose head says that there are some. */
export const BUDGETS: OwnedKind<BudgetState, BudgetState, RawOf<BudgetState>> = {
  description: BUDGET,
  created: BUDGET.inserted('budget'),
  changed: BUDGET.changed('budgets'),
  toWrite: (_accountId, budget) => budget,
  byId: byId('budgets', BUDGET),
  withAccount: null,
  read: (rows) => BUDGET.read(rows),
  toRow: (raw) => ({ ...raw }),
  isKept: ({ removedVersion }) => removedVersion === null,
};
