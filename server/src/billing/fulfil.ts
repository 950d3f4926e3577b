import { createHash } from 'node:crypto';
import type { PurchaseFact } from '../ledger/core/commands/settle-purchase.js';
import type { PurchaseState } from '../ledger/core/purchase.js';
import { BILLING } from './billing-actor.js';
import type { PaymentFact } from './payment-provider.js';
import { sendRefund, type SendRefundDeps } from './send-refund.js';

export interface FulfilDeps extends SendRefundDeps {
  /** A new UUIDv7, lower case with dashes. */
  readonly nextId: () => string;
  /** Told of what is paid, declined or disputed and belongs to no order of ours: somebody has to look at it. */
  readonly onUnknown: (fact: PaymentFact) => void;
  /** Told that money could not be sent back yet; a job sends it later. */
  readonly onError: (error: unknown, what: string) => void;
}

/**
 * Does what a fact means: the one way for redirects, webhooks, reconciliation and the sandbox's page alike.
 *
 * Told twice, late, out of order or by many at once, a fact is done once: the ledger decides on the account as it then is. Resolves when it
 * is durable; whoever is told an error tells the fact again.
 *
 * @returns the purchase that it is about; null: it is about none that is known
 * @throws LedgerUnavailable
 * Source: docs/domain.md, Plans, packs, payments, refunds
 */
export async function fulfil(deps: FulfilDeps, fact: PaymentFact): Promise<PurchaseState | null> {
  if (!('kind' in fact) || fact.kind !== 'purchase') return unknown(deps, fact);
  if (isDispute(fact)) return fulfilDispute(deps, fact);
  const said = purchaseFactOf(fact);
  if (said === null) return null;
  const { accountId, orderId: purchaseId } = fact;
  const outcome = await deps.ledger.submit({
    type: 'settle-purchase',
    accountId,
    actor: BILLING,
    purchaseId,
    fact: said,
    grantId: deps.nextId(),
    bonusGrantId: deps.nextId(),
    refundId: said.is === 'paid' ? refundIdOf(said.paymentId) : deps.nextId(),
  });
  if (outcome.kind === 'notFound') return unknown(deps, fact);
  if (outcome.refund !== null)
    await sendRefund(deps, outcome.refund).catch((error: unknown) => deps.onError(error, 'refund'));
  return outcome.purchase;
}

type DisputeFact = Extract<PaymentFact, { readonly disputeId: string }>;
const DISPUTE_IS = { disputed: 'opened', disputeWon: 'won', disputeLost: 'lost' } as const;

function isDispute(fact: PaymentFact): fact is DisputeFact {
  return 'disputeId' in fact;
}

/** A dispute of a payment that nobody has told of: it was paid, so the provider is asked for that first. */
async function fulfilDispute(deps: FulfilDeps, fact: DisputeFact, isAsked = false): Promise<PurchaseState | null> {
  const { accountId, orderId: purchaseId, kind, disputeId, price } = fact;
  const outcome = await deps.ledger.submit({
    type: 'dispute-purchase',
    accountId,
    actor: BILLING,
    purchaseId,
    is: DISPUTE_IS[fact.is],
    disputeId,
    amountMinor: price.amountMinor,
    grantId: deps.nextId(),
    bonusGrantId: deps.nextId(),
  });
  if (outcome.kind === 'notFound') return unknown(deps, fact);
  if (!outcome.isUnpaid) return outcome.purchase;
  if (isAsked) return unknown(deps, fact);
  const { checkoutRef: ref, provider } = outcome.purchase;
  const asked = deps.providerOf(provider);
  if (asked === null) return unknown(deps, fact);
  await fulfil(deps, await asked.find({ accountId, kind, orderId: purchaseId, ref }));
  return fulfilDispute(deps, fact, true);
}

function unknown(deps: FulfilDeps, fact: PaymentFact): null {
  deps.onUnknown(fact);
  return null;
}

/** What a fact says of a purchase; null: nothing that changes it. */
function purchaseFactOf(fact: PaymentFact): PurchaseFact | null {
  switch (fact.is) {
    case 'paid':
      return {
        is: 'paid',
        paymentId: fact.paymentId,
        price: fact.price,
        receiptUrl: fact.receiptUrl,
        customerRef: fact.customerRef,
        method: fact.method,
      };
    case 'failed':
      return { is: 'failed', declineCode: fact.declineCode };
    case 'canceled':
      return { is: 'canceled' };
    case 'needsBuyer':
      return { is: 'needsBuyer', url: fact.url, ref: fact.ref };
    default:
      return null;
  }
}

/** The id under which a payment goes back that pays for nothing: the same for the same payment, so that it goes back once. */
export function refundIdOf(paymentId: string): string {
  const hex = createHash('sha256').update(`unwanted payment ${paymentId}`).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(18, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
