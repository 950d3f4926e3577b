import type { EventPageQuery, EventType } from '../../gql/warnings.js';

export type Happened = NonNullable<EventPageQuery['account']>['events']['edges'][number]['node'];

/** What is known of an account's events, the newest first, without a gap. */
export type Known = { events: readonly Happened[]; hasOlder: boolean };

/** Which events one looks at. */
export type Show = 'all' | 'low' | 'budgets' | 'payments' | 'credits' | 'work';

/** As the server is asked; null for all. */
export const typesOf: Readonly<Record<Show, EventType[] | null>> = {
  all: null,
  // With what ends a warning: a row says what became of it.
  low: ['BALANCE_LOW', 'BALANCE_RECOVERED', 'PERIOD_RESET', 'GRANT_ADDED', 'PURCHASE_PAID', 'PLAN_CHANGED'],
  budgets: ['BUDGET_LOW', 'BUDGET_EXHAUSTED'],
  payments: [
    'PURCHASE_ACTION_REQUIRED',
    'PURCHASE_PAID',
    'PURCHASE_FAILED',
    'PURCHASE_REFUNDED',
    'AUTO_TOP_UP_OFF',
    'PLAN_PAYMENT_FAILED',
  ],
  credits: ['PERIOD_RESET', 'PLAN_CHANGED', 'GRANT_ADDED', 'GRANT_EXPIRING', 'GRANT_EXPIRED'],
  work: ['RESERVATION_EXPIRED', 'SPEND_ANOMALY'],
};

/**
 * The newest events put before those that are known. Where more happened than was read, what was known is left: a list with a
 * hole in it would be read as whole.
 */
export function withNewest(known: Known | null, newest: Known): Known {
  if (known === null) return newest;
  const oldest = newest.events.at(-1);
  const at = oldest === undefined ? -1 : known.events.findIndex(({ id }) => id === oldest.id);
  if (at === -1) return newest.events.length === 0 ? known : newest;
  return { events: [...newest.events, ...known.events.slice(at + 1)], hasOlder: known.hasOlder };
}

/** Older ones put after those that are known. */
export function withOlder(known: Known, older: Known): Known {
  return { events: [...known.events, ...older.events], hasOlder: older.hasOlder };
}

/** What became of an event: what ended it, and by what; null where nothing did, or nothing has to. */
export type Fate = {
  /** The event that ended it. */
  by: Happened;
  how:
    | 'renewed'
    | 'bought'
    | 'granted'
    | 'planChanged'
    | 'cameBack'
    | 'recovered'
    | 'worse'
    | 'paid'
    | 'failed'
    | 'expired';
};

const causes: Partial<Record<EventType, Fate['how']>> = {
  PERIOD_RESET: 'renewed',
  PURCHASE_PAID: 'bought',
  GRANT_ADDED: 'granted',
  PLAN_CHANGED: 'planChanged',
};

/**
 * What was done about the event at this place of a list, by what happened after it.
 *
 * @param events  newest first, with everything that came after it
 */
export function fateOf(events: readonly Happened[], index: number): Fate | null {
  const event = events[index];
  if (event === undefined) return null;
  const later = events.slice(0, index).reverse();
  const first = (test: (each: Happened) => boolean, how: Fate['how']): Fate | null => {
    const by = later.find(test);
    return by === undefined ? null : { by, how };
  };
  switch (event.type) {
    case 'BALANCE_LOW':
      return fateOfLow(event, later);
    case 'PURCHASE_ACTION_REQUIRED':
      return (
        first(({ type, purchaseId }) => type === 'PURCHASE_PAID' && purchaseId === event.purchaseId, 'paid') ??
        first(({ type, purchaseId }) => type === 'PURCHASE_FAILED' && purchaseId === event.purchaseId, 'failed')
      );
    case 'GRANT_EXPIRING':
      return first(({ type, grantId }) => type === 'GRANT_EXPIRED' && grantId === event.grantId, 'expired');
    default:
      return null;
  }
}

function fateOfLow(event: Happened, later: readonly Happened[]): Fate | null {
  const own = later.filter(({ creditType }) => creditType === event.creditType);
  const end = own.find(({ type }) => type === 'BALANCE_RECOVERED' || type === 'BALANCE_LOW' || type === 'PERIOD_RESET');
  if (end === undefined) return null;
  if (end.type === 'BALANCE_LOW') return { by: end, how: 'worse' };
  // One movement makes several events: what moved the balance says how it came up again.
  const cause = own.find(({ type, balance }) => balance.version === end.balance.version && causes[type] !== undefined);
  const how =
    (cause === undefined ? undefined : causes[cause.type]) ?? (end.reservationId === null ? 'recovered' : 'cameBack');
  return { by: end, how };
}
