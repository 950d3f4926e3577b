import type { CreditPack, CreditType, Money, Plan } from '../catalog/catalog.js';

/** So many days are looked at, today among them. */
export const ADVICE_DAYS = 30;
/** Fewer operations say nothing about the next ones. */
const OPERATIONS_MIN = 10;

/** What an account did: credits and operations, and what a plan has to allow for it. */
export interface Mix {
  readonly credits: Readonly<Record<CreditType, number>>;
  readonly operations: number;
  readonly needsProductionRoom: boolean;
  readonly needsDeepScans: boolean;
}

export interface PackCount {
  readonly pack: CreditPack;
  readonly quantity: number;
}

/** What the mix would have cost on a plan. */
export interface PlanOption {
  readonly plan: Plan;
  readonly packs: readonly PackCount[];
  /** For the plan and the packs; null: the plan's price is by agreement. */
  readonly price: Money | null;
  readonly covers: boolean;
}

/**
 * What each plan, with the cheapest packs that fill the gap, would have cost and covered for what an account did.
 *
 * A plan covers the mix when it allows every operation, and its allowance and packs that it may buy are enough of each credit type.
 *
 * @returns those that cover it first, the cheapest first; null when there are fewer than 10 operations
 * Source: docs/domain.md, Usage
 */
export function advisePlans(
  mix: Mix,
  plans: readonly Plan[],
  packs: readonly CreditPack[],
): readonly PlanOption[] | null {
  if (mix.operations < OPERATIONS_MIN) return null;
  return plans.map((plan) => optionOf(mix, plan, packs)).sort(compareOptions);
}

function compareOptions(a: PlanOption, b: PlanOption): number {
  const cost = ({ price }: PlanOption): number => price?.amountMinor ?? Infinity;
  if (a.covers !== b.covers) return a.covers ? -1 : 1;
  return cost(a) === cost(b) ? a.plan.rank - b.plan.rank : cost(a) - cost(b);
}

function optionOf(mix: Mix, plan: Plan, packs: readonly CreditPack[]): PlanOption {
  const isAllowed = (plan.productionRoom || !mix.needsProductionRoom) && (plan.deepScans || !mix.needsDeepScans);
  const gaps: readonly (readonly [CreditType, number])[] = [
    ['STANDARD', Math.max(0, mix.credits.STANDARD - plan.monthlyCredits)],
    ['SCAN', mix.credits.SCAN],
  ];
  const filled = gaps.map(([creditType, gap]) =>
    gap === 0 ? [] : fillGap(gap, plan.canPurchase ? sold(packs, creditType, plan) : []),
  );
  const bought = filled.flatMap((some) => some ?? []);
  const covers = isAllowed && !filled.includes(null);
  if (!covers) return { plan, packs: [], price: plan.price, covers };
  return { plan, packs: bought, price: priceOf(plan, bought), covers };
}

function sold(packs: readonly CreditPack[], creditType: CreditType, { price }: Plan): CreditPack[] {
  return packs.filter(
    (pack) => pack.creditType === creditType && (price === null || pack.price.currency === price.currency),
  );
}

function priceOf({ price }: Plan, packs: readonly PackCount[]): Money | null {
  if (price === null) return null;
  const bought = packs.reduce((sum, { pack, quantity }) => sum + pack.price.amountMinor * quantity, 0);
  return { amountMinor: price.amountMinor + bought, currency: price.currency };
}

const creditsOf = ({ credits, bonusCredits }: CreditPack): number => credits + bonusCredits;

/**
 * The cheapest packs with at least so many credits; null: nothing is sold.
 *
 * Of the packs that are not the best value an optimum has fewer than the best has credits, since so many of them contain some that together have a
 * multiple of its credits, and the best costs no more for those. What lies beyond is bought as the best; the rest is tried amount by amount.
 */
export function fillGap(gap: number, packs: readonly CreditPack[]): PackCount[] | null {
  const [first, ...others] = packs;
  if (first === undefined) return null;
  const best = others.reduce((a, b) => (valueOf(b) < valueOf(a) ? b : a), first);
  const unit = packs.map(creditsOf).reduce(divisor);
  const most = Math.max(...packs.map(creditsOf));
  const bulk = Math.max(0, Math.floor(gap / creditsOf(best)) - most);
  const counts = cheapestOf(Math.ceil((gap - bulk * creditsOf(best)) / unit), packs, unit);
  counts.set(best, (counts.get(best) ?? 0) + bulk);
  return packs.flatMap((pack) => {
    const quantity = counts.get(pack) ?? 0;
    return quantity > 0 ? [{ pack, quantity }] : [];
  });
}

const valueOf = (pack: CreditPack): number => pack.price.amountMinor / creditsOf(pack);
const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** How many of each pack have so many units of credits for the least money. */
function cheapestOf(units: number, packs: readonly CreditPack[], unit: number): Map<CreditPack, number> {
  const costs = new Float64Array(units + 1);
  const last: (CreditPack | null)[] = [null];
  for (let amount = 1; amount <= units; amount++) {
    costs[amount] = Infinity;
    for (const pack of packs) {
      const cost = (costs[Math.max(0, amount - creditsOf(pack) / unit)] as number) + pack.price.amountMinor;
      if (cost < (costs[amount] as number)) {
        costs[amount] = cost;
        last[amount] = pack;
      }
    }
  }
  const counts = new Map<CreditPack, number>();
  for (let amount = units; amount > 0;) {
    const pack = last[amount] as CreditPack;
    counts.set(pack, (counts.get(pack) ?? 0) + 1);
    amount -= creditsOf(pack) / unit;
  }
  return counts;
}
