import type { Ledger } from '../ledger/core/ledger.js';
import type { PurchaseState } from '../ledger/core/purchase.js';
import { creditsIn } from '../ledger/core/credits-text.js';
import { BILLING } from './billing-actor.js';
import { PaymentsDown } from './payment-provider.js';
import type { PaymentProviders } from './payment-providers.js';

export interface OpenCheckoutDeps {
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly providers: Pick<PaymentProviders, 'of'>;
  /** Where browsers reach this server, without a slash at the end. */
  readonly publicUrl: () => string;
}

/** What a buyer reads of a pack: `220 credits`. */
export function titleOf({ credits, bonusCredits, creditType }: PurchaseState): string {
  return creditsIn(credits + bonusCredits, creditType);
}

/**
 * Opens the checkout of a purchase at its provider and remembers it. Safe to repeat, also after a crash in between: the provider answers
 * the same checkout for the same purchase.
 *
 * @param customerRef  the provider's customer that the account is, if there is one
 * @returns the purchase with its checkout
 * @throws PaymentsDown, LedgerUnavailable: repeated by whoever asks again, and by a job
 */
export async function openPurchaseCheckout(
  { ledger, providers, publicUrl }: OpenCheckoutDeps,
  purchase: PurchaseState,
  customerRef: string | null,
): Promise<PurchaseState> {
  const provider = providers.of(purchase.provider);
  if (provider === null) throw new PaymentsDown(`${purchase.provider} is not configured`);
  const { accountId, id: orderId } = purchase;
  const opened = await provider.openCheckout({
    accountId,
    kind: 'purchase',
    orderId,
    title: titleOf(purchase),
    price: { amountMinor: purchase.priceMinor, currency: purchase.currency },
    subscribes: null,
    savesMethod: purchase.savesMethod,
    returnUrl: purchase.returnUrl ?? `${publicUrl()}/billing`,
    expiresAt: purchase.endsAt,
    customerRef,
  });
  const outcome = await ledger.submit({
    type: 'open-checkout',
    accountId,
    actor: BILLING,
    purchaseId: orderId,
    ...opened,
  });
  if (outcome.kind !== 'settled') throw new TypeError(`purchase ${orderId} is not there`);
  return outcome.purchase;
}
