import { createContext, use } from 'react';
import type { CreditType, PlanCode } from '../gql/operations.js';

/** What somebody wants to buy. */
export type Wanted =
  /** A pack of these credits; without an id, which one is chosen in the sheet. */
  | { kind: 'pack'; creditType: CreditType; packId?: string }
  /** To be on this plan. */
  | { kind: 'plan'; code: PlanCode };

export const BuyContext = createContext<(wanted: Wanted | null) => void>(() => undefined);

/** Opens the sheet in which it is bought, over the page as it is. */
export function useBuy(): (wanted: Wanted) => void {
  return use(BuyContext);
}

/** A checkout that somebody left for and has not come back from: of which account, and for what. */
export type LeftFor = { accountId: string } & ({ purchaseId: string } | { plan: PlanCode } | { method: true });

const key = 'aibc-credits.checkout';

/** Remembers, for this tab alone, which checkout it leaves for. A browser that keeps nothing shows the outcome in Billing only. */
export function rememberCheckout(left: LeftFor): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(left));
  } catch {
    // Billing shows it all the same.
  }
}

/** The checkout that this tab left for, told once; null: none, or of another account. */
export function takeCheckout(accountId: string): LeftFor | null {
  try {
    const left = JSON.parse(sessionStorage.getItem(key) ?? 'null') as LeftFor | null;
    if (left?.accountId !== accountId) return null;
    sessionStorage.removeItem(key);
    return left;
  } catch {
    return null;
  }
}
