import type { CreditType } from '../catalog/catalog.js';
import { readPlan } from '../catalog/catalog.js';
import { compareBurnOrder, isUsable } from './burn-order.js';
import type { GroupDraft } from './group-draft.js';
import { InvariantBroken } from './invariant-broken.js';
import type { DecisionContext } from './rules.js';
import type { Draw, LoadedAccount } from './state.js';

/** What an account can use now: owned and free, less what waits for a paid plan. */
export function usableCredits(account: LoadedAccount, creditType: CreditType): number {
  const credits = account.head.credits[creditType];
  return credits.available - credits.waiting;
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
): Draw[] {
  const draws = [...known];
  if (amount === 0) return draws;
  const plan = readPlan(context.catalog, account.head.plan);
  const usable = [...account.grants.values()].filter(
    (grant) => grant.creditType === creditType && isUsable(grant, plan, context.now),
  );
  if (usable.length > 1) usable.sort(compareBurnOrder);
  let rest = amount;
  for (const grant of usable) {
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
