import type { CommandBase, CommandKind } from '../command.js';
import { answer, type Decided } from '../decision.js';
import { GroupDraft } from '../group-draft.js';
import type { NotFound, SettledAnswer } from '../outcome.js';
import { changedPurchase } from '../purchase.js';
import type { DecisionContext } from '../rules.js';
import type { LoadedAccount } from '../state.js';
import { withCustomer } from '../billing.js';

/** Remembers where a purchase is paid. */
export interface OpenCheckoutCommand extends CommandBase {
  readonly type: 'open-checkout';
  readonly purchaseId: string;
  /** The provider's id of the checkout. */
  readonly ref: string;
  readonly url: string;
  readonly customerRef: string | null;
}

/**
 * Remembers the checkout of a purchase, the first that it is told; and the provider's customer.
 *
 * Idempotent: the provider answers the same checkout for the same purchase. Source: docs/domain.md, Plans, packs, payments, refunds
 */
function decideOpenCheckout(
  account: LoadedAccount,
  command: OpenCheckoutCommand,
  context: DecisionContext,
): Decided<SettledAnswer | NotFound> {
  const purchase = account.purchases.get(command.purchaseId);
  if (!purchase) return answer({ kind: 'notFound' });
  if (purchase.checkoutRef !== null) return answer({ kind: 'settled', purchase, refund: null });
  const draft = new GroupDraft(account, context);
  const opened = changedPurchase(purchase, {
    checkoutRef: command.ref,
    checkoutUrl: command.url,
    version: draft.version,
  });
  draft.put('purchases', opened);
  const group = draft.close('open-checkout', command.actor.name, null, {
    billing: withCustomer(account.head.billing, command.customerRef),
  });
  return { kind: 'decided', group, keeps: false, outcome: { kind: 'settled', purchase: opened, refund: null } };
}

export const OPEN_CHECKOUT: CommandKind<OpenCheckoutCommand, SettledAnswer | NotFound> = {
  decide: decideOpenCheckout,
  names: ({ purchaseId }) => ({ purchases: [purchaseId] }),
};
