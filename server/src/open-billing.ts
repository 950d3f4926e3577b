import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { fulfil, type FulfilDeps } from './billing/fulfil.js';
import type { PaymentFact } from './billing/payment-provider.js';
import { MethodRemovals } from './billing/method-removals.js';
import { PaymentProviders } from './billing/payment-providers.js';
import { reconcile, reconcileAccount, type ReconcileDeps } from './billing/reconcile.js';
import { SandboxCheckout } from './billing/sandbox/sandbox-checkout.js';
import { SandboxProvider } from './billing/sandbox/sandbox-provider.js';
import { StripeEvents } from './billing/stripe/stripe-events.js';
import { StripeProvider } from './billing/stripe/stripe-provider.js';
import { takeDelivery } from './billing/stripe/take-delivery.js';
import type { TakeDelivery } from './api/stripe-route.js';
import type { Env } from './env.js';
import { nextUuid } from './kit/next-uuid.js';
import type { Ledger } from './ledger/core/ledger.js';
import type { ProviderName } from './ledger/core/purchase.js';
import type { AccountReader } from './ledger/graph/read-account.js';

export interface BillingOptions {
  readonly dataSource: DataSource;
  /** A pool whose connections see values as `ledgerTypes` says. */
  readonly reader: pg.Pool;
  readonly accounts: AccountReader;
  readonly ledger: Ledger;
  /** Where browsers reach this server, without a slash at the end. */
  readonly publicUrl: () => string;
  readonly onError: (error: unknown, what: string) => void;
  /** Null: nobody takes the money of live accounts. */
  readonly stripe: Env['stripe'];
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Who takes money, and what is done with what they say. */
export interface Billing {
  readonly providers: PaymentProviders;
  readonly removals: MethodRemovals;
  /** The sandbox's checkouts. */
  readonly checkout: SandboxCheckout;
  /** Takes what Stripe delivers; null: Stripe is not configured. */
  readonly takeStripe: TakeDelivery | null;
  /** Does what a fact means; resolves when that is durable. */
  readonly tell: (fact: PaymentFact) => Promise<unknown>;
  /** Finishes what was left open; resolves to how much was looked after. */
  readonly reconcile: (signal?: AbortSignal) => Promise<number>;
  /** Settles what waited for an account's test clock; resolves to whether anything did. */
  readonly clockMoved: (accountId: string) => Promise<boolean>;
}

/** The providers of this deployment and the one way from what they say to the ledger. */
export function openBilling(options: BillingOptions): Billing {
  const { dataSource, ledger, onError, clock } = options;
  const sandbox = new SandboxProvider({ dataSource, nextId: nextUuid });
  const stripe = options.stripe === null ? null : createStripe(options.stripe, clock);
  const providers = new PaymentProviders(stripe === null ? [sandbox] : [sandbox, stripe.provider]);
  const providerOf = (name: ProviderName) => providers.of(name);
  const removals = new MethodRemovals({ ...options, providerOf });
  const deps: FulfilDeps = {
    ledger,
    nextId: nextUuid,
    providerOf,
    removals,
    onUnknown: (fact) =>
      onError(new Error(`a payment provider told of no order of ours: ${describe(fact)}`), 'payments'),
    onError,
  };
  const tell = (fact: PaymentFact): Promise<unknown> => fulfil(deps, fact);
  const left: ReconcileDeps = { ...options, providers, providerOf, removals, tell };
  return {
    providers,
    removals,
    checkout: new SandboxCheckout({ dataSource, nextId: nextUuid, tell }),
    takeStripe:
      stripe && ((body, signature) => takeDelivery({ events: stripe.events, tell, onError, clock }, body, signature)),
    tell,
    reconcile: (signal) => reconcile(left, signal),
    async clockMoved(accountId) {
      try {
        const facts = await sandbox.settleDelayed(accountId);
        for (const fact of facts) await tell(fact);
        return (await reconcileAccount(left, accountId)) || facts.length > 0;
      } catch (error) {
        // The clock has moved all the same; a job looks after the rest.
        onError(error, 'payments');
        return false;
      }
    },
  };
}

function createStripe({ secretKey, webhookSecret, apiUrl }: NonNullable<Env['stripe']>, clock: () => number) {
  const api = apiUrl === null ? {} : { api: apiAt(new URL(apiUrl)) };
  const provider = new StripeProvider({ secretKey, clock, ...api });
  return { provider, events: new StripeEvents({ provider, webhookSecret, livemode: secretKey.includes('_live_') }) };
}

function apiAt({ hostname: host, port, protocol: scheme }: URL) {
  const protocol = scheme === 'http:' ? 'http' : 'https';
  return { host, port: Number(port || (protocol === 'http' ? 80 : 443)), protocol } as const;
}

function describe(fact: PaymentFact): string {
  return `${fact.is} ${'orderId' in fact ? `${fact.kind} ${fact.orderId}` : fact.subscriptionRef} of account ${fact.accountId}`;
}
