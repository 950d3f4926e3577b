import { CREDIT_TYPES, type CreditType, type Plan } from '../../catalog/catalog.js';
import type { Billing, TopUp, TopUpOff } from './billing.js';
import { type Cause, factsOf } from './cause.js';
import { hasRoomFor, newPurchase, OPEN_PURCHASES_MAX } from './new-purchase.js';
import { isOpenPurchase, type PurchaseState } from './purchase.js';
import type { DecisionContext } from './rules.js';
import type { AccountState, LoadedAccount } from './state.js';
import { SYSTEM } from './system.js';

/** After a declined charge nothing is bought for so long. */
export const TOP_UP_PAUSE_MS = 3_600_000;
/** So many declined charges in a row turn it off. */
export const TOP_UP_DECLINES_MAX = 3;
export const TOP_UP_PURCHASES_MAX = 20;

/** What a top-up is asked about. */
export interface TopUpAsked {
  /** Epoch ms. */
  readonly now: number;
  readonly periodNumber: number;
  /** What can be used of its credit type. */
  readonly available: number;
  /** What its pack brings, the bonus too. */
  readonly packCredits: number;
  /** How many credits too few there were for the work that was refused; null: none was refused. */
  readonly shortfall: number | null;
}

/** How many purchases it has begun in a period, without those that failed. */
export function purchasesIn({ periodNumber, purchases }: TopUp, period: number): number {
  return periodNumber === period ? purchases : 0;
}

/**
 * Whether a top-up buys its pack now: it is on, none is in flight, the last charge was not declined within the hour, the period has not had
 * its most, and what is available is at or below the threshold, or work was refused that the pack would have covered.
 *
 * Source: docs/domain.md, Auto top-up
 */
export function isTopUpDue(
  topUp: TopUp,
  { now, periodNumber, available, packCredits, shortfall }: TopUpAsked,
): boolean {
  const { offBecause, pendingId, declinedAt, threshold, purchasesPerPeriodMax } = topUp;
  if (offBecause !== null || pendingId !== null) return false;
  if (declinedAt !== null && now < declinedAt + TOP_UP_PAUSE_MS) return false;
  if (purchasesIn(topUp, periodNumber) >= purchasesPerPeriodMax) return false;
  return available <= threshold || (shortfall !== null && shortfall <= packCredits);
}

/** A top-up whose purchase has just begun. */
export function topUpBegun(topUp: TopUp, purchaseId: string, periodNumber: number): TopUp {
  return { ...topUp, pendingId: purchaseId, periodNumber, purchases: purchasesIn(topUp, periodNumber) + 1 };
}

/**
 * A top-up after one of its purchases changed. One that failed does not count and is a decline; one that was paid, however late, ends the
 * row of declines.
 *
 * @param was  what the purchase was before
 */
export function topUpAfter(topUp: TopUp, was: PurchaseState['status'], purchase: PurchaseState, now: number): TopUp {
  const { id, status, periodNumber } = purchase;
  if (was === status) return topUp;
  const pendingId = topUp.pendingId === id ? null : topUp.pendingId;
  const counted = periodNumber === topUp.periodNumber ? 1 : 0;
  const { purchases, declines } = topUp;
  if (status === 'FAILED')
    return { ...topUp, pendingId, purchases: purchases - counted, declines: declines + 1, declinedAt: now };
  if (status !== 'PAID' || (was !== 'PENDING' && was !== 'FAILED' && was !== 'CANCELED'))
    return pendingId === topUp.pendingId ? topUp : { ...topUp, pendingId };
  return {
    ...topUp,
    pendingId,
    purchases: was === 'FAILED' ? purchases + counted : purchases,
    declines: 0,
    declinedAt: null,
  };
}

/** A group that is about to be closed, as far as top-ups depend on it. */
export interface ToppedUpGroup {
  readonly account: LoadedAccount;
  readonly cause: Cause;
  readonly version: number;
  /** The plan, the period and the credits as the group leaves them. */
  readonly plan: Plan;
  readonly periodNumber: number;
  readonly credits: AccountState['credits'];
  /** The types of credits that it is about. */
  readonly touched: Readonly<Partial<Record<CreditType, object>>>;
  /** The purchases that it changed, as it leaves them. */
  readonly purchases: ReadonlyMap<string, PurchaseState>;
  /** Why it turns every top-up off; null: it does not. */
  readonly ends: TopUpOff | null;
  /** How many credits too few there were for the work that it refuses; null: it refuses none. */
  readonly shortfall: number | null;
}

/** What becomes of an account's top-ups in a group. */
export interface ToppedUp {
  /** The very same that was given while nothing changes. */
  readonly billing: Billing;
  /** Purchases that begin. */
  readonly begins: readonly PurchaseState[];
  /** Those that go off without having been asked to. */
  readonly off: readonly { readonly creditType: CreditType; readonly because: TopUpOff }[];
}

/** Whether a top-up was ever set. */
export function hasTopUps({ topUps }: Billing): boolean {
  return topUps.STANDARD !== undefined || topUps.SCAN !== undefined;
}

/** Whether a purchase is in flight that was not before. */
export function hasNewTopUp(before: Billing | null, after: Billing | null): boolean {
  if (after === null) return false;
  return CREDIT_TYPES.some((creditType) => {
    const pendingId = after.topUps[creditType]?.pendingId ?? null;
    return pendingId !== null && pendingId !== before?.topUps[creditType]?.pendingId;
  });
}

/**
 * What a group does to an account's top-ups: those whose purchase ended go on, a plan that may not buy, a dispute, a removed method and
 * declines turn them off, and whichever is due buys its pack, if the group's cause is one that may.
 *
 * Pure. Source: docs/domain.md, Auto top-up
 */
export function topUpsAfter(billing: Billing, group: ToppedUpGroup, context: DecisionContext): ToppedUp {
  const { STANDARD, SCAN } = billing.topUps;
  const topUps = { ...billing.topUps };
  const begins: PurchaseState[] = [];
  const off: { creditType: CreditType; because: TopUpOff }[] = [];
  for (const creditType of CREDIT_TYPES) {
    const before = billing.topUps[creditType];
    if (before === undefined) continue;
    let after = settled(before, creditType, group, context.now);
    const because = endOf(after, group);
    if (because !== null) {
      after = { ...after, offBecause: because };
      off.push({ creditType, because });
    } else if (factsOf(group.cause).topsUp && group.touched[creditType] !== undefined) {
      const purchase = begin(after, creditType, billing, group, context);
      if (purchase !== null) {
        begins.push(purchase);
        after = topUpBegun(after, purchase.id, group.periodNumber);
      }
    }
    topUps[creditType] = after;
  }
  const isSame = topUps.STANDARD === STANDARD && topUps.SCAN === SCAN;
  return { billing: isSame ? billing : { ...billing, topUps }, begins, off };
}

function settled(before: TopUp, creditType: CreditType, { account, purchases }: ToppedUpGroup, now: number): TopUp {
  let after = before;
  for (const purchase of purchases.values()) {
    const was = account.purchases.get(purchase.id);
    if (was !== undefined && purchase.origin === 'AUTO' && purchase.creditType === creditType)
      after = topUpAfter(after, was.status, purchase, now);
  }
  return after;
}

function endOf({ offBecause, declines }: TopUp, { ends, plan }: ToppedUpGroup): TopUpOff | null {
  if (offBecause !== null) return null;
  if (ends !== null) return ends;
  if (!plan.canPurchase) return 'PLAN';
  return declines >= TOP_UP_DECLINES_MAX ? 'DECLINED' : null;
}

/** @returns null: it is not due, or cannot buy */
function begin(
  topUp: TopUp,
  creditType: CreditType,
  { method }: Billing,
  group: ToppedUpGroup,
  { now, catalog, rules }: DecisionContext,
): PurchaseState | null {
  const { account, credits, periodNumber, purchases, shortfall, version } = group;
  const pack = catalog.packs.find(({ id }) => id === topUp.packId);
  if (pack?.creditType !== creditType || method === null) return null;
  const available = credits[creditType].available - credits[creditType].waiting;
  const asked = { now, periodNumber, available, packCredits: pack.credits + pack.bonusCredits, shortfall };
  if (!isTopUpDue(topUp, asked)) return null;
  const open = [...new Map([...account.purchases, ...purchases]).values()].filter(isOpenPurchase);
  if (open.length >= OPEN_PURCHASES_MAX || !hasRoomFor(credits, pack, open)) return null;
  const said = {
    purchaseId: rules.nextId(),
    provider: topUp.provider,
    actor: { name: SYSTEM },
    origin: 'AUTO',
    returnUrl: null,
    savesMethod: false,
    methodRef: method.ref,
    periodNumber,
  } as const;
  return newPurchase(account.head.id, pack, said, version, now);
}
