import { creditsIn } from '../credits-text.js';
import { asKept, type EventKind } from './event-kind.js';

/** A hold ended unused and gave its credits back. */
export const RESERVATION_EXPIRED: EventKind<{ readonly reservationId: string; readonly credits: number }> = {
  means: 'A hold ended unused and gave its credits back.',
  formats: [asKept],
  describe: ({ credits }, { creditType }) => `A hold ended unused and gave back ${creditsIn(credits, creditType)}.`,
};
