import { type ActionKind, asKept } from './action-kind.js';

type PlanDeed = {
  readonly plan: string;
  readonly planBefore: string;
  /** Epoch milliseconds. */
  readonly effectiveAt: number;
};

/** Somebody put the account on another plan, at once. */
export const PLAN_CHANGED: ActionKind<PlanDeed> = {
  formats: [asKept],
  describe: ({ plan, planBefore }) => `Changed the plan from ${planBefore} to ${plan}, at once.`,
};

/** Somebody had another plan take over at the boundary. */
export const PLAN_SCHEDULED: ActionKind<PlanDeed> = {
  formats: [asKept],
  describe: ({ plan, planBefore, effectiveAt }) =>
    `Had the plan ${plan} take over from ${planBefore} at ${new Date(effectiveAt).toISOString()}.`,
};

/** Somebody took back that another plan was to take over. */
export const PLAN_KEPT: ActionKind<PlanDeed> = {
  formats: [asKept],
  describe: ({ plan }) => `Kept the plan ${plan}: no other takes over.`,
};
