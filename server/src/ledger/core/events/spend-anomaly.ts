import { creditsIn } from '../credits-text.js';
import type { SpendAnomaly } from '../spending.js';
import { asKept, type EventKind } from './event-kind.js';

/** Far more was spent in an hour than this account usually spends in one. */
export const SPEND_ANOMALY: EventKind<{ readonly anomaly: SpendAnomaly }> = {
  means:
    'At least three times as much was spent in an hour as usual for this account; `anomaly` says the figures and who spent most. Told by the first commit after that hour, once in 24 hours.',
  formats: [asKept],
  describe: ({ anomaly: { credits, usual } }, { creditType }) =>
    `${creditsIn(credits, creditType)} ${credits === 1 ? 'was' : 'were'} spent in an hour, ${timesOf(credits / usual)} times as much as usual.`,
};

/** With one decimal where there is one, never more than it was. */
function timesOf(times: number): string {
  return (Math.floor(times * 10) / 10).toLocaleString('en-US', { maximumFractionDigits: 1 });
}
