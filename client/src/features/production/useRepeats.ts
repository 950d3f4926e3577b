import { useEffect } from 'react';
import type { Generation } from './generation.js';

/** Without a live link that would tell of the server's return, it is asked this often. */
const blindMs = 10_000;
const liveMs = 500;

/** Asks again by itself for what got no answer: as soon as the link is live, under the same key. */
export function useRepeats(generation: Generation, isLive: boolean): void {
  useEffect(() => {
    if (generation.step !== 'unanswered' && generation.step !== 'unsettled') return;
    if (generation.isAsking || !generation.isWorthRepeating) return;
    const timer = setTimeout(generation.again, isLive ? liveMs : blindMs);
    return () => clearTimeout(timer);
  }, [generation, isLive]);
}
