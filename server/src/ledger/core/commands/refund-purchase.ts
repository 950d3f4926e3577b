import { balanceOf } from '../balance.js';
import type { CommandBase, CommandKind, Keyed } from '../command.js';
import { answer, type Decision, refuse } from '../decision.js';
import type { Group } from '../group.js';
import { GroupDraft } from '../group-draft.js';
import type { NotFound, Refused, RefundPreviewAnswer, RowAnswer } from '../outcome.js';
import { grantsOf, missingFor } from '../purchase-basis.js';
import { boughtIn, changedPurchase, type PurchaseState } from '../purchase.js';
import { lateClaims, lateHoldsAmong } from '../late-commit.js';
import { type Refundable, refundable, refundableUntil, type RefundProblem } from '../refundable.js';
import type { DecisionContext } from '../rules.js';
import type { GrantSource, LoadedAccount } from '../state.js';

interface OfPurchase extends CommandBase {
  readonly purchaseId: string;
}

/** Gives back what is unused of a purchase, and the money for it. */
export interface RefundPurchaseCommand extends OfPurchase {
  readonly type: 'refund-purchase';
  readonly keyed: Keyed;
  /** Of the row that sends the money: the provider's key. */
  readonly refundId: string;
}

/** Says what a refund would do now. Writes nothing. */
export interface PreviewRefundCommand extends OfPurchase {
  readonly type: 'preview-refund';
}

/**
 * The one function of preview and execution.
 *
 * @returns the group that refunds, not yet written; or why nothing is refunded
 * Source: docs/domain.md, Plans, packs, payments, refunds
 */
function draftRefund(
  account: LoadedAccount,
  purchase: PurchaseState,
  { actor, refundId }: { readonly actor: string; readonly refundId: string },
  context: DecisionContext,
): { readonly group: Group; readonly said: Refundable; readonly purchase: PurchaseState } | RefundProblem {
  const { now } = context;
  const { creditType } = purchase;
  const { available } = account.head.credits[creditType];
  const grants = grantsOf(account, purchase);
  const late = lateHoldsAmong(account.reservations.values(), now);
  const claims = lateClaims(late, creditType, refundableUntil(purchase));
  const said = refundable(purchase, grants, { available, claims, now });
  if (said.problem !== null) return said.problem;
  const draft = new GroupDraft(account, context);
  const take = (kind: 'REFUND' | 'REVOKE', source: GrantSource, credits: number): void => {
    let rest = credits;
    for (const { id } of grants.filter((grant) => grant.source === source)) {
      const part = Math.min(rest, draft.grant(id).available);
      if (part > 0) draft.move(kind, id, part, null);
      rest -= part;
    }
  };
  take('REFUND', 'PURCHASE', said.ofBought);
  take('REFUND', 'BONUS', said.ofBonus);
  take('REVOKE', 'PURCHASE', said.revokedBought);
  take('REVOKE', 'BONUS', said.revokedBonus);
  const refundedMinor = purchase.refundedMinor + said.amountMinor;
  const refunded = changedPurchase(purchase, {
    status: refundedMinor === purchase.priceMinor ? 'REFUNDED' : 'PARTIALLY_REFUNDED',
    refundedCredits: purchase.refundedCredits + said.credits,
    refundRevoked: purchase.refundRevoked + said.revokedBought,
    refundRevokedBonus: purchase.refundRevokedBonus + said.revokedBonus,
    refundedMinor,
    version: draft.version,
  });
  draft.put('purchases', refunded);
  if (said.amountMinor > 0)
    draft.create('refunds', {
      accountId: account.head.id,
      id: refundId,
      orderKind: 'purchase',
      orderId: purchase.id,
      provider: purchase.provider,
      paymentId: purchase.paymentId ?? '',
      amountMinor: said.amountMinor,
      currency: purchase.currency,
      reason: 'REFUND',
      ref: null,
      version: draft.version,
      createdAt: now,
    });
  draft.audit('purchase.refunded', { ...boughtIn(purchase), amountMinor: said.amountMinor, credits: said.credits });
  draft.tell('PURCHASE_REFUNDED', purchase.creditType, { purchaseId: purchase.id, credits: said.credits });
  return { group: draft.close('refund-purchase', actor, null), said, purchase: refunded };
}

/** Refusals: RefundNotAllowed. A retry under another key refunds what has become refundable since. */
function decideRefund(
  account: LoadedAccount,
  command: RefundPurchaseCommand,
  context: DecisionContext,
): Decision<RowAnswer<'purchases'> | Refused | NotFound> {
  const purchase = account.purchases.get(command.purchaseId);
  if (!purchase) return answer({ kind: 'notFound' });
  const missing = missingFor(account, purchase, context.now);
  if (missing) return missing;
  const drafted = draftRefund(account, purchase, { actor: command.actor.name, refundId: command.refundId }, context);
  if (typeof drafted === 'string') return refuse({ kind: 'RefundNotAllowed', reason: drafted });
  const balance = balanceOf(drafted.group.head, purchase.creditType);
  return {
    kind: 'decided',
    group: drafted.group,
    keeps: true,
    outcome: { kind: 'row', of: 'purchases', row: drafted.purchase, balance, replayed: false },
  };
}

function decidePreview(
  account: LoadedAccount,
  command: PreviewRefundCommand,
  context: DecisionContext,
): Decision<RefundPreviewAnswer | NotFound> {
  const purchase = account.purchases.get(command.purchaseId);
  if (!purchase) return answer({ kind: 'notFound' });
  const missing = missingFor(account, purchase, context.now);
  if (missing) return missing;
  const drafted = draftRefund(account, purchase, { actor: command.actor.name, refundId: purchase.id }, context);
  const isRefused = typeof drafted === 'string';
  return answer({
    kind: 'refund-preview',
    purchase,
    problem: isRefused ? drafted : null,
    refundedCredits: isRefused ? 0 : drafted.said.credits,
    revokedCredits: isRefused ? 0 : drafted.said.revokedBought + drafted.said.revokedBonus,
    amountMinor: isRefused ? 0 : drafted.said.amountMinor,
    balanceAfter: balanceOf(isRefused ? account.head : drafted.group.head, purchase.creditType),
  });
}

const named = ({ purchaseId }: OfPurchase) => ({ purchases: [purchaseId] });

export const REFUND_PURCHASE: CommandKind<RefundPurchaseCommand, RowAnswer<'purchases'> | Refused | NotFound> = {
  decide: decideRefund,
  cause: 'refund-purchase',
  names: named,
};

export const PREVIEW_REFUND: CommandKind<PreviewRefundCommand, RefundPreviewAnswer | NotFound> = {
  decide: decidePreview,
  names: named,
};
