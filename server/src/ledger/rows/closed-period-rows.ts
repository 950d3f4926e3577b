import type { ClosedPeriod } from '../core/past.js';
import { describeRow } from './describe-row.js';

export const CLOSED_PERIOD = describeRow<ClosedPeriod>('closed_period', {
  accountId: { column: 'account_id', type: 'uuid', key: true, of: (row) => row.accountId },
  number: { column: 'number', type: 'integer', key: true, of: (row) => row.number },
  start: { column: 'start_at', type: 'timestamptz', of: (row) => row.start },
  end: { column: 'end_at', type: 'timestamptz', of: (row) => row.end },
  plan: { column: 'plan', type: 'text', of: (row) => row.plan },
  version: { column: 'version', type: 'bigint', of: (row) => row.version },
  ordinal: { column: 'ordinal', type: 'integer', of: (row) => row.ordinal },
  standardOperations: { column: 'standard_operations', type: 'bigint', of: (row) => row.standardOperations },
  scanOperations: { column: 'scan_operations', type: 'bigint', of: (row) => row.scanOperations },
});

export const NEW_CLOSED_PERIOD = CLOSED_PERIOD.inserted('cp');
