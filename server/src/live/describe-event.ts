import { grouped } from '../kit/grouped.js';
import { creditsIn } from '../ledger/graph/credits-text.js';
import type { LedgerEvent, LevelName } from '../ledger/core/state.js';

const LEVEL_WORDS: Readonly<Record<LevelName, string>> = { LOW: 'low', CRITICAL: 'very low', EMPTY: 'empty' };

/** What happened, in one sentence for a person. */
export function describeEvent(event: LedgerEvent): string {
  const { creditType, balance } = event;
  const amount = (credits: number | null): string => creditsIn(credits ?? 0, creditType);
  switch (event.type) {
    case 'BALANCE_LOW':
      return balance.available === 0
        ? `No ${creditType === 'SCAN' ? 'scan credits' : 'credits'} are left.`
        : `${amount(balance.available)} left, at or below the ${LEVEL_WORDS[event.level ?? 'LOW']} mark of ${grouped(event.threshold ?? 0)}.`;
    case 'BALANCE_RECOVERED':
      // The mark was of the base at that time: after a reset less than that may be available, and enough by the new base.
      return event.level === 'EMPTY'
        ? `${amount(balance.available)} available again.`
        : `${amount(balance.available)} available: the ${LEVEL_WORDS[event.level ?? 'LOW']} warning at ${grouped(event.threshold ?? 0)} is over.`;
    case 'PERIOD_RESET':
      return describeReset(event);
    case 'GRANT_ADDED':
      return `${amount(event.credits)} added.`;
    case 'GRANT_EXPIRED':
      return `${amount(event.credits)} expired unused.`;
    case 'RESERVATION_EXPIRED':
      return `A hold ended unused and gave back ${amount(event.credits)}.`;
  }
}

function describeReset({ reset, creditType }: LedgerEvent): string {
  const parts = [`A new period began with ${creditsIn(reset?.granted ?? 0, creditType)}`];
  if (reset !== null && reset.rolledOver > 0) parts.push(`${grouped(reset.rolledOver)} rolled over`);
  if (reset !== null && reset.forfeited > 0)
    parts.push(`${grouped(reset.forfeited)} unused of the last allowance expired`);
  return `${parts.join('; ')}.`;
}
