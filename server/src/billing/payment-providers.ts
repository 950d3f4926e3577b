import type { ProviderName } from '../ledger/core/purchase.js';
import type { PaymentProvider } from './payment-provider.js';

/** The providers of this deployment, and the one place where an account gets its own. */
export class PaymentProviders {
  private readonly byName: ReadonlyMap<ProviderName, PaymentProvider>;

  constructor(providers: readonly PaymentProvider[]) {
    this.byName = new Map(providers.map((provider) => [provider.name, provider]));
  }

  /** @returns null: it is not configured */
  of(name: ProviderName): PaymentProvider | null {
    return this.byName.get(name) ?? null;
  }

  /** Who takes an account's money: the sandbox's own provider, or for live accounts the one that is configured; null: nobody. */
  for({ sandbox }: { readonly sandbox: boolean }): PaymentProvider | null {
    return this.of(sandbox ? 'sandbox' : 'stripe');
  }
}
