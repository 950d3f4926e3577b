import { formatId } from '@aibc/shared/ids';
import type { ClockReading } from './clocks.js';
import type { AccountClock } from './live.types.js';

/** A clock as the API shows it. */
export function showClock({ accountId, now, wallClock, runs }: ClockReading): AccountClock {
  return { accountId: formatId('acct', accountId), now, wallClock, runs };
}
