import type { Ledger } from '../ledger/core/ledger.js';
import type { ProviderName, RefundState } from '../ledger/core/purchase.js';
import { BILLING } from './billing-actor.js';
import { type PaymentProvider, PaymentsDown } from './payment-provider.js';

export interface SendRefundDeps {
  readonly ledger: Pick<Ledger, 'submit'>;
  /** The provider of a name; null: it is not configured. */
  readonly providerOf: (name: ProviderName) => PaymentProvider | null;
}

/**
 * Has the provider send money back, and has that remembered. Safe to repeat: the provider acts once under the refund's id.
 *
 * @throws PaymentsDown, LedgerUnavailable: it is sent by a job later
 * Source: docs/domain.md, Plans, packs, payments, refunds
 */
export async function sendRefund({ ledger, providerOf }: SendRefundDeps, refund: RefundState): Promise<void> {
  const provider = providerOf(refund.provider);
  if (provider === null)
    throw new PaymentsDown(`${refund.provider} is not configured, and money has to go back through it`);
  const { accountId, id: refundId, orderKind: kind, orderId, paymentId, amountMinor, currency } = refund;
  const { ref } = await provider.refund({
    accountId,
    kind,
    orderId,
    refundId,
    paymentId,
    price: { amountMinor, currency },
  });
  await ledger.submit({ type: 'send-refund', accountId, actor: BILLING, refundId, ref });
}
