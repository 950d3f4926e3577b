import { t } from '@lingui/core/macro';
import type { Outage } from '../../apollo/freshness.js';

/** What every part of the page that waits for the server says. */
export function waitingWords({ cause }: Pick<Outage, 'cause'>): string {
  return cause === 'offline' ? t`You are offline.` : t`The server does not answer.`;
}
