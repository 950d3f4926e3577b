import { objectFromText } from '../../kit/format-version.js';
import type { BalanceView } from '../core/state.js';

/** Readers of the balance that an event left, one for each version. */
const BALANCES: readonly ((kept: BalanceView) => BalanceView)[] = [(kept) => kept];

export function balanceFromText(text: string): BalanceView {
  return objectFromText('balances in events', text, BALANCES);
}
