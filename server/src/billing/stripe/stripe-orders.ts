import type { Order, OrderKind } from '../payment-provider.js';

/** How an order is paid: on a page of Stripe's, or by a charge of the saved method. */
export type PaidBy = 'checkout' | 'charge';

/** What every object that belongs to an order says in its metadata, so that a webhook needs nothing else to find it. */
export interface OrderMetadata {
  readonly aibc_account: string;
  readonly aibc_kind: string;
  readonly aibc_order: string;
  readonly aibc_paid_by: string;
}

const KINDS: ReadonlySet<string> = new Set<OrderKind>(['purchase', 'plan', 'method']);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function metadataOf(
  { accountId, kind, orderId }: Order,
  paidBy: PaidBy,
): OrderMetadata & Record<string, string> {
  return { aibc_account: accountId, aibc_kind: kind, aibc_order: orderId, aibc_paid_by: paidBy };
}

/** The order that an object of Stripe's belongs to; null: it is none of ours, or was made by hand. */
export function orderOf(metadata: Readonly<Record<string, string>> | null | undefined): Order | null {
  const { aibc_account: accountId = '', aibc_kind: kind = '', aibc_order: orderId = '' } = metadata ?? {};
  if (!UUID.test(accountId) || !UUID.test(orderId) || !isKind(kind)) return null;
  return { accountId, kind, orderId };
}

/** The account that a subscription belongs to; null: it is none of ours. */
export function accountOf(metadata: Readonly<Record<string, string>> | null | undefined): string | null {
  const { aibc_account: accountId = '' } = metadata ?? {};
  return UUID.test(accountId) ? accountId : null;
}

export function isCharge(metadata: Readonly<Record<string, string>> | null | undefined): boolean {
  return metadata?.['aibc_paid_by'] === ('charge' satisfies PaidBy);
}

function isKind(text: string): text is OrderKind {
  return KINDS.has(text);
}
