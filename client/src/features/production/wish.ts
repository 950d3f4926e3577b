import { useSyncExternalStore } from 'react';
import { readStored, writeStored } from '../../ui/stored.js';

/** Work that somebody wants to be told of as soon as their account may have it. */
export type Wish = { accountId: string; code: string; name: string };

const storedKey = 'credits.wish';
const listeners = new Set<() => void>();
/** As it was read last, so that the same wish stays the same object. */
let last: { text: string | null; accountId: string; wish: Wish | null } | null = null;

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** A wish as it was kept in the browser; null: none, of another account, or not readable. */
export function readWish(text: string | null, accountId: string): Wish | null {
  if (text === null || text === '') return null;
  try {
    const kept = JSON.parse(text) as Partial<Wish> | null;
    const { code, name } = kept ?? {};
    return kept?.accountId === accountId && isText(code) && isText(name) ? { accountId, code, name } : null;
  } catch {
    return null;
  }
}

function keptWish(accountId: string): Wish | null {
  const text = readStored(storedKey);
  if (last?.text !== text || last.accountId !== accountId) last = { text, accountId, wish: readWish(text, accountId) };
  return last.wish;
}

/** Keeps a wish over rooms and reloads, in place of the one before; null: none any more. */
export function keepWish(wish: Wish | null): void {
  writeStored(storedKey, wish === null ? '' : JSON.stringify(wish));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', listener);
  };
}

/** What somebody waits for on an account, in any window of this browser. */
export function useWish(accountId: string): Wish | null {
  return useSyncExternalStore(subscribe, () => keptWish(accountId));
}
