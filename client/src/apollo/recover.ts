import { NetworkStatus } from '@apollo/client';
import type { ApolloClient } from '@apollo/client';
import type { FreshnessStore } from './freshness.js';

/** Asked at once, and once more for what was still under way, or failed again, while the server woke up. */
const looksMs = [0, 2_000];

/**
 * Asks again every query on the screen that is in error, each time the link is proven live, and when the machine is back
 * on a network (a short absence may leave the live link standing and only fail what was asked meanwhile).
 *
 * So no section stays failed beside a header that says *Live*, whichever feature it belongs to; a query that answers,
 * now or in a later look, is left alone.
 *
 * @param network  says `online`; the window in a browser
 * @returns stops it
 */
export function retryFailedWhenBack(client: ApolloClient, freshness: FreshnessStore, network: EventTarget): () => void {
  let timers: ReturnType<typeof setTimeout>[] = [];
  const forget = (): void => {
    for (const timer of timers) clearTimeout(timer);
    timers = [];
  };
  const look = (): void => {
    forget();
    timers = looksMs.map((wait) => setTimeout(() => retryFailed(client), wait));
  };
  const stopListening = freshness.subscribe(() => {
    if (freshness.read().phase === 'live') look();
    else forget();
  });
  network.addEventListener('online', look);
  return () => {
    stopListening();
    network.removeEventListener('online', look);
    forget();
  };
}

function retryFailed(client: ApolloClient): void {
  for (const query of client.getObservableQueries('active')) {
    const { networkStatus } = query.getCurrentResult();
    // A query that fails again keeps its error on the screen: there is nothing to do here.
    if (networkStatus === NetworkStatus.error) query.refetch().catch(() => undefined);
  }
}
