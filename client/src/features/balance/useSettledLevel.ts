import { useEffect, useMemo, useState } from 'react';
import { levelLastsMs } from '../../domain/balance.js';
import type { BalanceFieldsFragment } from '../../gql/operations.js';

const severity: Readonly<Record<string, number>> = { OK: 0, LOW: 1, CRITICAL: 2, EMPTY: 3 };

/** Whether a level is to be shown at once: a better one, or a worse one that no open hold made. */
export function isShownAtOnce(shown: string, next: Pick<BalanceFieldsFragment, 'level' | 'held'>): boolean {
  return (severity[next.level] ?? 1) <= (severity[shown] ?? 1) || next.held === 0;
}

type Leveled = Pick<BalanceFieldsFragment, 'id' | 'level' | 'held'>;

/** The level that is shown of a balance, and whether a worse one waits to be: `over` when its time has come. */
export type Settling = { id: string; level: Leveled['level']; wait: 'none' | 'running' | 'over' };

/**
 * Pure: what is shown of the balance as it is now.
 *
 * While any worse level waits the very state that was given comes back, whichever level that is: levels that change with
 * each hold do not begin the wait anew, and the newest one is shown when it is over.
 */
export function nextSettling(state: Settling | null, balance: Leveled | null): Settling | null {
  if (balance === null) return state?.wait === 'running' ? { ...state, wait: 'none' } : state;
  const isShown =
    state === null || state.id !== balance.id || state.wait === 'over' || isShownAtOnce(state.level, balance);
  const level = isShown ? balance.level : state.level;
  const wait = isShown ? 'none' : 'running';
  if (state?.id === balance.id && state.level === level && state.wait === wait) return state;
  return { id: balance.id, level, wait };
}

/**
 * The balance with the level to warn of: work that begins and fails would else light a warning and put it out again,
 * though nothing was spent. All figures are as they came.
 */
export function useSettledLevel(balance: BalanceFieldsFragment | null): BalanceFieldsFragment | null {
  const [settled, setSettled] = useState(() => nextSettling(null, balance));
  const next = nextSettling(settled, balance);
  if (next !== settled) setSettled(next);
  useEffect(() => {
    if (next?.wait !== 'running') return;
    const timer = setTimeout(() => setSettled((now) => (now === next ? { ...next, wait: 'over' } : now)), levelLastsMs);
    return () => clearTimeout(timer);
  }, [next]);
  const level = next?.level;
  return useMemo(
    () => (balance === null || level === undefined || level === balance.level ? balance : { ...balance, level }),
    [balance, level],
  );
}
