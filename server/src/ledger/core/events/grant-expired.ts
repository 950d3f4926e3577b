import { creditsIn } from '../credits-text.js';
import { asKept, type EventKind } from './event-kind.js';

/** Credits that were left expired. */
export const GRANT_EXPIRED: EventKind<{ readonly grantId: string; readonly credits: number }> = {
  formats: [asKept],
  describe: ({ credits }, { creditType }) => `${creditsIn(credits, creditType)} expired unused.`,
};
