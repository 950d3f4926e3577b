import { type Plan, readPlan } from '../../../catalog/catalog.js';
import type { CommandBase, CommandKind, Keyed } from '../command.js';
import { answer, type Decided, refuse, refuseAmount, rowReceipt } from '../decision.js';
import { GroupDraft } from '../group-draft.js';
import type { NotFound, Refused, RowAnswer, TooManyOpen } from '../outcome.js';
import { hasRoomFor, newPurchase, OPEN_PURCHASES_MAX } from '../new-purchase.js';
import { boughtIn, isOpenPurchase, type ProviderName } from '../purchase.js';
import type { DecisionContext } from '../rules.js';
import type { LoadedAccount } from '../state.js';

/** Begins to buy a pack. */
export interface PurchaseCommand extends CommandBase {
  readonly type: 'purchase';
  readonly keyed: Keyed;
  readonly purchaseId: string;
  readonly packId: string;
  /** Who takes the money; null: nobody does for this account. */
  readonly provider: ProviderName | null;
  readonly returnUrl: string | null;
  readonly savesMethod: boolean;
}

type BegunAnswer = RowAnswer<'purchases'> | Refused | NotFound | TooManyOpen;

/**
 * Begins a purchase: PENDING for 24 hours, with the pack as it is offered now. Nothing is charged or granted yet.
 *
 * @returns the purchase; or a refusal: PackUnknown, PurchaseNotAllowed (it names the plan that may), PaymentsUnavailable, InvalidAmount `packId` (the
 * account would own more than it may); or that too many are open
 * Source: docs/domain.md, Plans, packs, payments, refunds
 */
function decidePurchase(
  account: LoadedAccount,
  command: PurchaseCommand,
  context: DecisionContext,
): Decided<BegunAnswer> {
  const { head } = account;
  const { catalog } = context;
  const pack = catalog.packs.find(({ id }) => id === command.packId);
  if (!pack) return refuse({ kind: 'PackUnknown', packId: command.packId });
  const plan = readPlan(catalog, head.plan);
  if (!plan.canPurchase)
    return refuse({
      kind: 'PurchaseNotAllowed',
      plan: plan.code,
      upgrade: cheapestThatBuys([...catalog.plans.values()], plan)?.code ?? null,
    });
  if (command.provider === null) return refuse({ kind: 'PaymentsUnavailable' });
  const open = [...account.purchases.values()].filter(isOpenPurchase);
  if (open.length >= OPEN_PURCHASES_MAX)
    return answer({ kind: 'tooManyOpen', until: Math.min(...open.map(({ endsAt }) => endsAt)) });
  if (!hasRoomFor(head.credits, pack, open))
    return refuseAmount('packId', 'With this pack the account would own more credits than it may.');
  const draft = new GroupDraft(account, context);
  const purchase = newPurchase(head.id, pack, { ...command, provider: command.provider }, draft.version, context.now);
  draft.create('purchases', purchase);
  draft.audit('purchase.begun', boughtIn(purchase));
  return rowReceipt(draft.close('purchase', command.actor.name, null), 'purchases', purchase.id, purchase.creditType);
}

function cheapestThatBuys(plans: readonly Plan[], than: Plan): Plan | undefined {
  return plans.filter(({ canPurchase, rank }) => canPurchase && rank > than.rank).sort((a, b) => a.rank - b.rank)[0];
}

export const PURCHASE: CommandKind<PurchaseCommand, BegunAnswer> = { decide: decidePurchase, cause: 'purchase' };
