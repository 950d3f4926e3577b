import { moneyText } from '../../kit/money-text.js';
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

type PlanOrder = {
  readonly plan: string;
  readonly planBefore: string;
  readonly amountMinor: number;
  readonly currency: string;
};

/** Somebody began to pay for a plan. */
export const PLAN_ORDERED: ActionKind<PlanOrder> = {
  formats: [asKept],
  describe: ({ plan, planBefore, ...price }) =>
    `Began to pay ${moneyText(price)} for the plan ${plan} after ${planBefore}.`,
};

type PlanPaid = {
  readonly plan: string;
  /** The provider's id. */
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly currency: string;
};

/** A plan was paid: it changed with that, or goes on. */
export const PLAN_PAID: ActionKind<PlanPaid> = {
  formats: [asKept],
  describe: ({ plan, paymentId, ...price }) => `Paid ${moneyText(price)} for the plan ${plan} (${paymentId}).`,
};

/** What a plan was to be paid with was not to be had. */
export const PLAN_UNPAID: ActionKind<{ readonly plan: string; readonly declineCode: string }> = {
  formats: [asKept],
  describe: ({ plan, declineCode }) =>
    `Could not charge for the plan ${plan} (${declineCode}): its allowance waits for the payment.`,
};

/** The provider charges for a plan no more. */
export const PLAN_ENDED: ActionKind<{ readonly plan: string; readonly isPaid: boolean }> = {
  formats: [asKept],
  describe: ({ plan, isPaid }) =>
    `The subscription to the plan ${plan} ended at the payment provider: ${isPaid ? 'FREE takes over at the reset' : 'it was not paid for, and FREE is in force at once'}.`,
};
