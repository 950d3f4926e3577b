import type { PurchaseFact } from '../ledger/core/commands/settle-purchase.js';
import type { PurchaseState } from '../ledger/core/purchase.js';
import { BILLING } from './billing-actor.js';
import { uuidOf } from './derived-id.js';
import type { MethodRemovals } from './method-removals.js';
import type { PaymentFact } from './payment-provider.js';
import { sendRefund, type SendRefundDeps } from './send-refund.js';

export interface FulfilDeps extends SendRefundDeps {
  /** A new UUIDv7, lower case with dashes. */
  readonly nextId: () => string;
  readonly removals: Pick<MethodRemovals, 'expect' | 'finish'>;
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
  if ('kind' in fact && fact.kind === 'method') return fulfilMethod(deps, fact);
  if (!('kind' in fact) || fact.kind !== 'purchase') return unknown(deps, fact);
  if (isDispute(fact)) return fulfilDispute(deps, fact);
  const said = purchaseFactOf(fact);
  if (said === null) return null;
  const { accountId, orderId: purchaseId } = fact;
  const savesMethod = said.is === 'paid' && said.method !== null;
  if (savesMethod) await deps.removals.expect(accountId);
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
  if (savesMethod) await forgetLeft(deps, accountId);
  if (outcome.refund !== null)
    await sendRefund(deps, outcome.refund).catch((error: unknown) => deps.onError(error, 'refund'));
  return outcome.purchase;
}

/** A checkout that was to save a method: one that ended otherwise changes nothing. */
async function fulfilMethod(deps: FulfilDeps, fact: PaymentFact): Promise<null> {
  if (fact.is !== 'methodSaved') return fact.is === 'paid' || isDispute(fact) ? unknown(deps, fact) : null;
  const { accountId, customerRef, method } = fact;
  await deps.removals.expect(accountId);
  const outcome = await deps.ledger.submit({ type: 'save-method', accountId, actor: BILLING, customerRef, method });
  if (outcome.kind === 'notFound') return unknown(deps, fact);
  await forgetLeft(deps, accountId);
  return null;
}

/** Has the provider forget the method that another has taken the place of. */
async function forgetLeft({ removals, onError }: FulfilDeps, accountId: string): Promise<void> {
  await removals.finish(accountId).catch((error: unknown) => onError(error, 'payments'));
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
  return uuidOf(`unwanted payment ${paymentId}`);
}
