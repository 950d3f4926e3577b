import type { Balance } from '../ledger/graph/balance.types.js';
import { showBalance } from '../ledger/graph/show-balance.js';
import type { StampedBalance } from './hub.js';

/** A balance as the API shows it, with the history that its version counts in. */
export function showStamped({ era, balance }: StampedBalance): Balance {
  return showBalance(balance, era.publicId);
}
