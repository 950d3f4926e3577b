import { type CreditPack, type CreditType, type Plan, readPlan } from '../../../catalog/catalog.js';
import { NO_BILLING, type Price, type TopUp } from '../billing.js';
import type { CommandBase, CommandKind, Keyed } from '../command.js';
import { type Decided, refuse, refuseAmount } from '../decision.js';
import { GroupDraft } from '../group-draft.js';
import type { Group } from '../group.js';
import type { NotFound, Refused } from '../outcome.js';
import type { TopUpAnswer, TopUpPreview } from '../top-up-answers.js';
import type { ProviderName } from '../purchase.js';
import type { DecisionContext } from '../rules.js';
import type { LoadedAccount } from '../state.js';

/** How auto top-up of a credit type is to be. */
interface TopUpWish {
  readonly creditType: CreditType;
  /** What it buys, and when; null: it is turned off. */
  readonly rule: Pick<TopUp, 'packId' | 'threshold' | 'purchasesPerPeriodMax'> | null;
  /** Who takes the money; null: nobody does for this account. */
  readonly provider: ProviderName | null;
}

/** Turns auto top-up of a credit type on or off, or has it buy something else. */
export interface SetTopUpCommand extends CommandBase, TopUpWish {
  readonly type: 'set-top-up';
  readonly keyed: Keyed;
}

/** Asks what that would do. Nothing is written, except that what is due is closed before. */
export interface PreviewTopUpCommand extends CommandBase, TopUpWish {
  readonly type: 'preview-top-up';
}

interface Planned {
  readonly kind: 'planned';
  /** Null: it is so already. */
  readonly group: Group | null;
  readonly pack: CreditPack | null;
}

/**
 * What a wish comes to: the dry run and the deed by one function. At or below the threshold it buys at once.
 *
 * Turned on, it begins anew: earlier declines do not count. Its purchase in flight stays, as does what it bought in this period.
 *
 * @returns or a refusal: PackUnknown, InvalidAmount `packId` (a pack of other credits), PurchaseNotAllowed, PaymentsUnavailable,
 * PaymentMethodMissing; turning it off is never refused
 * Source: docs/domain.md, Auto top-up
 */
function plan(
  account: LoadedAccount,
  { creditType, rule, provider, actor }: TopUpWish & CommandBase,
  context: DecisionContext,
): Planned | Decided<Refused> {
  const { head } = account;
  const present = head.billing?.topUps[creditType] ?? null;
  const pack = context.catalog.packs.find(({ id }) => id === (rule ?? present)?.packId) ?? null;
  let next: TopUp | null;
  if (rule === null) next = present?.offBecause === null ? { ...present, offBecause: 'TURNED_OFF' } : present;
  else {
    if (pack === null) return refuse({ kind: 'PackUnknown', packId: rule.packId });
    if (pack.creditType !== creditType)
      return refuseAmount('packId', `This pack brings ${pack.creditType} credits, not ${creditType}.`);
    const of = readPlan(context.catalog, head.plan);
    if (!of.canPurchase)
      return refuse({ kind: 'PurchaseNotAllowed', plan: of.code, upgrade: planThatBuys(context, of) });
    if (provider === null) return refuse({ kind: 'PaymentsUnavailable' });
    if ((head.billing?.method ?? null) === null) return refuse({ kind: 'PaymentMethodMissing' });
    next = turnedOn(present, rule, provider);
  }
  if (next === null) return { kind: 'planned', group: null, pack };
  const draft = new GroupDraft(account, context);
  draft.credits(creditType);
  const { offBecause, packId, threshold, purchasesPerPeriodMax } = next;
  draft.audit('top_up.set', { creditType, isOn: offBecause === null, packId, threshold, purchasesPerPeriodMax });
  const before = head.billing ?? NO_BILLING;
  const billing = { ...before, topUps: { ...before.topUps, [creditType]: next } };
  const group = draft.close('set-top-up', actor.name, null, { billing });
  const isSame = present !== null && isEqual(present, next) && group.newIds.length === 0;
  return { kind: 'planned', group: isSame ? null : group, pack };
}

function planThatBuys({ catalog }: DecisionContext, than: Plan) {
  const plans = [...catalog.plans.values()].filter(({ canPurchase, rank }) => canPurchase && rank > than.rank);
  return plans.sort((a, b) => a.rank - b.rank)[0]?.code ?? null;
}

function turnedOn(present: TopUp | null, rule: NonNullable<TopUpWish['rule']>, provider: ProviderName): TopUp {
  const { packId, threshold, purchasesPerPeriodMax } = rule;
  const isOn = present?.offBecause === null;
  return {
    offBecause: null,
    provider,
    packId,
    threshold,
    purchasesPerPeriodMax,
    periodNumber: present?.periodNumber ?? 0,
    purchases: present?.purchases ?? 0,
    declines: isOn ? present.declines : 0,
    declinedAt: isOn ? present.declinedAt : null,
    pendingId: present?.pendingId ?? null,
  };
}

function isEqual(a: TopUp, b: TopUp): boolean {
  return (Object.keys(b) as (keyof TopUp)[]).every((field) => a[field] === b[field]);
}

function decideSet(
  account: LoadedAccount,
  command: SetTopUpCommand,
  context: DecisionContext,
): Decided<TopUpAnswer | Refused> {
  const planned = plan(account, command, context);
  if (planned.kind !== 'planned') return planned;
  const { group } = planned;
  const { creditType } = command;
  const purchaseId = group?.newIds[0] ?? null;
  return {
    kind: 'decided',
    group,
    keeps: true,
    outcome: { kind: 'topUp', account: group?.head ?? account.head, creditType, purchaseId, replayed: false },
  };
}

function decidePreview(
  account: LoadedAccount,
  command: PreviewTopUpCommand,
  context: DecisionContext,
): Decided<TopUpPreview | Refused> {
  const planned = plan(account, command, context);
  if (planned.kind !== 'planned') return planned;
  const { group, pack } = planned;
  const price: Price = pack?.price ?? { amountMinor: 0, currency: context.catalog.packs[0]?.price.currency ?? 'USD' };
  const most = command.rule?.purchasesPerPeriodMax ?? 0;
  return {
    kind: 'decided',
    group: null,
    keeps: false,
    outcome: {
      kind: 'topUpPreview',
      buysNow: (group?.newIds.length ?? 0) > 0,
      price,
      mostMinor: price.amountMinor * most,
    },
  };
}

export const SET_TOP_UP: CommandKind<SetTopUpCommand, TopUpAnswer | Refused | NotFound> = {
  decide: decideSet,
  cause: 'set-top-up',
};

export const PREVIEW_TOP_UP: CommandKind<PreviewTopUpCommand, TopUpPreview | Refused | NotFound> = {
  decide: decidePreview,
};
