import { creditsIn } from '../credits-text.js';
import { asKept, type EventKind } from './event-kind.js';

/** The bank wants the buyer before it pays for a pack; `checkoutUrl` of the purchase leads there. */
export const PURCHASE_ACTION_REQUIRED: EventKind<{ readonly purchaseId: string; readonly credits: number }> = {
  means: 'The bank wants the buyer to confirm the payment for a pack; `checkoutUrl` of the purchase leads there.',
  formats: [asKept],
  describe: ({ credits }, { creditType }) =>
    `The bank asks the buyer to confirm the payment for ${creditsIn(credits, creditType)}.`,
};
