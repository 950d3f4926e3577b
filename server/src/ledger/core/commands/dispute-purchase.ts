import { emptyGrant } from '../empty-grant.js';
import type { CommandBase, CommandKind } from '../command.js';
import { answer, type Decided, type Decision } from '../decision.js';
import type { Group } from '../group.js';
import { GroupDraft } from '../group-draft.js';
import type { DisputedAnswer, NotFound } from '../outcome.js';
import { grantsOf, missingFor } from '../purchase-basis.js';
import { boughtIn, changedPurchase, type PurchaseState } from '../purchase.js';
import type { DecisionContext } from '../rules.js';
import type { GrantSource, GrantState, LoadedAccount } from '../state.js';

/** What the provider says of a dispute. An inquiry is none. */
export type DisputeIs = 'opened' | 'won' | 'lost';

/** Does what a dispute of a purchase's payment means, once, however often, late or out of order it is told. */
export interface DisputePurchaseCommand extends CommandBase {
  readonly type: 'dispute-purchase';
  readonly purchaseId: string;
  readonly is: DisputeIs;
  /** The provider's id of the dispute. */
  readonly disputeId: string;
  /** The money that the bank took back, minor units of the purchase's currency. */
  readonly amountMinor: number;
  /** Of the grants that give back what a won dispute had revoked. */
  readonly grantId: string;
  readonly bonusGrantId: string;
}

interface Disputing {
  readonly account: LoadedAccount;
  readonly purchase: PurchaseState;
  readonly command: DisputePurchaseCommand;
  readonly context: DecisionContext;
  readonly draft: GroupDraft;
}

/**
 * Opened: what is left of grant and bonus is revoked, what holds release later too. Lost: it stays so, and the money that was paid out
 * twice is said. Won: what was revoked of each comes back as grants of the same purchase with the old end, and what holds release from
 * then on stays.
 *
 * @returns the purchase as it then is; `unpaid`: nobody was told yet that it was paid, tell that first
 * Source: docs/domain.md, Plans, packs, payments, refunds
 */
function decideDispute(
  account: LoadedAccount,
  command: DisputePurchaseCommand,
  context: DecisionContext,
): Decision<DisputedAnswer | NotFound> {
  const purchase = account.purchases.get(command.purchaseId);
  if (!purchase) return answer({ kind: 'notFound' });
  if (purchase.paidAt === null) return answer({ kind: 'disputed', purchase, isUnpaid: true });
  const missing = missingFor(account, purchase, context.now);
  if (missing) return missing;
  const draft = new GroupDraft(account, context);
  const disputing = { account, purchase, command, context, draft };
  const isOpen = purchase.status === 'DISPUTED';
  // The end of a dispute is told once, and whatever is told of that dispute after it is old.
  if (purchase.disputeId === command.disputeId && !isOpen) return unchanged(purchase);
  switch (command.is) {
    case 'opened':
      return isOpen || purchase.status === 'CHARGED_BACK' ? unchanged(purchase) : open(disputing);
    case 'lost':
      return lose(disputing, isOpen);
    case 'won':
      if (!isOpen) return close(disputing, { disputeId: command.disputeId }, 'win-dispute');
      // Another dispute of the same payment was won: the one that is open still has the money.
      return purchase.disputeId === command.disputeId ? win(disputing) : unchanged(purchase);
  }
}

function unchanged(purchase: PurchaseState): Decided<DisputedAnswer> {
  return answer({ kind: 'disputed', purchase, isUnpaid: false });
}

type Changes = Omit<Parameters<typeof changedPurchase>[1], 'version'>;
type DisputeCause = 'dispute-purchase' | 'win-dispute' | 'lose-dispute';

function close(
  { purchase, command, draft }: Disputing,
  changes: Changes,
  cause: DisputeCause,
): Decided<DisputedAnswer> {
  const changed = changedPurchase(purchase, { ...changes, version: draft.version });
  draft.put('purchases', changed);
  draft.audit('purchase.disputed', { ...boughtIn(purchase), amountMinor: command.amountMinor, is: command.is });
  const group: Group = draft.close(cause, command.actor.name, null);
  return { kind: 'decided', group, keeps: false, outcome: { kind: 'disputed', purchase: changed, isUnpaid: false } };
}

/** Takes what is left, and marks the grants so that what holds give back goes too. */
function takeBack({ account, purchase, draft }: Disputing): void {
  for (const grant of grantsOf(account, purchase)) {
    if (grant.available > 0) draft.move('REVOKE', grant.id, grant.available, null);
    draft.mark(grant.id, { recalled: true });
  }
}

function open(disputing: Disputing): Decided<DisputedAnswer> {
  takeBack(disputing);
  disputing.draft.endTopUps('DISPUTED');
  const { disputeId, amountMinor } = disputing.command;
  return close(disputing, { status: 'DISPUTED', disputeId, disputedMinor: amountMinor }, 'dispute-purchase');
}

function lose(disputing: Disputing, isOpen: boolean): Decided<DisputedAnswer> {
  if (!isOpen) {
    takeBack(disputing);
    disputing.draft.endTopUps('DISPUTED');
  }
  const { purchase, command } = disputing;
  const { disputeId, amountMinor } = command;
  const unrecoveredMinor = Math.max(0, purchase.refundedMinor + amountMinor - purchase.priceMinor);
  const changes = { status: 'CHARGED_BACK', disputeId, disputedMinor: amountMinor, unrecoveredMinor } as const;
  return close(disputing, changes, 'lose-dispute');
}

function win(disputing: Disputing): Decided<DisputedAnswer> {
  const { account, purchase, command, draft } = disputing;
  const grants = grantsOf(account, purchase);
  const paid = restore(disputing, grants, 'PURCHASE', command.grantId);
  const bonus = restore(disputing, grants, 'BONUS', command.bonusGrantId);
  for (const { id } of grants) draft.mark(id, { recalled: false });
  const { refundedMinor, priceMinor } = purchase;
  const status = refundedMinor === 0 ? 'PAID' : refundedMinor === priceMinor ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  return close(
    disputing,
    { status, disputedMinor: 0, restoredGrantId: paid, restoredBonusGrantId: bonus },
    'win-dispute',
  );
}

/** Gives back what disputes revoked of the grants of a source and did not give back yet; nothing of what has ended meanwhile. */
function restore(
  { purchase, context, draft }: Disputing,
  grants: readonly GrantState[],
  source: Extract<GrantSource, 'PURCHASE' | 'BONUS'>,
  grantId: string,
): string | undefined {
  const { now } = context;
  const { creditType, expiresAt } = purchase;
  const of = grants.filter((grant) => grant.source === source);
  const bought = source === 'PURCHASE' ? purchase.credits : purchase.bonusCredits;
  const byRefund = source === 'PURCHASE' ? purchase.refundRevoked : purchase.refundRevokedBonus;
  const givenBack = of.reduce((sum, { granted }) => sum + granted, 0) - bought;
  const revoked = of.reduce((sum, grant) => sum + grant.revoked, 0) - byRefund - givenBack;
  if (revoked <= 0 || (expiresAt !== null && expiresAt <= now)) return undefined;
  draft.create(
    'grants',
    emptyGrant({
      id: grantId,
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
  draft.move('GRANT', grantId, revoked, null);
  draft.tell('GRANT_ADDED', creditType, { grantId, credits: revoked });
  return grantId;
}

export const DISPUTE_PURCHASE: CommandKind<DisputePurchaseCommand, DisputedAnswer | NotFound> = {
  decide: decideDispute,
  names: ({ purchaseId }) => ({ purchases: [purchaseId] }),
};
