import type { PlanCode } from '../../../catalog/catalog.js';
import { asKept, type EventKind } from './event-kind.js';

/** Plans in sentences. */
const PLAN_WORDS: Readonly<Record<PlanCode, string>> = { FREE: 'Free', PRO: 'Pro', ENTERPRISE: 'Enterprise' };

/** The account is on another plan from here on. */
export const PLAN_CHANGED: EventKind<{ readonly plan: PlanCode; readonly planBefore: PlanCode }> = {
  means: 'The account is on another plan from here on; `plan` says which.',
  formats: [asKept],
  describe: ({ plan, planBefore }) =>
    `The plan is ${PLAN_WORDS[plan]} from now on; it was ${PLAN_WORDS[planBefore]} before.`,
};
