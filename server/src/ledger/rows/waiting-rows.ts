import type { WaitingCredits } from '../core/past.js';
import { describeRow } from './describe-row.js';

export const WAITING = describeRow<WaitingCredits>('waiting_credits', {
  accountId: { column: 'account_id', type: 'uuid', key: true, of: (row) => row.accountId },
  creditType: { column: 'credit_type', type: 'text', key: true, of: (row) => row.creditType },
  version: { column: 'version', type: 'bigint', key: true, of: (row) => row.version },
  waiting: { column: 'waiting', type: 'bigint', of: (row) => row.waiting },
});

export const NEW_WAITING = WAITING.inserted('wc');
