import type { PlanPaymentField, PlanPaymentState } from '../core/plan-payment.js';
import { describeRow, type RawOf } from './describe-row.js';
import { byId, type OwnedKind } from './owned-kind.js';

/** A row of `plan_payment`. */
export const PLAN_PAYMENT = describeRow<PlanPaymentState, PlanPaymentState, PlanPaymentField | 'version'>(
  'plan_payment',
  {
    accountId: { column: 'account_id', type: 'uuid', key: true, of: ({ accountId }) => accountId },
    id: { column: 'plan_payment_id', type: 'uuid', key: true, of: ({ id }) => id },
    reason: { column: 'reason', type: 'text', of: ({ reason }) => reason },
    status: { column: 'status', type: 'text', of: ({ status }) => status, changes: true },
    provider: { column: 'provider', type: 'text', of: ({ provider }) => provider },
    plan: { column: 'plan', type: 'text', of: ({ plan }) => plan },
    planBefore: { column: 'plan_before', type: 'text', of: ({ planBefore }) => planBefore },
    priceMinor: { column: 'price_minor', type: 'bigint', of: ({ priceMinor }) => priceMinor },
    currency: { column: 'currency', type: 'text', of: ({ currency }) => currency },
    askedBy: { column: 'asked_by', type: 'text', of: ({ askedBy }) => askedBy },
    returnUrl: { column: 'return_url', type: 'text', nullable: true, of: ({ returnUrl }) => returnUrl },
    methodRef: { column: 'method_ref', type: 'text', nullable: true, of: ({ methodRef }) => methodRef },
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
    periodNumber: {
      column: 'period_number',
      type: 'integer',
      nullable: true,
      of: ({ periodNumber }) => periodNumber,
      changes: true,
    },
    version: { column: 'version', type: 'bigint', of: ({ version }) => version, changes: true },
    createdAt: { column: 'created_at', type: 'timestamptz', of: ({ createdAt }) => createdAt },
    endsAt: { column: 'ends_at', type: 'timestamptz', of: ({ endsAt }) => endsAt },
    paidAt: { column: 'paid_at', type: 'timestamptz', nullable: true, of: ({ paidAt }) => paidAt, changes: true },
    isSettled: { column: 'is_settled', type: 'boolean', of: ({ isSettled }) => isSettled, changes: true },
  },
);

/** Payments for plans: loaded when they are named; the head says which is open. */
export const PLAN_PAYMENTS: OwnedKind<PlanPaymentState, PlanPaymentState, RawOf<PlanPaymentState>> = {
  description: PLAN_PAYMENT,
  created: PLAN_PAYMENT.inserted('y'),
  changed: PLAN_PAYMENT.changed('z'),
  toWrite: (_accountId, payment) => payment,
  byId: byId('plan_payments', PLAN_PAYMENT),
  withAccount: null,
  read: (rows) => PLAN_PAYMENT.read(rows),
  toRow: (raw) => ({ ...raw }),
  isKept: () => false,
};
