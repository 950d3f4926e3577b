import { creditsIn } from '../credits-text.js';
import { asKept, type EventKind } from './event-kind.js';

/** Credits that were left expired. */
export const GRANT_EXPIRED: EventKind<{ readonly grantId: string; readonly credits: number }> = {
  means: 'Credits that were left expired.',
  formats: [asKept],
  describe: ({ credits }, { creditType }) => `${creditsIn(credits, creditType)} expired unused.`,
};
