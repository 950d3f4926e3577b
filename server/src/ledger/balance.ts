import type { CreditType } from '../catalog/catalog.js';
import type { AccountState, BalanceView, LevelName } from './state.js';

const SEVERITY: readonly LevelName[] = ['EMPTY', 'CRITICAL', 'LOW'];

/**
 * An account's balance of one credit type as callers see it.
 *
 * A pure function of the state at one version: two reads that carry the same version are equal.
 * `available` is what can be used now: what is owned and free, less what waits for a paid plan.
 */
export function balanceOf(account: AccountState, creditType: CreditType): BalanceView {
  const credits = account.credits[creditType];
  const available = credits.available - credits.waiting;
  return {
    accountId: account.id,
    creditType,
    available,
    held: credits.held,
    used: credits.used,
    allowance: credits.allowance,
    allowanceLeft: credits.allowanceLeft,
    purchased: credits.purchased,
    promotional: credits.promotional,
    waiting: credits.waiting,
    level:
      available === 0
        ? 'EMPTY'
        : (SEVERITY.find((name) => credits.levels.some((rule) => rule.level === name && rule.fired)) ?? 'OK'),
    nextResetAt: account.period.end,
    version: account.version,
    asOf: account.changedAt,
  };
}
