import type { CreditType } from '../../catalog/catalog.js';
import type { AccountState, BalanceView, LevelName, LevelRule } from './state.js';

/** The most severe first. */
export const BY_SEVERITY: readonly LevelName[] = ['EMPTY', 'CRITICAL', 'LOW'];

/** What a balance with something available can show; the most severe first. */
const BESIDE_EMPTY = ['CRITICAL', 'LOW'] as const;

/**
 * The level a balance shows: EMPTY exactly when nothing is available; else CRITICAL or LOW, the most severe such rule that has fired;
 * else OK.
 *
 * Source: docs/domain.md, Thresholds, events, notifications
 */
export function balanceLevel(levels: readonly LevelRule[], available: number): 'OK' | LevelName {
  if (available === 0) return 'EMPTY';
  return BESIDE_EMPTY.find((name) => levels.some((rule) => rule.level === name && rule.firedAt !== null)) ?? 'OK';
}

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
    level: balanceLevel(credits.levels, available),
    nextResetAt: account.period.end,
    version: account.version,
    asOf: account.changedAt,
  };
}
