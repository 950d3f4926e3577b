import type { PlanCode } from '../../../catalog/catalog.js';
import { creditsIn } from '../credits-text.js';
import { asKept, type EventKind } from './event-kind.js';

/** The first charge of a renewal failed. */
export const PLAN_PAYMENT_FAILED: EventKind<{ readonly plan: PlanCode; readonly credits: number }> = {
  means:
    'The first attempt to charge the renewal of the plan failed. What is left of its allowance, `credits`, waits until it is paid.',
  formats: [asKept],
  describe: ({ credits }, { creditType }) =>
    credits === 0
      ? 'The payment for the plan failed; the payment provider tries again.'
      : `The payment for the plan failed: ${creditsIn(credits, creditType)} of its allowance wait until it is paid.`,
};
