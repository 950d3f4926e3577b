import type { LedgerEvent, LevelName } from '../ledger/state.js';

const LEVEL_WORDS: Readonly<Record<LevelName, string>> = { LOW: 'low', CRITICAL: 'very low', EMPTY: 'empty' };

/** What happened, in one sentence for a person. */
export function describeEvent(event: LedgerEvent): string {
  const { creditType, balance } = event;
  const amount = (count: number | null): string => countCredits(count ?? 0, creditType);
  switch (event.type) {
    case 'BALANCE_LOW':
      return balance.available === 0
        ? `No ${creditType === 'SCAN' ? 'Deep Scan credits' : 'credits'} are left.`
        : `${amount(balance.available)} left, at or below the ${LEVEL_WORDS[event.level ?? 'LOW']} mark of ${grouped(event.threshold ?? 0)}.`;
    case 'BALANCE_RECOVERED':
      return `${amount(balance.available)} available again, above the ${LEVEL_WORDS[event.level ?? 'LOW']} mark of ${grouped(event.threshold ?? 0)}.`;
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
  const parts = [`A new period began with ${countCredits(reset?.granted ?? 0, creditType)}`];
  if (reset !== null && reset.rolledOver > 0) parts.push(`${grouped(reset.rolledOver)} rolled over`);
  if (reset !== null && reset.forfeited > 0)
    parts.push(`${grouped(reset.forfeited)} unused of the last allowance expired`);
  return `${parts.join('; ')}.`;
}

function countCredits(count: number, creditType: LedgerEvent['creditType']): string {
  return `${grouped(count)} ${creditType === 'SCAN' ? 'Deep Scan ' : ''}${count === 1 ? 'credit' : 'credits'}`;
}

/** 1234567 -> 1,234,567 */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
