import { creditsIn } from '../credits-text.js';
import { asKept, type EventKind } from './event-kind.js';

/** Credits were added, other than by the plan. */
export const GRANT_ADDED: EventKind<{ readonly grantId: string; readonly credits: number }> = {
  means: 'Credits were added, other than by the plan.',
  formats: [asKept],
  describe: ({ credits }, { creditType }) => `${creditsIn(credits, creditType)} added.`,
};
