import { isolate } from '../../kit/check-text.js';
import { dayAt } from '../../accounts/periods.js';
import { grouped } from '../../kit/grouped.js';
import { creditsIn } from '../core/credits-text.js';
import { type EntryCause, factsOf } from '../core/cause.js';
import type { EntryFields } from '../rows/journal-rows.js';
import { linesAt } from '../core/fill-lines.js';
import type { GrantSource, GrantState, ReservationLine, ReservationState } from '../core/state.js';

const SOURCE: Readonly<Record<GrantSource, string>> = {
  ALLOWANCE: 'the monthly allowance',
  UPGRADE: 'the upgrade',
  ROLLOVER: 'what was carried over',
  PROMOTION: 'a promotion',
  ADJUSTMENT: 'a correction',
  BONUS: 'a bonus',
  PURCHASE: 'purchased credits',
};

type ExplainedEntry = Pick<EntryFields, 'kind' | 'creditType' | 'amount' | 'cause' | 'at' | 'version'>;
type ExplainedGrant = Pick<GrantState, 'source' | 'expiresAt' | 'periodNumber' | 'reason'>;
type ExplainedReservation = Pick<
  ReservationState,
  'lines' | 'reserved' | 'priceListVersion' | 'heldAtExpiry' | 'expiresAt' | 'outcome'
>;

/** Why an entry was written, for programs; `explainEntry` says the same to a person. */
export function causeOfEntry({ cause }: Pick<EntryFields, 'cause'>): EntryCause {
  const { of } = factsOf(cause);
  if (of === null) throw new TypeError(`${cause} writes no entries`);
  return of;
}

/**
 * Why an entry was written, in a sentence for a person: what was priced, on which list, drawn from what. From stored data alone.
 *
 * @param timeZone  the account's; days are named in it
 * @param whyRevoked  what the operator gave as the reason of a revoke; null: this is none
 */
export function explainEntry(
  entry: ExplainedEntry,
  grant: ExplainedGrant,
  whole: ExplainedReservation | null,
  timeZone: string,
  whyRevoked: string | null = null,
): string {
  const reservation = whole === null ? null : asOf(entry, whole);
  const amount = creditsIn(entry.amount, entry.creditType);
  const source = SOURCE[grant.source];
  switch (entry.kind) {
    case 'GRANT':
      return explainGrant(amount, grant, timeZone);
    case 'RESERVE':
      return `${explainHold(amount, entry, reservation)}, from ${source}.`;
    case 'COMMIT':
      return `Spent ${amount} on ${workOf(reservation)}, from ${source}${isLate(entry, reservation) ? '; the work ended after its hold had expired' : ''}.`;
    case 'RELEASE':
      return `Gave back ${amount} held for ${workOf(reservation)}, ${whyReleased(entry, reservation)}, to ${source}.`;
    case 'EXPIRE':
      return explainExpiry(amount, source, entry);
    case 'REFUND':
      return `Refunded ${amount} of ${source}.`;
    case 'REVOKE':
      return explainRevocation(amount, source, entry, whyRevoked);
  }
}

/** A reservation with the lines that an entry is about: those that its group held, else those that there were by then. */
function asOf({ kind, cause, version }: ExplainedEntry, reservation: ExplainedReservation): ExplainedReservation {
  const holdsAdded = kind === 'RESERVE' && factsOf(cause).effect === 'adds';
  const lines = holdsAdded
    ? reservation.lines.filter(({ added }) => added?.version === version)
    : linesAt(reservation.lines, version);
  return lines === reservation.lines ? reservation : { ...reservation, lines };
}

/** `1 x Long image (50) and 2 x Basic regeneration (2) at price list 1`. */
function workOf(reservation: ExplainedReservation | null): string {
  if (reservation === null) return 'work';
  const shown = reservation.lines.slice(0, 3);
  const lists = [...new Set(reservation.lines.map((line) => listOf(line, reservation)))];
  const lines = shown.map((line) => {
    const list = lists.length < 2 ? '' : ` at price list ${listOf(line, reservation)}`;
    return `${grouped(line.quantity)} x ${line.name} (${grouped(line.credits)})${list}`;
  });
  const more = reservation.lines.length - lines.length;
  if (more > 0) lines.push(`${more} more`);
  const listed = lines.length < 2 ? lines.join() : `${lines.slice(0, -1).join(', ')} and ${lines.at(-1)}`;
  return lists.length < 2 ? `${listed} at price list ${lists[0] ?? reservation.priceListVersion}` : listed;
}

function listOf({ added }: ReservationLine, { priceListVersion }: ExplainedReservation): number {
  return added?.priceListVersion ?? priceListVersion;
}

/** A commit that came after its hold had expired; parts of it that came before were in time. */
function isLate({ cause, at }: ExplainedEntry, reservation: ExplainedReservation | null): boolean {
  if (cause !== 'commit' || reservation === null || reservation.heldAtExpiry === null) return false;
  return at >= reservation.expiresAt;
}

/** `spendCredits` holds and commits in one step, so its RESERVE entry is explained without "held". */
function explainHold(amount: string, entry: ExplainedEntry, reservation: ExplainedReservation | null): string {
  if (isLate(entry, reservation))
    return `Took ${amount} for ${workOf(reservation)}, whose hold had expired before the work ended`;
  if (entry.cause === 'commit')
    return `Took ${amount} more for ${workOf(reservation)}, which needed more than was held`;
  const total = reservation === null ? 0 : reservation.lines.reduce((sum, { credits }) => sum + credits, 0);
  const more = factsOf(entry.cause).effect === 'adds' ? ' more' : '';
  return `${entry.cause === 'spend' ? 'Took' : 'Held'} ${entry.amount < total ? `${grouped(entry.amount)} of ${creditsIn(total, entry.creditType)}` : amount}${more} for ${workOf(reservation)}${more === '' ? '' : ', added to an open hold'}`;
}

function whyReleased({ cause }: ExplainedEntry, reservation: ExplainedReservation | null): string {
  const { released } = factsOf(cause);
  if (released === null) throw new TypeError(`${cause} gives nothing back`);
  return released(reservation?.outcome ?? 'SUCCEEDED');
}

function explainExpiry(amount: string, source: string, { cause }: ExplainedEntry): string {
  const { expired } = factsOf(cause);
  if (expired === null) throw new TypeError(`${cause} lets nothing expire`);
  return `${amount} of ${source} ${expired}.`;
}

function explainRevocation(
  amount: string,
  source: string,
  { cause }: ExplainedEntry,
  whyRevoked: string | null,
): string {
  const { revoked } = factsOf(cause);
  if (revoked === null) throw new TypeError(`${cause} revokes nothing`);
  return `Took back ${amount} of ${source}: ${whyRevoked === null ? revoked : isolate(whyRevoked)}.`;
}

function explainGrant(
  amount: string,
  { source, expiresAt, periodNumber, reason }: ExplainedGrant,
  timeZone: string,
): string {
  const until = expiresAt === null ? 'never expires' : `until ${dayAt(expiresAt, timeZone)}`;
  const why = reason === null ? '' : `: ${isolate(reason)}`;
  switch (source) {
    case 'ALLOWANCE':
      return `The plan's allowance of ${amount} for period ${periodNumber ?? 0}, ${until}.`;
    case 'ROLLOVER':
      return `${amount} of the last allowance carried over into period ${periodNumber ?? 0}, ${until}.`;
    case 'UPGRADE':
      return `${amount} for the upgrade, ${until}.`;
    case 'PURCHASE':
      return `${amount} purchased, ${until}${why}.`;
    case 'BONUS':
      return `A bonus of ${amount}, ${until}${why}.`;
    case 'PROMOTION':
      return `A promotion of ${amount}, ${until}${why}.`;
    case 'ADJUSTMENT':
      return `A correction of ${amount}, ${until}${why}.`;
  }
}
