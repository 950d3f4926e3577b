import { ACCOUNT_UNSPENT_CREDITS_MAX, MAX_CREDITS } from '@aibc/shared/amounts';
import { type CreditPack, type Plan, readPlan } from '../../../catalog/catalog.js';
import type { CommandBase, CommandKind, Keyed } from '../command.js';
import { answer, type Decided, refuse, refuseAmount, rowReceipt } from '../decision.js';
import { GroupDraft } from '../group-draft.js';
import type { NotFound, Refused, RowAnswer, TooManyOpen } from '../outcome.js';
import { boughtIn, isOpenPurchase, type ProviderName, type PurchaseState } from '../purchase.js';
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

/** How long a purchase may be paid. */
const PURCHASE_LIFE_MS = 24 * 3_600_000;
/** Purchases of an account that wait to be paid: they are loaded with it. */
export const OPEN_PURCHASES_MAX = 100;

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
  if (!hasRoomFor(account, pack, open))
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

/** Whether an account may own what it has, what is being bought for it and these credits. Source: docs/domain.md, Amounts */
export function hasRoomFor(
  { head }: Pick<LoadedAccount, 'head'>,
  pack: Pick<PurchaseState, 'creditType' | 'credits' | 'bonusCredits'>,
  open: readonly Pick<PurchaseState, 'creditType' | 'credits' | 'bonusCredits'>[] = [],
): boolean {
  const { STANDARD, SCAN } = head.credits;
  let unspent = STANDARD.available + STANDARD.held + SCAN.available + SCAN.held;
  let granted = head.credits[pack.creditType].granted;
  for (const { creditType, credits, bonusCredits } of [...open, pack]) {
    unspent += credits + bonusCredits;
    if (creditType === pack.creditType) granted += credits + bonusCredits;
  }
  return unspent <= ACCOUNT_UNSPENT_CREDITS_MAX && granted <= MAX_CREDITS;
}

/** A purchase of a pack that nobody has paid yet. */
export function newPurchase(
  accountId: string,
  pack: CreditPack,
  said: {
    readonly purchaseId: string;
    readonly provider: ProviderName;
    readonly actor: { readonly name: string };
    readonly origin?: PurchaseState['origin'];
    readonly returnUrl: string | null;
    readonly savesMethod: boolean;
  },
  version: number,
  now: number,
): PurchaseState {
  return {
    accountId,
    id: said.purchaseId,
    origin: said.origin ?? 'OWNER',
    status: 'PENDING',
    provider: said.provider,
    packId: pack.id,
    packName: pack.name,
    creditType: pack.creditType,
    credits: pack.credits,
    bonusCredits: pack.bonusCredits,
    priceMinor: pack.price.amountMinor,
    currency: pack.price.currency,
    expiresAfterMonths: pack.expiresAfterMonths,
    refundWindowDays: pack.refundWindowDays,
    boughtBy: said.actor.name,
    returnUrl: said.returnUrl,
    savesMethod: said.savesMethod,
    checkoutRef: null,
    checkoutUrl: null,
    needsBuyer: false,
    isSettled: false,
    declineCode: null,
    paymentId: null,
    receiptUrl: null,
    grantId: null,
    bonusGrantId: null,
    restoredGrantId: null,
    restoredBonusGrantId: null,
    refundedCredits: 0,
    refundRevoked: 0,
    refundRevokedBonus: 0,
    refundedMinor: 0,
    disputeId: null,
    disputedMinor: 0,
    unrecoveredMinor: 0,
    version,
    createdAt: now,
    endsAt: now + PURCHASE_LIFE_MS,
    paidAt: null,
    expiresAt: null,
  };
}

export const PURCHASE: CommandKind<PurchaseCommand, BegunAnswer> = { decide: decidePurchase, cause: 'purchase' };
