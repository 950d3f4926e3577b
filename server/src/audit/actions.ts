import { objectFromText, UnknownFormat } from '../kit/format-version.js';
import { ACCOUNT_CREATED } from './actions/account-created.js';
import type { ActionKind } from './actions/action-kind.js';
import { API_KEY_CREATED, API_KEY_ENDED, API_KEY_REVOKED } from './actions/api-key.js';
import { BUDGET_CHANGED, BUDGET_MADE, BUDGET_REMOVED } from './actions/budget.js';
import { EMAIL_CHANGED, EMAIL_CONFIRMED, EMAIL_STOPPED } from './actions/email.js';
import { GRANT_CREATED } from './actions/grant-created.js';
import { LEVELS_CHANGED } from './actions/levels.js';
import { PRICE_LIST_PUBLISHED } from './actions/price-list-published.js';
import { GRANT_REVOKED } from './actions/grant-revoked.js';
import {
  PAYMENT_RETURNED,
  PURCHASE_BEGUN,
  PURCHASE_DISPUTED,
  PURCHASE_PAID,
  PURCHASE_REFUNDED,
} from './actions/purchase.js';
import {
  PLAN_CHANGED,
  PLAN_ENDED,
  PLAN_KEPT,
  PLAN_ORDERED,
  PLAN_PAID,
  PLAN_SCHEDULED,
  PLAN_UNPAID,
} from './actions/plan.js';
import { PAYMENT_METHOD_REMOVED, PAYMENT_METHOD_SAVED } from './actions/payment-method.js';
import { TOP_UP_BEGUN, TOP_UP_ENDED, TOP_UP_SET } from './actions/top-up.js';

/** All deeds that the audit log tells of: a new one is a file of `actions/` and a line here. The names lie in the database and never change. */
const ACTIONS = {
  'account.created': ACCOUNT_CREATED,
  'api_key.created': API_KEY_CREATED,
  'api_key.ended': API_KEY_ENDED,
  'api_key.revoked': API_KEY_REVOKED,
  'budget.made': BUDGET_MADE,
  'budget.changed': BUDGET_CHANGED,
  'budget.removed': BUDGET_REMOVED,
  'email.changed': EMAIL_CHANGED,
  'email.confirmed': EMAIL_CONFIRMED,
  'email.stopped': EMAIL_STOPPED,
  'grant.created': GRANT_CREATED,
  'grant.revoked': GRANT_REVOKED,
  'levels.changed': LEVELS_CHANGED,
  'purchase.begun': PURCHASE_BEGUN,
  'purchase.paid': PURCHASE_PAID,
  'purchase.refunded': PURCHASE_REFUNDED,
  'purchase.disputed': PURCHASE_DISPUTED,
  'payment.returned': PAYMENT_RETURNED,
  'price_list.published': PRICE_LIST_PUBLISHED,
  'payment_method.removed': PAYMENT_METHOD_REMOVED,
  'payment_method.saved': PAYMENT_METHOD_SAVED,
  'top_up.begun': TOP_UP_BEGUN,
  'top_up.ended': TOP_UP_ENDED,
  'top_up.set': TOP_UP_SET,
  'plan.changed': PLAN_CHANGED,
  'plan.ended': PLAN_ENDED,
  'plan.kept': PLAN_KEPT,
  'plan.ordered': PLAN_ORDERED,
  'plan.paid': PLAN_PAID,
  'plan.scheduled': PLAN_SCHEDULED,
  'plan.unpaid': PLAN_UNPAID,
} as const;

export type AuditAction = keyof typeof ACTIONS;

/** What is told of a deed. */
export type AuditFacts<A extends AuditAction> = (typeof ACTIONS)[A] extends ActionKind<infer F> ? F : never;

/** A deed: what was done, with its facts. */
export type Deed = { readonly [A in AuditAction]: { readonly action: A; readonly facts: AuditFacts<A> } }[AuditAction];

/** Stands in `account_id` for a deed that is about no single account. */
export const NO_ACCOUNT = '00000000-0000-0000-0000-000000000000';

/** Who did what, when. */
export interface AuditEntry {
  /** uuid; `NO_ACCOUNT` for what is about a whole side. */
  readonly accountId: string;
  /** UUIDv7: ids are made in the order of time. */
  readonly id: string;
  readonly sandbox: boolean;
  readonly action: AuditAction;
  /** As entries name who acted: `user:carla`, `operator:ops`, `system`. */
  readonly actor: string;
  /** Epoch milliseconds: the account's own time for what the ledger decided, else the database's. */
  readonly at: number;
  readonly facts: object;
}

function isAction(action: string): action is AuditAction {
  return Object.hasOwn(ACTIONS, action);
}

/** Facts as they are kept. */
export function auditFactsToText(facts: object): string {
  return JSON.stringify(facts);
}

/**
 * What was done, in one sentence for a person.
 *
 * @param kept  the facts as they are kept
 * @throws UnknownFormat for an action or a version of its facts that a newer version of the program wrote
 */
export function describeDeed(action: string, kept: string): string {
  if (!isAction(action)) throw new UnknownFormat(`This version of the program does not know the deed ${action}`);
  const kind: ActionKind<object> = ACTIONS[action];
  return kind.describe(objectFromText(`facts of ${action}`, kept, kind.formats));
}
