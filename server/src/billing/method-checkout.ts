import { uuidOf } from './derived-id.js';
import { PaymentsDown } from './payment-provider.js';
import type { PaymentProviders } from './payment-providers.js';
import { absolute } from './show-purchase.js';
import { backUrlOf } from './return-url.js';
import { forbidden, unavailable } from '../kit/errors.js';
import type { AccountSnapshot } from '../ledger/graph/account-snapshot.js';

export interface MethodCheckoutDeps {
  readonly providers: PaymentProviders;
  /** Where browsers reach this server, without a slash at the end. */
  readonly publicUrl: () => string;
}

/** A checkout ends between one and two of these later. */
const TURN_MS = 12 * 3_600_000;

/**
 * Opens a checkout at which a buyer agrees to have a payment method saved. Nothing is charged.
 *
 * Its id follows from the account, its version and the hour, so that asking again while nothing has changed leads to the same one.
 *
 * @param returnUrl  as `readReturnUrl` gives it
 * @returns its address
 * @throws FORBIDDEN: nobody takes money for this account; UNAVAILABLE: the provider is away, ask again
 * Source: docs/domain.md, Auto top-up
 */
export async function openMethodCheckout(
  { providers, publicUrl }: MethodCheckoutDeps,
  { state, now }: AccountSnapshot,
  returnUrl: string | null,
): Promise<string> {
  const provider = providers.for(state);
  if (provider === null) throw forbidden('Nothing can be paid here yet: no payment provider is set up.');
  const turn = Math.floor(now / TURN_MS);
  const said = [state.id, state.version, turn, returnUrl ?? ''].join(' ');
  try {
    const { url } = await provider.openCheckout({
      accountId: state.id,
      kind: 'method',
      orderId: uuidOf(`method checkout ${said}`),
      title: 'Save a payment method',
      price: null,
      subscribes: null,
      savesMethod: true,
      returnUrl: backUrlOf({ returnUrl }, publicUrl()),
      expiresAt: (turn + 2) * TURN_MS,
      customerRef: state.billing?.customerRef ?? null,
    });
    return absolute(url, publicUrl()) ?? url;
  } catch (error) {
    if (error instanceof PaymentsDown) throw unavailable(1000, error);
    throw error;
  }
}
