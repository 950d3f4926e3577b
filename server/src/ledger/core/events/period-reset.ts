import { grouped } from '../../../kit/grouped.js';
import { creditsIn } from '../credits-text.js';
import { asKept, type EventKind, type PeriodReset } from './event-kind.js';

/** A billing cycle ended and the next began. */
export const PERIOD_RESET: EventKind<{ readonly reset: PeriodReset }> = {
  means: 'A billing cycle ended and the next began; `reset` has the figures.',
  formats: [asKept],
  describe: ({ reset: { granted, rolledOver, forfeited } }, { creditType }) => {
    const parts = [`A new period began with ${creditsIn(granted, creditType)}`];
    if (rolledOver > 0) parts.push(`${grouped(rolledOver)} rolled over`);
    if (forfeited > 0) parts.push(`${grouped(forfeited)} unused of the last allowance expired`);
    return `${parts.join('; ')}.`;
  },
};
