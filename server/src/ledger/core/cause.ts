import type { EventType } from './events.js';
import type { RowKind, WorkOutcome } from './state.js';

/** Why credits moved, for programs. The names are of the API and never change; several causes of groups may share one. */
export type EntryCause =
  | 'ACCOUNT_CREATED'
  | 'RESERVED'
  | 'ADDED'
  | 'SPENT'
  | 'COMMITTED'
  | 'RELEASED'
  | 'RESERVATION_EXPIRED'
  | 'GRANTED'
  | 'GRANT_EXPIRED'
  | 'PERIOD_RESET'
  | 'PLAN_CHANGED'
  | 'PURCHASED'
  | 'REFUNDED'
  | 'DISPUTED'
  | 'REVOKED'
  | 'PAYMENT_FAILED';

/** What every entry group of a cause does and says, whoever caused it. */
interface CauseFacts {
  /** The row that answers a command which was sent with an idempotency key; it is kept in the group's first row. Null: it answers no key. */
  readonly answers: RowKind | 'plan' | 'topUp' | 'refusal' | null;
  /** Whether auto top-up may buy after it, of the credits that it moved or is about. Source: docs/domain.md, Auto top-up */
  readonly topsUp: boolean;
  /** The one event that it tells beside those of levels and of grants. */
  readonly tells: EventType | null;
  /** Whether it tells GRANT_ADDED of each grant that it makes. */
  readonly tellsGrants: boolean;
  /** What it does to the reservation that it names; null: it names none. */
  readonly effect: 'opens' | 'opens and commits' | 'adds' | 'commits' | 'releases' | 'prolongs' | 'expires' | null;
  /** Why it gives back what a reservation held, for a person: `since it was released`; null: it gives nothing back. */
  readonly released: ((outcome: WorkOutcome) => string) | null;
  /** How what it lets expire ended: `expired unused`; null: it lets nothing expire. */
  readonly expired: string | null;
  /** Why it revokes, for a person: `after the grant had been revoked`; null: it revokes nothing. */
  readonly revoked: string | null;
  /** Why its entries were written, for programs; null: it writes none. */
  readonly of: EntryCause | null;
}

const RETURNED: Readonly<Record<WorkOutcome, string>> = {
  SUCCEEDED: 'which the work did not need',
  FAILED: 'since the work failed',
  BLOCKED: 'since the work was blocked',
  CANCELED: 'since the work was canceled',
};
const AFTER_THEIR_END = 'expired: a hold gave them back after their end';
const AFTER_REVOKED = 'a hold gave them back after they had been revoked';

const DISPUTED = "the buyer's bank took the payment back";

/** Most causes do none of these things. */
const PLAIN = {
  answers: null,
  topsUp: false,
  tells: null,
  tellsGrants: false,
  effect: null,
  released: null,
  expired: null,
  revoked: null,
  of: null,
} as const;

/**
 * Why an entry group was written. The names lie in the journal and never change: `open` is the creation of an account.
 *
 * Replay and explanations read what is said here: a new cause does not compile before all of it is said.
 */
export const CAUSES = {
  open: { ...PLAIN, of: 'ACCOUNT_CREATED' },
  reserve: { ...PLAIN, answers: 'reservations', topsUp: true, effect: 'opens', of: 'RESERVED' },
  spend: { ...PLAIN, answers: 'reservations', topsUp: true, effect: 'opens and commits', of: 'SPENT' },
  /** Lines were added to an open hold. */
  add: { ...PLAIN, answers: 'reservations', topsUp: true, effect: 'adds', of: 'ADDED' },
  commit: {
    ...PLAIN,
    answers: 'reservations',
    topsUp: true,
    effect: 'commits',
    of: 'COMMITTED',
    released: (outcome: WorkOutcome) => RETURNED[outcome],
    expired: AFTER_THEIR_END,
    revoked: AFTER_REVOKED,
  },
  release: {
    ...PLAIN,
    answers: 'reservations',
    effect: 'releases',
    of: 'RELEASED',
    released: () => 'since it was released',
    expired: AFTER_THEIR_END,
    revoked: AFTER_REVOKED,
  },
  extend: { ...PLAIN, answers: 'reservations', effect: 'prolongs' },
  grant: { ...PLAIN, answers: 'grants', tellsGrants: true, of: 'GRANTED' },
  revoke: { ...PLAIN, answers: 'grants', revoked: 'an operator revoked them', of: 'REVOKED' },
  'expire-reservation': {
    ...PLAIN,
    tells: 'RESERVATION_EXPIRED',
    effect: 'expires',
    of: 'RESERVATION_EXPIRED',
    released: () => 'since the hold expired',
    expired: AFTER_THEIR_END,
    revoked: AFTER_REVOKED,
  },
  /** Credits will end in some days: they are announced. */
  'announce-expiry': { ...PLAIN, tells: 'GRANT_EXPIRING' },
  'expire-grant': { ...PLAIN, tells: 'GRANT_EXPIRED', expired: 'expired unused', of: 'GRANT_EXPIRED' },
  /** The low-balance rules of a credit type were replaced. */
  'set-levels': PLAIN,
  /** Another plan at once, within the period. */
  'change-plan': { ...PLAIN, answers: 'plan', of: 'PLAN_CHANGED' },
  /** A paid plan after FREE: it begins a period of its own. */
  'begin-plan': {
    ...PLAIN,
    answers: 'plan',
    tells: 'PERIOD_RESET',
    expired: 'expired unused when another plan began',
    of: 'PLAN_CHANGED',
  },
  /** A plan is to be paid first. */
  'order-plan': { ...PLAIN, answers: 'planPayments' },
  'open-plan-checkout': PLAIN,
  'end-plan-payment': PLAIN,
  'return-plan-payment': PLAIN,
  /** An upgrade was paid: the plan changed with it. */
  'pay-upgrade': { ...PLAIN, of: 'PLAN_CHANGED' },
  /** A paid plan after FREE was paid: it begins a period of its own. */
  'pay-plan': {
    ...PLAIN,
    tells: 'PERIOD_RESET',
    expired: 'expired unused when another plan began',
    of: 'PLAN_CHANGED',
  },
  /** A renewal was paid: what waited for it can be used. */
  'renew-plan': PLAIN,
  /** The first charge of a renewal failed: its allowance waits. */
  'fail-renewal': { ...PLAIN, tells: 'PLAN_PAYMENT_FAILED' },
  /** A renewal is charged no more: its period is over, or is paid by another. */
  'void-renewal': PLAIN,
  /** The provider gave up on a renewal: the plan is FREE at once. */
  'end-plan': { ...PLAIN, revoked: 'the plan was not paid for', of: 'PAYMENT_FAILED' },
  /** The subscription ended at the provider with the period paid: FREE takes over at the boundary. */
  'end-subscription': PLAIN,
  /** Another plan at the boundary, or the present one after all. */
  'schedule-plan': { ...PLAIN, answers: 'plan' },
  'reset-period': { ...PLAIN, tells: 'PERIOD_RESET', expired: 'expired unused at the reset', of: 'PERIOD_RESET' },
  /** A budget was made or changed. */
  'set-budget': { ...PLAIN, answers: 'budgets' },
  'remove-budget': PLAIN,
  /** A purchase was begun; it is not paid. */
  purchase: { ...PLAIN, answers: 'purchases' },
  'open-checkout': PLAIN,
  'pay-purchase': { ...PLAIN, tells: 'PURCHASE_PAID', tellsGrants: true, of: 'PURCHASED' },
  /** Auto top-up's own: it may buy again at once. */
  'pay-top-up': { ...PLAIN, topsUp: true, tells: 'PURCHASE_PAID', tellsGrants: true, of: 'PURCHASED' },
  /** Work was refused, and auto top-up buys for want of it. */
  'refuse-and-top-up': { ...PLAIN, answers: 'refusal', topsUp: true },
  'set-top-up': { ...PLAIN, answers: 'topUp', topsUp: true },
  'save-method': PLAIN,
  'remove-method': PLAIN,
  'fail-purchase': { ...PLAIN, tells: 'PURCHASE_FAILED' },
  /** The buyer gave it up, or the provider did. */
  'cancel-purchase': PLAIN,
  /** Nobody paid for it in time. */
  'end-purchase': PLAIN,
  'ask-buyer': { ...PLAIN, tells: 'PURCHASE_ACTION_REQUIRED' },
  /** The provider said how a purchase ended that had ended here before. */
  'settle-purchase': PLAIN,
  /** A payment came that pays for nothing: it goes back. */
  'return-payment': PLAIN,
  /** Money is on its way back. */
  'send-refund': PLAIN,
  'refund-purchase': {
    ...PLAIN,
    answers: 'purchases',
    tells: 'PURCHASE_REFUNDED',
    revoked: 'what was left of the purchase went with its refund',
    of: 'REFUNDED',
  },
  'dispute-purchase': { ...PLAIN, revoked: DISPUTED, of: 'DISPUTED' },
  'lose-dispute': { ...PLAIN, revoked: DISPUTED, of: 'DISPUTED' },
  'win-dispute': { ...PLAIN, tellsGrants: true, of: 'DISPUTED' },
} as const satisfies Readonly<Record<string, CauseFacts>>;

export type Cause = keyof typeof CAUSES;

export function isCause(text: string): text is Cause {
  return Object.hasOwn(CAUSES, text);
}

/** What is known of a cause. */
export function factsOf(cause: Cause): CauseFacts {
  return CAUSES[cause];
}
