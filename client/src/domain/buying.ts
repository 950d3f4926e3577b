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

/** Where this tab keeps which checkout it left for. */
export const leftKey = 'aibc-credits.checkout';

/** Whether this tab left for a checkout. A browser that keeps nothing shows the outcome in Billing only. */
export function hasLeft(): boolean {
  try {
    return sessionStorage.getItem(leftKey) !== null;
  } catch {
    return false;
  }
}
