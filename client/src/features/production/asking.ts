import { isUnanswered, messageOf } from '../../apollo/retry.js';
import type { Generation, Unanswered } from './generation.js';

/** What the page shows of a question that got no answer, and how it is asked again. */
export function unanswered(error: unknown, again: () => void): Unanswered {
  return { message: messageOf(error), isWorthRepeating: isUnanswered(error), isAsking: false, again };
}

/** The same, while it is being asked again. */
export function asking(present: Generation): Generation {
  return present.step === 'unanswered' || present.step === 'unsettled' ? { ...present, isAsking: true } : present;
}
