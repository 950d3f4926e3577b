import type { Outage } from '../../apollo/freshness.js';

/** What every part of the page that waits for the server says. */
export function waitingWords({ cause }: Pick<Outage, 'cause'>): string {
  return cause === 'offline' ? 'You are offline.' : 'The server does not answer.';
}
