import type { UsageDelta } from '../core/line-deltas.js';
import { describeRow } from './describe-row.js';

/** A row of `usage_day`: what was committed of one operation on one day. */
export interface UsageFields extends Omit<UsageDelta, 'project'> {
  /** Empty: none. */
  readonly project: string;
}

export const USAGE = describeRow<UsageFields, UsageDelta>('usage_day', {
  accountId: { column: 'account_id', type: 'uuid', key: true, of: (row) => row.accountId },
  day: { column: 'day', type: 'date', key: true, of: (row) => row.day },
  creditType: { column: 'credit_type', type: 'text', key: true, of: (row) => row.creditType },
  operation: { column: 'operation', type: 'text', key: true, of: (row) => row.operation },
  member: { column: 'member', type: 'text', key: true, of: (row) => row.member },
  project: { column: 'project', type: 'text', key: true, of: (row) => row.project ?? '' },
  feature: { column: 'feature', type: 'text', of: (row) => row.feature },
  type: { column: 'type', type: 'text', of: (row) => row.type },
  credits: { column: 'credits', type: 'bigint', of: (row) => row.credits },
  operations: { column: 'operations', type: 'bigint', of: (row) => row.operations },
});

/** To which project usage was booked. */
export const BOOKED_PROJECT = USAGE.pick('accountId', 'project');

/** What is booked is added to what the day has already. */
export const BOOKED_USAGE = USAGE.inserted('u', {
  onConflict: `ON CONFLICT (account_id, day, credit_type, operation, member, project) DO UPDATE
    SET credits = usage_day.credits + EXCLUDED.credits, operations = usage_day.operations + EXCLUDED.operations`,
});
