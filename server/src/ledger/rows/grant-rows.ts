import type { Buckets, GrantState } from '../core/state.js';
import { describeRow, type RawOf } from './describe-row.js';
import { byId, type OwnedKind } from './owned-kind.js';

/** A grant and the account that owns it, as it is written. */
export interface OwnedGrant {
  readonly accountId: string;
  readonly grant: GrantState;
}

/** A row of `credit_grant`. */
export interface GrantFields extends GrantState {
  readonly accountId: string;
  readonly isOpen: boolean;
}

/** Something is left or held. Open grants are loaded with their account and stay in a lane's cache, others do neither. */
export function isOpenGrant({ available, held }: GrantState): boolean {
  return available > 0 || held > 0;
}

type Changing = Exclude<keyof Buckets, 'granted'> | 'isOpen' | 'waits' | 'recalled';

export const GRANT = describeRow<GrantFields, OwnedGrant, Changing>('credit_grant', {
  accountId: { column: 'account_id', type: 'uuid', key: true, of: ({ accountId }) => accountId },
  id: { column: 'grant_id', type: 'uuid', key: true, of: ({ grant }) => grant.id },
  creditType: { column: 'credit_type', type: 'text', of: ({ grant }) => grant.creditType },
  source: { column: 'source', type: 'text', of: ({ grant }) => grant.source },
  priority: { column: 'priority', type: 'integer', of: ({ grant }) => grant.priority },
  granted: { column: 'granted', type: 'bigint', of: ({ grant }) => grant.granted },
  available: { column: 'available', type: 'bigint', of: ({ grant }) => grant.available, changes: true },
  held: { column: 'held', type: 'bigint', of: ({ grant }) => grant.held, changes: true },
  spent: { column: 'spent', type: 'bigint', of: ({ grant }) => grant.spent, changes: true },
  expired: { column: 'expired', type: 'bigint', of: ({ grant }) => grant.expired, changes: true },
  refunded: { column: 'refunded', type: 'bigint', of: ({ grant }) => grant.refunded, changes: true },
  revoked: { column: 'revoked', type: 'bigint', of: ({ grant }) => grant.revoked, changes: true },
  isOpen: { column: 'is_open', type: 'boolean', of: ({ grant }) => isOpenGrant(grant), changes: true },
  effectiveAt: { column: 'effective_at', type: 'timestamptz', of: ({ grant }) => grant.effectiveAt },
  expiresAt: { column: 'expires_at', type: 'timestamptz', nullable: true, of: ({ grant }) => grant.expiresAt },
  createdAt: { column: 'created_at', type: 'timestamptz', of: ({ grant }) => grant.createdAt },
  periodNumber: { column: 'period_number', type: 'integer', nullable: true, of: ({ grant }) => grant.periodNumber },
  reason: { column: 'reason', type: 'text', nullable: true, of: ({ grant }) => grant.reason },
  purchaseId: { column: 'purchase_id', type: 'uuid', nullable: true, of: ({ grant }) => grant.purchaseId },
  waits: { column: 'waits', type: 'boolean', of: ({ grant }) => grant.waits, changes: true },
  recalled: { column: 'recalled', type: 'boolean', of: ({ grant }) => grant.recalled, changes: true },
});

export type GrantRow = RawOf<GrantFields>;
export const NEW_GRANT = GRANT.inserted('h');
export const CHANGED_GRANT = GRANT.changed('g');

/** Fields in the order of `copyGrant`, so that both give states of one shape. */
export function toGrant(row: GrantRow): GrantState {
  return {
    id: row.id,
    creditType: row.creditType,
    source: row.source,
    priority: row.priority,
    granted: row.granted,
    available: row.available,
    held: row.held,
    spent: row.spent,
    expired: row.expired,
    refunded: row.refunded,
    revoked: row.revoked,
    effectiveAt: row.effectiveAt,
    expiresAt: row.expiresAt,
    createdAt: row.createdAt,
    periodNumber: row.periodNumber,
    reason: row.reason,
    purchaseId: row.purchaseId,
    waits: row.waits,
    recalled: row.recalled,
  };
}

/** Grants of accounts: the open ones come with their account. */
export const GRANTS: OwnedKind<GrantState, OwnedGrant, GrantRow> = {
  description: GRANT,
  created: NEW_GRANT,
  changed: CHANGED_GRANT,
  toWrite: (accountId, grant) => ({ accountId, grant }),
  byId: byId('grants', GRANT),
  withAccount: {
    name: 'ledger_open_grants',
    text: `/* ledger.open_grants */ SELECT ${GRANT.select('g')} FROM credit_grant g WHERE g.account_id = ANY($1::uuid[]) AND g.is_open`,
  },
  read: (rows) => GRANT.read(rows),
  toRow: toGrant,
  isKept: isOpenGrant,
};
