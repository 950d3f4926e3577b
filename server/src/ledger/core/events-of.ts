import { balanceOf } from './balance.js';
import type { Told } from './crossed-levels.js';
import type { LedgerEvent } from './events.js';
import type { AccountState } from './state.js';

/**
 * What a group told as events, in their order, each with the balance that the group left.
 *
 * @param first  the ordinal of the first of them
 */
export function eventsOf(told: readonly Told[], head: AccountState, first = 0): LedgerEvent[] {
  return told.map(
    ({ type, creditType, facts }, index) =>
      ({
        accountId: head.id,
        version: head.version,
        ordinal: first + index,
        type,
        creditType,
        at: head.changedAt,
        facts,
        balance: balanceOf(head, creditType),
        sandbox: head.sandbox,
      }) as LedgerEvent,
  );
}
