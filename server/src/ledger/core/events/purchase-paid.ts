import { creditsIn } from '../credits-text.js';
import { asKept, type EventKind } from './event-kind.js';

/** A pack was paid: its credits, with the bonus, are there. */
export const PURCHASE_PAID: EventKind<{ readonly purchaseId: string; readonly credits: number }> = {
  means: 'A pack was paid; its credits are there.',
  formats: [asKept],
  describe: ({ credits }, { creditType }) => `${creditsIn(credits, creditType)} bought and paid.`,
};
