import { isOpenPurchase, type PurchaseField, type PurchaseState } from '../core/purchase.js';
import { describeRow, type RawOf } from './describe-row.js';
import { byId, type OwnedKind } from './owned-kind.js';

/** A row of `purchase`. */
export const PURCHASE = describeRow<PurchaseState, PurchaseState, PurchaseField | 'version'>('purchase', {
  accountId: { column: 'account_id', type: 'uuid', key: true, of: ({ accountId }) => accountId },
  id: { column: 'purchase_id', type: 'uuid', key: true, of: ({ id }) => id },
  origin: { column: 'origin', type: 'text', of: ({ origin }) => origin },
  status: { column: 'status', type: 'text', of: ({ status }) => status, changes: true },
  provider: { column: 'provider', type: 'text', of: ({ provider }) => provider },
  packId: { column: 'pack_id', type: 'text', of: ({ packId }) => packId },
  packName: { column: 'pack_name', type: 'text', of: ({ packName }) => packName },
  creditType: { column: 'credit_type', type: 'text', of: ({ creditType }) => creditType },
  credits: { column: 'credits', type: 'bigint', of: ({ credits }) => credits },
  bonusCredits: { column: 'bonus_credits', type: 'bigint', of: ({ bonusCredits }) => bonusCredits },
  priceMinor: { column: 'price_minor', type: 'bigint', of: ({ priceMinor }) => priceMinor },
  currency: { column: 'currency', type: 'text', of: ({ currency }) => currency },
  expiresAfterMonths: {
    column: 'expires_after_months',
    type: 'integer',
    nullable: true,
    of: ({ expiresAfterMonths }) => expiresAfterMonths,
  },
  refundWindowDays: { column: 'refund_window_days', type: 'integer', of: ({ refundWindowDays }) => refundWindowDays },
  boughtBy: { column: 'bought_by', type: 'text', of: ({ boughtBy }) => boughtBy },
  returnUrl: { column: 'return_url', type: 'text', nullable: true, of: ({ returnUrl }) => returnUrl },
  savesMethod: { column: 'saves_method', type: 'boolean', of: ({ savesMethod }) => savesMethod },
  methodRef: { column: 'method_ref', type: 'text', nullable: true, of: ({ methodRef }) => methodRef },
  periodNumber: {
    column: 'period_number',
    type: 'integer',
    nullable: true,
    of: ({ periodNumber }) => periodNumber,
  },
  checkoutRef: {
    column: 'checkout_ref',
    type: 'text',
    nullable: true,
    of: ({ checkoutRef }) => checkoutRef,
    changes: true,
  },
  checkoutUrl: {
    column: 'checkout_url',
    type: 'text',
    nullable: true,
    of: ({ checkoutUrl }) => checkoutUrl,
    changes: true,
  },
  needsBuyer: { column: 'needs_buyer', type: 'boolean', of: ({ needsBuyer }) => needsBuyer, changes: true },
  isSettled: { column: 'is_settled', type: 'boolean', of: ({ isSettled }) => isSettled, changes: true },
  declineCode: {
    column: 'decline_code',
    type: 'text',
    nullable: true,
    of: ({ declineCode }) => declineCode,
    changes: true,
  },
  paymentId: { column: 'payment_id', type: 'text', nullable: true, of: ({ paymentId }) => paymentId, changes: true },
  receiptUrl: {
    column: 'receipt_url',
    type: 'text',
    nullable: true,
    of: ({ receiptUrl }) => receiptUrl,
    changes: true,
  },
  grantId: { column: 'grant_id', type: 'uuid', nullable: true, of: ({ grantId }) => grantId, changes: true },
  bonusGrantId: {
    column: 'bonus_grant_id',
    type: 'uuid',
    nullable: true,
    of: ({ bonusGrantId }) => bonusGrantId,
    changes: true,
  },
  restoredGrantId: {
    column: 'restored_grant_id',
    type: 'uuid',
    nullable: true,
    of: ({ restoredGrantId }) => restoredGrantId,
    changes: true,
  },
  restoredBonusGrantId: {
    column: 'restored_bonus_grant_id',
    type: 'uuid',
    nullable: true,
    of: ({ restoredBonusGrantId }) => restoredBonusGrantId,
    changes: true,
  },
  refundedCredits: {
    column: 'refunded_credits',
    type: 'bigint',
    of: ({ refundedCredits }) => refundedCredits,
    changes: true,
  },
  refundRevoked: { column: 'refund_revoked', type: 'bigint', of: ({ refundRevoked }) => refundRevoked, changes: true },
  refundRevokedBonus: {
    column: 'refund_revoked_bonus',
    type: 'bigint',
    of: ({ refundRevokedBonus }) => refundRevokedBonus,
    changes: true,
  },
  refundedMinor: { column: 'refunded_minor', type: 'bigint', of: ({ refundedMinor }) => refundedMinor, changes: true },
  disputeId: { column: 'dispute_id', type: 'text', nullable: true, of: ({ disputeId }) => disputeId, changes: true },
  disputedMinor: { column: 'disputed_minor', type: 'bigint', of: ({ disputedMinor }) => disputedMinor, changes: true },
  unrecoveredMinor: {
    column: 'unrecovered_minor',
    type: 'bigint',
    of: ({ unrecoveredMinor }) => unrecoveredMinor,
    changes: true,
  },
  version: { column: 'version', type: 'bigint', of: ({ version }) => version, changes: true },
  createdAt: { column: 'created_at', type: 'timestamptz', of: ({ createdAt }) => createdAt },
  endsAt: { column: 'ends_at', type: 'timestamptz', of: ({ endsAt }) => endsAt },
  paidAt: { column: 'paid_at', type: 'timestamptz', nullable: true, of: ({ paidAt }) => paidAt, changes: true },
  expiresAt: {
    column: 'expires_at',
    type: 'timestamptz',
    nullable: true,
    of: ({ expiresAt }) => expiresAt,
    changes: true,
  },
});

export function toPurchase(row: RawOf<PurchaseState>): PurchaseState {
  return { ...row };
}

/** Purchases of accounts: those that nobody has paid yet come with their account, since they end. */
export const PURCHASES: OwnedKind<PurchaseState, PurchaseState, RawOf<PurchaseState>> = {
  description: PURCHASE,
  created: PURCHASE.inserted('p'),
  changed: PURCHASE.changed('q'),
  toWrite: (_accountId, purchase) => purchase,
  byId: byId('purchases', PURCHASE),
  withAccount: {
    name: 'ledger_open_purchases',
    text: `/* ledger.open_purchases */ SELECT ${PURCHASE.select('p')} FROM purchase p WHERE p.account_id = ANY($1::uuid[]) AND p.status = 'PENDING'`,
  },
  read: (rows) => PURCHASE.read(rows),
  toRow: toPurchase,
  isKept: isOpenPurchase,
};
