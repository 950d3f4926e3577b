import type { PlanCode } from '../catalog/catalog.js';
import type { Price, SavedMethod } from '../ledger/core/billing.js';
import type { ProviderName } from '../ledger/core/purchase.js';

/** What is paid for. Ids are made by this service before the provider hears of them; each is the key under which the provider acts once. */
export type OrderKind =
  /** A pack. `orderId` is the purchase. */
  | 'purchase'
  /** A plan's first payment, the difference of an upgrade, a renewal. `orderId` is the plan payment. */
  | 'plan'
  /** Nothing: a payment method is to be saved. `orderId` is made for the checkout. */
  | 'method';

export interface Order {
  readonly accountId: string;
  readonly kind: OrderKind;
  readonly orderId: string;
}

export interface CheckoutOrder extends Order {
  /** What the buyer reads: `220 credits`, `Pro plan, a month`. */
  readonly title: string;
  /** Null: nothing is charged now (`method`). */
  readonly price: Price | null;
  /** A plan that is charged again every month from the first payment on; null: paid once. */
  readonly subscribes: { readonly plan: PlanCode; readonly renewsAt: number } | null;
  /** Whether the buyer is asked to have the method saved for charges without them. */
  readonly savesMethod: boolean;
  /** Where the checkout leads back to. */
  readonly returnUrl: string;
  /** Epoch ms, when the checkout ends unpaid. */
  readonly expiresAt: number;
  /** The provider's customer, when there is one. */
  readonly customerRef: string | null;
}

export interface OpenedCheckout {
  /** The provider's id of the checkout. */
  readonly ref: string;
  readonly url: string;
  readonly customerRef: string | null;
}

/** A charge of the saved method without the buyer. */
export interface ChargeOrder extends Order {
  readonly title: string;
  readonly price: Price;
  readonly customerRef: string;
  readonly methodRef: string;
  readonly returnUrl: string;
  /** Epoch ms, when a checkout ends that the bank makes necessary. */
  readonly expiresAt: number;
}

/** Money to send back. `refundId` is the key under which the provider does it once. */
export interface RefundOrder extends Order {
  readonly refundId: string;
  readonly paymentId: string;
  readonly price: Price;
}

/**
 * What a provider says about an order, whether by redirect, by webhook or asked: one shape, told to one function (`fulfil`). Telling it
 * twice, late or out of order changes nothing.
 */
export type PaymentFact =
  | (Order & {
      readonly is: 'paid';
      /** The provider's id of the payment, unique for ever. */
      readonly paymentId: string;
      readonly price: Price;
      readonly receiptUrl: string | null;
      readonly customerRef: string | null;
      /** Saved with it, when the buyer agreed. */
      readonly method: SavedMethod | null;
      /** The subscription that it began or renewed. */
      readonly subscriptionRef: string | null;
    })
  | (Order & { readonly is: 'failed'; readonly declineCode: string })
  | (Order & { readonly is: 'canceled' })
  /** Not known yet: the buyer has not paid, or the bank takes its time. */
  | (Order & { readonly is: 'open' })
  /** The bank wants the buyer; `url` leads to the checkout where they answer it, `ref` is the provider's id of that. */
  | (Order & { readonly is: 'needsBuyer'; readonly url: string; readonly ref: string })
  | (Order & {
      readonly is: 'disputed' | 'disputeWon' | 'disputeLost';
      readonly disputeId: string;
      readonly price: Price;
    })
  | (Order & { readonly is: 'methodSaved'; readonly customerRef: string; readonly method: SavedMethod })
  /** The provider gave up on a subscription, or it was ended there. */
  | { readonly is: 'subscriptionEnded'; readonly accountId: string; readonly subscriptionRef: string }
  /** A renewal was charged, or the first attempt failed; `boundaryAt`: the period's start that it pays for. */
  | {
      readonly is: 'renewalPaid' | 'renewalFailed';
      readonly accountId: string;
      readonly subscriptionRef: string;
      readonly boundaryAt: number;
      readonly paymentId: string | null;
      readonly price: Price;
      readonly receiptUrl: string | null;
      readonly declineCode: string | null;
    };

/** Nobody knows what became of what was asked: the provider cannot be reached, or refuses what no buyer did wrong. Ask again. */
export class PaymentsDown extends Error {
  override readonly name = 'PaymentsDown';
}

/**
 * Who takes the money. Every call may be repeated with the same order after a crash or a lost answer: it acts once and answers the same.
 *
 * @throws PaymentsDown when the provider cannot be reached or answers nonsense; nothing is known then, ask again
 */
export interface PaymentProvider {
  readonly name: ProviderName;
  openCheckout(order: CheckoutOrder): Promise<OpenedCheckout>;
  /** A checkout that nobody is to pay any more; one that is paid stays paid. */
  closeCheckout(order: Order & { readonly ref: string }): Promise<void>;
  charge(order: ChargeOrder): Promise<PaymentFact>;
  /** What has become of an order. `ref`: of its checkout or charge, as far as it is known. */
  find(order: Order & { readonly ref: string | null }): Promise<PaymentFact>;
  refund(order: RefundOrder): Promise<{ readonly ref: string }>;
  /** From now on charges another price at each boundary, the next at `renewsAt`. */
  changeSubscription(to: {
    readonly accountId: string;
    readonly subscriptionRef: string;
    readonly plan: PlanCode;
    readonly price: Price;
    readonly renewsAt: number;
  }): Promise<void>;
  endSubscription(of: { readonly accountId: string; readonly subscriptionRef: string }): Promise<void>;
  forgetMethod(of: {
    readonly accountId: string;
    readonly customerRef: string;
    readonly methodRef: string;
  }): Promise<void>;
}
