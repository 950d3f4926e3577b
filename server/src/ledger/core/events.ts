import { objectFromText, UnknownFormat } from '../../kit/format-version.js';
import { AUTO_TOP_UP_OFF } from './events/auto-top-up-off.js';
import { BALANCE_LOW } from './events/balance-low.js';
import { BALANCE_RECOVERED } from './events/balance-recovered.js';
import { BUDGET_EXHAUSTED, BUDGET_LOW } from './events/budget.js';
import type { EventBase, EventFacts, EventKind } from './events/event-kind.js';
import { GRANT_ADDED } from './events/grant-added.js';
import { GRANT_EXPIRING } from './events/grant-expiring.js';
import { GRANT_EXPIRED } from './events/grant-expired.js';
import { PERIOD_RESET } from './events/period-reset.js';
import { PURCHASE_ACTION_REQUIRED } from './events/purchase-action-required.js';
import { PURCHASE_FAILED } from './events/purchase-failed.js';
import { PURCHASE_PAID } from './events/purchase-paid.js';
import { PLAN_CHANGED } from './events/plan-changed.js';
import { PLAN_PAYMENT_FAILED } from './events/plan-payment-failed.js';
import { PURCHASE_REFUNDED } from './events/purchase-refunded.js';
import { RESERVATION_EXPIRED } from './events/reservation-expired.js';
import { SPEND_ANOMALY } from './events/spend-anomaly.js';

/** All types of events: a new one is a file of `events/` and a line here. The names lie in the database and never change. */
const EVENTS = {
  BALANCE_LOW,
  BALANCE_RECOVERED,
  PERIOD_RESET,
  PLAN_CHANGED,
  PLAN_PAYMENT_FAILED,
  GRANT_ADDED,
  GRANT_EXPIRING,
  GRANT_EXPIRED,
  RESERVATION_EXPIRED,
  PURCHASE_PAID,
  PURCHASE_REFUNDED,
  PURCHASE_FAILED,
  PURCHASE_ACTION_REQUIRED,
  BUDGET_LOW,
  BUDGET_EXHAUSTED,
  SPEND_ANOMALY,
  AUTO_TOP_UP_OFF,
} as const;

export type EventType = keyof typeof EVENTS;

/** What an event of a type says. */
export type FactsOf<T extends EventType> = (typeof EVENTS)[T] extends EventKind<infer F> ? F : never;

/** What others want to hear of: a type, and with each type its facts. */
export type LedgerEvent = {
  readonly [T in EventType]: EventBase & { readonly type: T; readonly facts: FactsOf<T> };
}[EventType];

/** What an event of each type means, for the API's schema. */
export const EVENT_MEANINGS = Object.fromEntries(
  Object.entries(EVENTS).map(([type, { means }]) => [type, means]),
) as Readonly<Record<EventType, string>>;

/** The kind of a type, as whoever deals with any of them sees it. */
function kindOf(type: EventType): EventKind<EventFacts> {
  return EVENTS[type];
}

/** What happened, in one sentence for a person. */
export function describeEvent(event: LedgerEvent): string {
  return kindOf(event.type).describe(event.facts, event);
}

/** Whatever an event says, under the names that the API has for it. */
export function saidBy(event: LedgerEvent): EventFacts {
  return event.facts;
}

/** Facts as they are kept. */
export function factsToText(facts: EventFacts): string {
  return JSON.stringify(facts);
}

/** @throws UnknownFormat for a type or a version of its facts that a newer version of the program wrote */
export function factsFromText(type: EventType, text: string): EventFacts {
  if (!Object.hasOwn(EVENTS, type)) throw new UnknownFormat(`This version of the program does not know ${type} events`);
  return objectFromText(`facts of ${type} events`, text, kindOf(type).formats);
}
