import type { ReactNode } from 'react';
import { outageOf } from '../apollo/freshness.js';
import type { FreshnessStore } from '../apollo/freshness.js';
import { waitingWords } from '../features/live/outage.js';
import { FreshnessContext, useFreshness } from '../features/live/useFreshness.js';
import { WaitingContext } from '../ui/waiting.js';

/** Lets everything within know how current the numbers are, and when the server cannot be asked; messages included. */
export function Waiting({ freshness: store, children }: { freshness: FreshnessStore; children: ReactNode }) {
  const freshness = useFreshness(store);
  const outage = outageOf(freshness);
  return (
    <FreshnessContext value={freshness}>
      <WaitingContext value={outage === null ? null : waitingWords(outage)}>{children}</WaitingContext>
    </FreshnessContext>
  );
}
