import { creditsIn } from '../credits-text.js';
import { asKept, type EventKind } from './event-kind.js';

/** Credits that nobody holds will end in 7, 3 or 1 times 24 hours. */
export const GRANT_EXPIRING: EventKind<{ readonly grantId: string; readonly credits: number; readonly days: number }> =
  {
    means: 'Credits will expire in 7, 3 or 1 times 24 hours.',
    formats: [asKept],
    describe: ({ credits, days }, { creditType }) =>
      `${creditsIn(credits, creditType)} will expire in ${days === 1 ? 'a day' : `${days} days`}.`,
  };
