import { objectFromText } from '../../kit/format-version.js';
import type { BalanceView, PeriodReset } from '../core/state.js';

/** Readers of what an event says of a reset, one for each version. */
const RESETS: readonly ((kept: PeriodReset) => PeriodReset)[] = [(kept) => kept];
/** Readers of the balance that an event left, one for each version. */
const BALANCES: readonly ((kept: BalanceView) => BalanceView)[] = [(kept) => kept];

export function resetFromText(text: string): PeriodReset {
  return objectFromText('resets in events', text, RESETS);
}

export function balanceFromText(text: string): BalanceView {
  return objectFromText('balances in events', text, BALANCES);
}
