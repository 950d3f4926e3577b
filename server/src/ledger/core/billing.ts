import type { CreditType, PlanCode } from '../../catalog/catalog.js';
import type { ProviderName } from './purchase.js';

/** Money: integer minor units, ISO 4217. */
export interface Price {
  readonly amountMinor: number;
  readonly currency: string;
}

/** A saved payment method, as far as this service may know it. */
export interface SavedMethod {
  /** The provider's id of it. */
  readonly ref: string;
  readonly brand: string;
  readonly last4: string;
  readonly expiresMonth: number;
  readonly expiresYear: number;
}

/** A plan that is paid through the provider. */
export interface Subscription {
  /** The provider's id of it. */
  readonly ref: string;
  readonly plan: PlanCode;
  readonly price: Price;
  /** `PAST_DUE`: the last charge failed and the provider goes on trying; `ENDED`: nothing is charged any more. */
  readonly status: 'ACTIVE' | 'PAST_DUE' | 'ENDED';
  /** The renewal of the present period while it is not paid; left out or null: the period is paid. */
  readonly owed?: OwedRenewal | null;
}

/** A renewal that is not paid: nobody told of it yet (its allowance can be used), or its charge failed (it waits). */
export interface OwedRenewal {
  readonly planPaymentId: string;
  /** The allowance of its period; null: the plan grants none. */
  readonly grantId: string | null;
  readonly waits: boolean;
}

/** Why a top-up is off; `NO_PAYMENT_METHOD`: the saved one was removed. */
export type TopUpOff = 'TURNED_OFF' | 'DECLINED' | 'DISPUTED' | 'NO_PAYMENT_METHOD' | 'PLAN';

/** The rule by which a pack is bought when a credit type runs low. */
export interface TopUp {
  /** Null: it is on. */
  readonly offBecause: TopUpOff | null;
  /** Who takes the money. */
  readonly provider: ProviderName;
  readonly packId: string;
  /** It buys when what is available is at or below this many credits. */
  readonly threshold: number;
  readonly purchasesPerPeriodMax: number;
  /** Purchases that it has begun in a period and that did not fail. */
  readonly periodNumber: number;
  readonly purchases: number;
  /** Charges declined in a row, and when the last of them was, epoch ms. */
  readonly declines: number;
  readonly declinedAt: number | null;
  /** The purchase in flight; null: none. */
  readonly pendingId: string | null;
}

/** How an account pays. */
export interface Billing {
  /** The provider's id of the customer that the account is there; null: none yet. */
  readonly customerRef: string | null;
  readonly method: SavedMethod | null;
  /** The provider's ids of methods that were saved before: whatever is still told of them is old. The newest last; left out: none. */
  readonly formerMethods?: readonly string[];
  /** The payment for a plan that is open; left out or null: none. */
  readonly planPaymentId?: string | null;
  /** Null: no plan was ever paid through this service. */
  readonly subscription: Subscription | null;
  readonly topUps: Readonly<Partial<Record<CreditType, TopUp>>>;
}

/** How an account pays that never did. */
export const NO_BILLING: Billing = { customerRef: null, method: null, subscription: null, topUps: {} };
/** Whoever tells of a method that was left so many methods ago told it long ago. */
const FORMER_METHODS_MAX = 20;

/**
 * How an account pays, with the provider's customer and the payment method that it was now told; what is null stays as it is. A method that
 * was left before does not come back: word of it is late.
 *
 * @returns the very same while nothing changes
 */
export function withCustomer(
  billing: Billing | null,
  customerRef: string | null,
  method: SavedMethod | null = null,
): Billing | null {
  const before = billing ?? NO_BILLING;
  const isKnown = customerRef === null || customerRef === before.customerRef;
  const isOld =
    method === null || method.ref === before.method?.ref || before.formerMethods?.includes(method.ref) === true;
  if (isKnown && isOld) return billing;
  const customer = { ...before, customerRef: customerRef ?? before.customerRef };
  return isOld ? customer : { ...withoutMethod(customer), method };
}

/** How an account pays without the method that is saved. */
export function withoutMethod(billing: Billing): Billing {
  const { method, formerMethods = [] } = billing;
  if (method === null) return billing;
  return { ...billing, method: null, formerMethods: [...formerMethods, method.ref].slice(-FORMER_METHODS_MAX) };
}
