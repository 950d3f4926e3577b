import { useEffect } from 'react';
import { isUnderWay } from './generation.js';
import type { Generation } from './generation.js';

/** The browser asks before a reload or a closed tab leaves work behind. */
export function useStayingAsked(generation: Generation): void {
  const isWorking = isUnderWay(generation);
  useEffect(() => {
    if (!isWorking) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isWorking]);
}
