import type { SpendingState } from '../core/spending.js';
import { describeRow, type RawOf } from './describe-row.js';
import { byId, type OwnedKind } from './owned-kind.js';
import { HOURS_TEXT, hoursFromText } from './spending-text.js';

/** A row of `spending`: the hours in which an account spent. */
export const SPENDING = describeRow<
  SpendingState,
  SpendingState,
  'hours' | 'toldStandardAt' | 'toldScanAt' | 'changedAt'
>('spending', {
  accountId: { column: 'account_id', type: 'uuid', key: true, of: ({ accountId }) => accountId },
  id: { column: 'spending_id', type: 'uuid', key: true, of: ({ id }) => id },
  hours: { column: 'hours', type: 'text', form: HOURS_TEXT, of: ({ hours }) => hours, changes: true },
  toldStandardAt: {
    column: 'told_standard_at',
    type: 'timestamptz',
    nullable: true,
    of: ({ toldStandardAt }) => toldStandardAt,
    changes: true,
  },
  toldScanAt: {
    column: 'told_scan_at',
    type: 'timestamptz',
    nullable: true,
    of: ({ toldScanAt }) => toldScanAt,
    changes: true,
  },
  changedAt: { column: 'changed_at', type: 'timestamptz', of: ({ changedAt }) => changedAt, changes: true },
});

export function toSpending(raw: RawOf<SpendingState>): SpendingState {
  const { accountId, id, hours, toldStandardAt, toldScanAt, changedAt } = raw;
  return { accountId, id, hours: hoursFromText(hours), toldStandardAt, toldScanAt, changedAt };
}

/** Hours of accounts: read once an hour, so that no cache keeps them. */
export const SPENDINGS: OwnedKind<SpendingState, SpendingState, RawOf<SpendingState>> = {
  description: SPENDING,
  created: SPENDING.inserted('spending'),
  changed: SPENDING.changed('spendings'),
  toWrite: (_accountId, spending) => spending,
  byId: byId('spendings', SPENDING),
  withAccount: null,
  read: (rows) => SPENDING.read(rows),
  toRow: toSpending,
  isKept: () => false,
};
