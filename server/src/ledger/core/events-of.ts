import { balanceOf } from './balance.js';
import type { Told } from './crossed-levels.js';
import type { LedgerEvent } from './events.js';
import type { AccountState } from './state.js';

/** What a group told as events, in their order, each with the balance that the group left. */
export function eventsOf(told: readonly Told[], head: AccountState): LedgerEvent[] {
  return told.map(
    ({ type, creditType, facts }, ordinal) =>
      ({
        accountId: head.id,
        version: head.version,
        ordinal,
        type,
        creditType,
        at: head.changedAt,
        facts,
        balance: balanceOf(head, creditType),
        sandbox: head.sandbox,
      }) as LedgerEvent,
  );
}
