import type { RefundState } from '../core/purchase.js';
import { describeRow, type RawOf } from './describe-row.js';
import { byId, type OwnedKind } from './owned-kind.js';

/** A row of `refund`: money of a payment that goes back. */
export const REFUND = describeRow<RefundState, RefundState, 'ref' | 'version'>('refund', {
  accountId: { column: 'account_id', type: 'uuid', key: true, of: ({ accountId }) => accountId },
  id: { column: 'refund_id', type: 'uuid', key: true, of: ({ id }) => id },
  orderKind: { column: 'order_kind', type: 'text', of: ({ orderKind }) => orderKind },
  orderId: { column: 'order_id', type: 'uuid', of: ({ orderId }) => orderId },
  provider: { column: 'provider', type: 'text', of: ({ provider }) => provider },
  paymentId: { column: 'payment_id', type: 'text', of: ({ paymentId }) => paymentId },
  amountMinor: { column: 'amount_minor', type: 'bigint', of: ({ amountMinor }) => amountMinor },
  currency: { column: 'currency', type: 'text', of: ({ currency }) => currency },
  reason: { column: 'reason', type: 'text', of: ({ reason }) => reason },
  ref: { column: 'ref', type: 'text', nullable: true, of: ({ ref }) => ref, changes: true },
  version: { column: 'version', type: 'bigint', of: ({ version }) => version, changes: true },
  createdAt: { column: 'created_at', type: 'timestamptz', of: ({ createdAt }) => createdAt },
});

/** Refunds of accounts: loaded when they are named. */
export const REFUNDS: OwnedKind<RefundState, RefundState, RawOf<RefundState>> = {
  description: REFUND,
  created: REFUND.inserted('m'),
  changed: REFUND.changed('n'),
  toWrite: (_accountId, refund) => refund,
  byId: byId('refunds', REFUND),
  withAccount: null,
  read: (rows) => REFUND.read(rows),
  toRow: (raw) => ({ ...raw }),
  isKept: () => false,
};
