import type { ReactNode } from 'react';
import { outageOf } from '../apollo/freshness.js';
import type { FreshnessStore } from '../apollo/freshness.js';
import { waitingWords } from '../features/live/outage.js';
import { useFreshness } from '../features/live/useFreshness.js';
import { WaitingContext } from '../ui/waiting.js';

/** Lets everything within know when the server cannot be asked, messages included. */
export function Waiting({ freshness, children }: { freshness: FreshnessStore; children: ReactNode }) {
  const outage = outageOf(useFreshness(freshness));
  return <WaitingContext value={outage === null ? null : waitingWords(outage)}>{children}</WaitingContext>;
}
