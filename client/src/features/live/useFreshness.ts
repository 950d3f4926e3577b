import { createContext, use, useEffect, useState, useSyncExternalStore } from 'react';
import { showFreshness } from '../../apollo/freshness.js';
import type { FreshnessStore, ShownFreshness } from '../../apollo/freshness.js';

/** How current the numbers on screen are, by a store; looks again each second while they are not live. */
export function useFreshness(store: FreshnessStore): ShownFreshness {
  const freshness = useSyncExternalStore(store.subscribe, store.read);
  const [now, setNow] = useState(() => Date.now());
  const isWaiting = freshness.phase === 'lost' || freshness.phase === 'connecting';
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isWaiting]);
  return showFreshness(freshness, Math.max(now, freshness.since));
}

/** Given by the application once a session is open. */
export const FreshnessContext = createContext<ShownFreshness>({ kind: 'connecting' });

/** How current the numbers of the page are. */
export function useShownFreshness(): ShownFreshness {
  return use(FreshnessContext);
}
