import { creditsIn } from '../credits-text.js';
import { asKept, type EventKind } from './event-kind.js';

/** What was unused of a purchase was given back, and the money for it. */
export const PURCHASE_REFUNDED: EventKind<{ readonly purchaseId: string; readonly credits: number }> = {
  means: 'What was unused of a pack was given back, and its money is on its way.',
  formats: [asKept],
  describe: ({ credits }, { creditType }) => `${creditsIn(credits, creditType)} refunded.`,
};
