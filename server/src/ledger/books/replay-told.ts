import { CREDIT_TYPES, type CreditType } from '../../catalog/catalog.js';
import { CAUSES, factsOf, isCause } from '../core/cause.js';
import { type EventType, saidBy } from '../core/events.js';
import type { Buckets, EntryKind } from '../core/state.js';
import type { StoredEvent } from '../rows/event-rows.js';
import { hasEntry, type PlacedFields } from '../rows/journal-rows.js';

/** Events that every group of some cause tells, once. A type that no cause names may be told by any group. */
const TOLD_BY_CAUSE = new Set<string>(Object.values(CAUSES).flatMap(({ tells }) => tells ?? []));
/** The movements whose credits an event counts, all of its group together. */
const COUNTS: Readonly<Partial<Record<EventType, EntryKind>>> = {
  GRANT_EXPIRED: 'EXPIRE',
  RESERVATION_EXPIRED: 'RELEASE',
  PURCHASE_PAID: 'GRANT',
};

/**
 * Compares what a group told with what it did: which events and how many, their credits and grants, the balance that they say.
 *
 * @param credits  the account's buckets as they are after the group
 */
export function compareTold(
  group: readonly PlacedFields[],
  told: readonly StoredEvent[],
  credits: Readonly<Record<CreditType, Pick<Buckets, 'available' | 'held'>>>,
  wrong: (what: string) => void,
): void {
  const [first] = group;
  if (!first) return;
  const place = `version ${first.version} (${first.cause})`;
  const same = (what: string, kept: unknown, replayed: unknown): void => {
    if (kept !== replayed) wrong(`${place}: ${what} is ${String(kept)}, replayed ${String(replayed)}`);
  };
  const facts = isCause(first.cause) ? factsOf(first.cause) : null;
  const entries = group.filter(hasEntry);
  const granted = entries.filter(({ kind }) => kind === 'GRANT');
  for (const type of new Set(['GRANT_ADDED', ...TOLD_BY_CAUSE])) {
    const count = told.filter((event) => event.type === type).length;
    if (type === 'GRANT_ADDED') same(`${type} events`, count, facts?.tellsGrants === true ? granted.length : 0);
    else same(`${type} events`, count, type === facts?.tells ? 1 : 0);
  }
  for (const creditType of CREDIT_TYPES)
    if (told.filter((event) => event.creditType === creditType && event.type.startsWith('BALANCE_')).length > 1)
      wrong(`${place}: more than one balance event of ${creditType}`);
  for (const event of told) {
    const after = credits[event.creditType];
    same(`instant of ${event.type}`, event.at, first.at);
    same(`version in ${event.type}`, event.balance.version, first.version);
    same(`held in ${event.type}`, event.balance.held, after.held);
    same(`available in ${event.type}`, event.balance.available + event.balance.waiting, after.available);
    const said = saidBy(event);
    if (event.type === 'GRANT_ADDED') {
      const made = granted.find(({ grantId }) => grantId === said.grantId);
      same(`grant of ${event.type}`, said.grantId ?? null, made?.grantId ?? null);
      same(`credits of ${event.type}`, said.credits, made?.amount);
    }
    const counted = COUNTS[event.type];
    if (counted === undefined) continue;
    const moved = entries.filter(({ kind }) => kind === counted);
    same(`reservation of ${event.type}`, said.reservationId ?? null, first.reservationId);
    same(
      `credits of ${event.type}`,
      said.credits,
      moved.reduce((sum, { amount }) => sum + amount, 0),
    );
    if (event.type === 'GRANT_EXPIRED') same(`grant of ${event.type}`, said.grantId ?? null, moved[0]?.grantId ?? null);
  }
}
