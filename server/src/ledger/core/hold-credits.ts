import type { CreditType } from '../../catalog/catalog.js';
import { readPlan } from '../../catalog/catalog.js';
import { compareBurnOrder, isUsable } from './burn-order.js';
import type { GroupDraft } from './group-draft.js';
import { InvariantBroken } from './invariant-broken.js';
import type { DecisionContext } from './rules.js';
import type { AccountState, Draw, GrantState, LoadedAccount } from './state.js';

/** What an account can use now: owned and free, less what waits for a paid plan. */
export function usableCredits(head: AccountState, creditType: CreditType): number {
  const credits = head.credits[creditType];
  return credits.available - credits.waiting;
}

/** The usable grants in burn order, as many as `amount` needs; usually the first one is enough. */
function burnOrder(
  account: LoadedAccount,
  creditType: CreditType,
  amount: number,
  context: DecisionContext,
): readonly GrantState[] {
  const plan = readPlan(context.catalog, account.head.plan);
  const usable: GrantState[] = [];
  let first: GrantState | null = null;
  for (const grant of account.grants.values()) {
    if (grant.creditType !== creditType || !isUsable(grant, plan, context.now)) continue;
    usable.push(grant);
    if (first === null || compareBurnOrder(grant, first) < 0) first = grant;
  }
  return first !== null && first.available >= amount ? [first] : usable.sort(compareBurnOrder);
}

/**
 * Holds `amount` in burn order and records which grants it came from.
 *
 * @param amount  0 to what is usable
 * @param known  draws the reservation has already; new ones are merged into them
 */
export function holdCredits(
  account: LoadedAccount,
  draft: GroupDraft,
  creditType: CreditType,
  amount: number,
  reservationId: string,
  context: DecisionContext,
  known: readonly Draw[] = [],
): readonly Draw[] {
  if (amount === 0) return known;
  const draws = [...known];
  let rest = amount;
  for (const grant of burnOrder(account, creditType, amount, context)) {
    const part = Math.min(rest, grant.available);
    draft.move('RESERVE', grant.id, part, reservationId);
    const index = draws.findIndex((draw) => draw.grantId === grant.id);
    const draw = draws[index];
    if (draw) draws[index] = { ...draw, credits: draw.credits + part, held: draw.held + part };
    else draws.push({ grantId: grant.id, source: grant.source, credits: part, held: part, expiresAt: grant.expiresAt });
    rest -= part;
    if (rest === 0) return draws;
  }
  throw new InvariantBroken(account.head.id, `${rest} of ${amount} usable credits are in no grant`);
}
