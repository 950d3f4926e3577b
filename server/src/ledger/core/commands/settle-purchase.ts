import { boundary } from '../../../accounts/periods.js';
import { type Price, type SavedMethod, withCustomer } from '../billing.js';
import { shownOf } from './payment-method.js';
import type { CommandBase, CommandKind } from '../command.js';
import { answer, type Decided } from '../decision.js';
import { emptyGrant } from '../empty-grant.js';
import type { Group } from '../group.js';
import { GroupDraft } from '../group-draft.js';
import type { NotFound, SettledAnswer } from '../outcome.js';
import { boughtIn, changedPurchase, isOpenPurchase, type PurchaseState, type RefundState } from '../purchase.js';
import type { DecisionContext } from '../rules.js';
import type { LoadedAccount } from '../state.js';
import { hasRoomFor } from '../new-purchase.js';

/** What the provider says became of a purchase. */
export type PurchaseFact =
  | {
      readonly is: 'paid';
      /** The provider's id of the payment, unique for ever. */
      readonly paymentId: string;
      readonly price: Price;
      readonly receiptUrl: string | null;
      readonly customerRef: string | null;
      /** Saved with it; null: the buyer did not agree. */
      readonly method: SavedMethod | null;
    }
  | { readonly is: 'failed'; readonly declineCode: string }
  | { readonly is: 'canceled' }
  /** `ref`: the provider's id of the checkout that `url` leads to. */
  | { readonly is: 'needsBuyer'; readonly url: string; readonly ref: string };

/** Does what the provider's word about a purchase means, once, however often, late or out of order it is told. */
export interface SettlePurchaseCommand extends CommandBase {
  readonly type: 'settle-purchase';
  readonly purchaseId: string;
  readonly fact: PurchaseFact;
  /** Of the grants that it makes, should it be paid. */
  readonly grantId: string;
  readonly bonusGrantId: string;
  /** Under which the payment goes back, should it pay for nothing: the same for the same payment. */
  readonly refundId: string;
}

type Settled = Decided<SettledAnswer | NotFound>;

/**
 * Settles a purchase by what the provider says of it.
 *
 * Paid: the PURCHASE grant and, if the pack has one, the BONUS are made in the same group, whether it was PENDING or had been given up: the money
 * is here. A payment counts once by its id. One that pays for nothing (a second one, another price, more than the account may own) goes back
 * in full. Declined or canceled: only what is PENDING changes.
 *
 * @returns the purchase as it then is, and the payment that goes back and is not known to be sent
 * Source: docs/domain.md, Plans, packs, payments, refunds
 */
function decideSettle(account: LoadedAccount, command: SettlePurchaseCommand, context: DecisionContext): Settled {
  const purchase = account.purchases.get(command.purchaseId);
  if (!purchase) return answer({ kind: 'notFound' });
  const draft = new GroupDraft(account, context);
  const settle = { account, purchase, command, context, draft };
  const { fact } = command;
  if (fact.is === 'paid') return decidePaid(settle, fact);
  if (!isOpenPurchase(purchase)) {
    if (purchase.isSettled || fact.is === 'needsBuyer') return answer({ kind: 'settled', purchase, refund: null });
    return settled(settle, { isSettled: true }, () => draft.close('settle-purchase', command.actor.name, null));
  }
  const facts = { purchaseId: purchase.id, credits: purchase.credits + purchase.bonusCredits };
  switch (fact.is) {
    case 'failed':
      draft.tell('PURCHASE_FAILED', purchase.creditType, facts);
      return settled(
        settle,
        { status: 'FAILED', declineCode: fact.declineCode, isSettled: true, needsBuyer: false },
        () => draft.close('fail-purchase', command.actor.name, null),
      );
    case 'canceled':
      return settled(settle, { status: 'CANCELED', isSettled: true, needsBuyer: false }, () =>
        draft.close('cancel-purchase', command.actor.name, null),
      );
    case 'needsBuyer':
      if (purchase.needsBuyer) return answer({ kind: 'settled', purchase, refund: null });
      draft.tell('PURCHASE_ACTION_REQUIRED', purchase.creditType, facts);
      return settled(settle, { needsBuyer: true, checkoutRef: fact.ref, checkoutUrl: fact.url }, () =>
        draft.close('ask-buyer', command.actor.name, null),
      );
  }
}

interface Settle {
  readonly account: LoadedAccount;
  readonly purchase: PurchaseState;
  readonly command: SettlePurchaseCommand;
  readonly context: DecisionContext;
  readonly draft: GroupDraft;
}

type Paid = Extract<PurchaseFact, { is: 'paid' }>;

/** Puts the changed purchase into the group and closes it. */
function settled(
  { purchase, draft }: Settle,
  changes: Omit<Parameters<typeof changedPurchase>[1], 'version'>,
  close: () => Group,
  refund: RefundState | null = null,
): Settled {
  const changed = changedPurchase(purchase, { ...changes, version: draft.version });
  draft.put('purchases', changed);
  return { kind: 'decided', group: close(), keeps: false, outcome: { kind: 'settled', purchase: changed, refund } };
}

function decidePaid(settle: Settle, fact: Paid): Settled {
  const { account, purchase, command } = settle;
  if (purchase.paymentId === fact.paymentId) return answer({ kind: 'settled', purchase, refund: null });
  const known = account.refunds.get(command.refundId);
  if (known) return answer({ kind: 'settled', purchase, refund: known.ref === null ? known : null });
  const isAsPriced = fact.price.amountMinor === purchase.priceMinor && fact.price.currency === purchase.currency;
  if (purchase.paymentId !== null || !isAsPriced || !hasRoomFor(account.head.credits, purchase))
    return returnPayment(settle, fact);
  return pay(settle, fact);
}

/** A payment that pays for nothing goes back; a purchase that waited for it has ended. */
function returnPayment(settle: Settle, { paymentId, price }: Paid): Settled {
  const { account, purchase, command, context, draft } = settle;
  const refund: RefundState = {
    accountId: account.head.id,
    id: command.refundId,
    orderKind: 'purchase',
    orderId: purchase.id,
    provider: purchase.provider,
    paymentId,
    amountMinor: price.amountMinor,
    currency: price.currency,
    reason: 'UNWANTED',
    ref: null,
    version: draft.version,
    createdAt: context.now,
  };
  draft.create('refunds', refund);
  draft.audit('payment.returned', { paymentId, ...price });
  const status = isOpenPurchase(purchase) ? 'CANCELED' : undefined;
  return settled(
    settle,
    { status, isSettled: true, needsBuyer: false },
    () => draft.close('return-payment', command.actor.name, null),
    refund,
  );
}

function pay(settle: Settle, fact: Paid): Settled {
  const { account, purchase, command, context, draft } = settle;
  const { now } = context;
  const { creditType, credits, bonusCredits, expiresAfterMonths } = purchase;
  const expiresAt = expiresAfterMonths === null ? null : boundary(now, expiresAfterMonths, account.head.timeZone);
  draft.tell('PURCHASE_PAID', creditType, { purchaseId: purchase.id, credits: credits + bonusCredits });
  draft.audit('purchase.paid', boughtIn(purchase));
  const grant = (source: 'PURCHASE' | 'BONUS', id: string, amount: number): string | null => {
    if (amount === 0) return null;
    draft.create(
      'grants',
      emptyGrant({
        id,
        creditType,
        source,
        effectiveAt: now,
        expiresAt,
        createdAt: now,
        periodNumber: null,
        reason: purchase.packName,
        purchaseId: purchase.id,
      }),
    );
    draft.move('GRANT', id, amount, null);
    draft.tell('GRANT_ADDED', creditType, { grantId: id, credits: amount });
    return id;
  };
  const changes = {
    status: 'PAID',
    isSettled: true,
    needsBuyer: false,
    declineCode: null,
    paymentId: fact.paymentId,
    receiptUrl: fact.receiptUrl,
    grantId: grant('PURCHASE', command.grantId, credits),
    bonusGrantId: grant('BONUS', command.bonusGrantId, bonusCredits),
    paidAt: now,
    expiresAt,
  } as const;
  const { billing: before } = account.head;
  const billing = withCustomer(before, fact.customerRef, fact.method);
  if (billing?.method && billing.method !== before?.method)
    draft.audit('payment_method.saved', shownOf(billing.method));
  const cause = purchase.origin === 'AUTO' ? 'pay-top-up' : 'pay-purchase';
  return settled(settle, changes, () => draft.close(cause, purchase.boughtBy, null, { billing }));
}

export const SETTLE_PURCHASE: CommandKind<SettlePurchaseCommand, SettledAnswer | NotFound> = {
  decide: decideSettle,
  names: ({ purchaseId, refundId }) => ({ purchases: [purchaseId], refunds: [refundId] }),
};
