import { useEffect, useMemo, useState } from 'react';
import type { BalanceFieldsFragment } from '../../gql/operations.js';

/** A level that only a hold made is shown when it has lasted this long. */
export const lastedMs = 3_000;

const severity: Readonly<Record<string, number>> = { OK: 0, LOW: 1, CRITICAL: 2, EMPTY: 3 };

/** Whether a level is to be shown at once: a better one, or a worse one that no open hold made. */
export function isShownAtOnce(shown: string, next: Pick<BalanceFieldsFragment, 'level' | 'held'>): boolean {
  return (severity[next.level] ?? 1) <= (severity[shown] ?? 1) || next.held === 0;
}

/**
 * The balance with the level to warn of: work that begins and fails would else light a warning and put it out again,
 * though nothing was spent. All figures are as they came.
 */
export function useSettledLevel(balance: BalanceFieldsFragment | null): BalanceFieldsFragment | null {
  const [settled, setSettled] = useState(balance);
  const isNew = balance !== null && settled?.id !== balance.id;
  const isNow = balance !== null && settled !== null && !isNew && isShownAtOnce(settled.level, balance);
  const level = balance === null ? null : isNew || isNow || settled === null ? balance.level : settled.level;
  if (balance !== null && balance.level === level && (isNew || settled?.level !== level)) setSettled(balance);
  useEffect(() => {
    if (balance === null || level === balance.level) return;
    const timer = setTimeout(() => setSettled(balance), lastedMs);
    return () => clearTimeout(timer);
    // What waits is the level: further figures of it do not begin the wait anew.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [balance?.id, balance?.level, level]);
  return useMemo(
    () => (balance === null || level === null || level === balance.level ? balance : { ...balance, level }),
    [balance, level],
  );
}
