import type { PurchaseState } from '../ledger/core/purchase.js';
import type { AccountReader } from '../ledger/graph/read-account.js';
import { titleOf } from './open-purchase-checkout.js';
import { type PaymentFact, PaymentsDown } from './payment-provider.js';
import type { PaymentProviders } from './payment-providers.js';
import { backUrlOf } from './return-url.js';

export interface ChargeTopUpDeps {
  readonly providers: Pick<PaymentProviders, 'of'>;
  readonly accounts: Pick<AccountReader, 'readAll'>;
  /** Where browsers reach this server, without a slash at the end. */
  readonly publicUrl: () => string;
}

/**
 * Charges the saved method for what auto top-up buys. Safe to repeat, also after a crash in between: the method and the price are those of
 * the purchase, its id is the key, and the provider acts once under it.
 *
 * @returns what became of it, to be told to `fulfil`
 * @throws PaymentsDown: nothing is known, ask again
 * Source: docs/domain.md, Auto top-up
 */
export async function chargeTopUp(
  { providers, accounts, publicUrl }: ChargeTopUpDeps,
  purchase: PurchaseState,
): Promise<PaymentFact> {
  const { accountId, id: orderId, methodRef, provider: name, priceMinor, currency, endsAt } = purchase;
  const provider = providers.of(name);
  if (provider === null) throw new PaymentsDown(`${name} is not configured, and is to charge purchase ${orderId}`);
  const [account] = await accounts.readAll([accountId]);
  const customerRef = account?.state.billing?.customerRef ?? null;
  if (methodRef === null || customerRef === null) throw new TypeError(`purchase ${orderId} is not charged by itself`);
  return provider.charge({
    accountId,
    kind: 'purchase',
    orderId,
    title: titleOf(purchase),
    price: { amountMinor: priceMinor, currency },
    customerRef,
    methodRef,
    returnUrl: backUrlOf(purchase, publicUrl()),
    expiresAt: endsAt,
  });
}
