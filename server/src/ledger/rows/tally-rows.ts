import type { TallyState } from '../core/budget.js';
import { COUNTERS_TEXT, countersFromText } from './counters-text.js';
import { describeRow, type RawOf } from './describe-row.js';
import { byId, type OwnedKind } from './owned-kind.js';

/** A row of `budget_tally`: the counters of one member, or of all. */
export const TALLY = describeRow<TallyState, TallyState, 'counters' | 'changedAt'>('budget_tally', {
  accountId: { column: 'account_id', type: 'uuid', key: true, of: ({ accountId }) => accountId },
  id: { column: 'tally_id', type: 'uuid', key: true, of: ({ id }) => id },
  member: { column: 'member', type: 'text', of: ({ member }) => member },
  counters: { column: 'counters', type: 'text', form: COUNTERS_TEXT, of: ({ counters }) => counters, changes: true },
  changedAt: { column: 'changed_at', type: 'timestamptz', of: ({ changedAt }) => changedAt, changes: true },
});

export function toTally(raw: RawOf<TallyState>): TallyState {
  const { accountId, id, member, counters, changedAt } = raw;
  return { accountId, id, member, counters: countersFromText(counters), changedAt };
}

/** Tallies of accounts: looked for by their members, once a budget may need them. */
export const TALLIES: OwnedKind<TallyState, TallyState, RawOf<TallyState>> = {
  description: TALLY,
  created: TALLY.inserted('tally'),
  changed: TALLY.changed('tallies'),
  toWrite: (_accountId, tally) => tally,
  byId: byId('tallies', TALLY),
  withAccount: null,
  read: (rows) => TALLY.read(rows),
  toRow: toTally,
  isKept: () => true,
};
