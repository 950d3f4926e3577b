import { creditsIn } from '../credits-text.js';
import { asKept, type EventKind } from './event-kind.js';

/** The payment for a pack was declined; nothing was charged. `credits`: what it would have brought, with the bonus. */
export const PURCHASE_FAILED: EventKind<{ readonly purchaseId: string; readonly credits: number }> = {
  means: 'The payment for a pack was declined; nothing was charged.',
  formats: [asKept],
  describe: ({ credits }, { creditType }) =>
    `The payment for ${creditsIn(credits, creditType)} was declined: nothing was charged.`,
};
