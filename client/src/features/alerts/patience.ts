import { levelLastsMs } from '../../domain/balance.js';
import type { AccountEvent } from './useEvents.js';

/** Runs something later; returns what takes it back. */
export type After = (ms: number, run: () => void) => () => void;

export type Patience = {
  /** The account's events, in their order. */
  take: (event: AccountEvent) => void;
  /** Forgets what waits. */
  stop: () => void;
};

/**
 * Passes the account's events on, each at its time: a level that would be over if the open holds came back waits until it
 * has lasted, and is dropped together with its end when it has not. So work that fails, and is not charged, is no news.
 */
export function createPatience(pass: (event: AccountEvent) => void, after: After): Patience {
  const waiting = new Map<string, () => void>();
  const withdraw = (key: string): boolean => {
    waiting.get(key)?.();
    return waiting.delete(key);
  };
  return {
    take: (event) => {
      const key = `${event.creditType} ${event.level ?? ''}`;
      if (event.type === 'BALANCE_LOW') {
        withdraw(key);
        if (!isOfHolds(event)) return pass(event);
        const tell = (): void => {
          waiting.delete(key);
          pass(event);
        };
        waiting.set(key, after(levelLastsMs, tell));
      } else if (event.type !== 'BALANCE_RECOVERED' || !withdraw(key)) pass(event);
    },
    stop: () => {
      for (const cancel of waiting.values()) cancel();
      waiting.clear();
    },
  };
}

/** Whether the level would not be reached if everything on hold came back. */
function isOfHolds({ threshold, balance }: AccountEvent): boolean {
  return threshold !== null && balance.available + balance.held > threshold;
}
