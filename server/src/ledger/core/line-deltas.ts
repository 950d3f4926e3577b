import type { CreditType, Feature, OperationType } from '../../catalog/catalog.js';
import type { AccountState, ReservationLine, ReservationState } from './state.js';

/**
 * What a group did to one line of a reservation. `held` and `committed` are credits, `operations` those that were done since.
 *
 * Opening adds to `held`, a commit moves from `held` to `committed`, a release or an expiry takes from `held`. So at any version the
 * sum of all deltas of a line is what it holds and what it has spent. Usage follows them, and so do the counters of budgets.
 */
export interface LineDelta {
  /** As the group left it: project, member, and which counters of budgets its lines count in. */
  readonly reservation: ReservationState;
  /** As the group found it; null: the group opened it. */
  readonly before: ReservationState | null;
  /** Of the line, in the reservation. */
  readonly index: number;
  /** As the group left it: feature, type and operation. */
  readonly line: ReservationLine;
  readonly held: number;
  readonly committed: number;
  readonly operations: number;
}

/** Committed credits to add to a day's usage. */
export interface UsageDelta {
  readonly accountId: string;
  readonly day: string;
  readonly creditType: CreditType;
  readonly feature: Feature;
  readonly type: OperationType;
  readonly operation: string;
  readonly project: string | null;
  readonly member: string;
  readonly credits: number;
  readonly operations: number;
}

/** What lines of a reservation hold in all: nothing once it is closed. */
export function heldByLines({ status, held }: ReservationState): number {
  return status === 'HELD' ? held : 0;
}

/**
 * What a line holds of what it and the lines before it hold together: what is not committed of it, as far as that goes.
 *
 * Where a line was committed beyond its own credits, the first lines hold less than is not committed of them; so whoever asks for several
 * lines begins with the last. Lines that are added behind them then leave what they hold as it is.
 */
export function heldOfLine(rest: number, line: Pick<ReservationLine, 'credits' | 'committed'>): number {
  return Math.min(rest, Math.max(0, line.credits - line.committed));
}

/**
 * What a group did to the lines of a reservation, line by line; lines to which nothing was done are left out.
 *
 * @param before  as the group found it; null: the group opened it
 */
export function lineDeltas(before: ReservationState | null, after: ReservationState): LineDelta[] {
  const deltas: LineDelta[] = [];
  // The group changed no line, only perhaps the instant at which the hold ends.
  if (before !== null && before.lines === after.lines && before.status === after.status) return deltas;
  let restBefore = before === null ? 0 : heldByLines(before);
  let restAfter = heldByLines(after);
  for (let index = after.lines.length - 1; index >= 0; index--) {
    const line = after.lines[index] as ReservationLine;
    const was = before?.lines[index];
    const heldBefore = was ? heldOfLine(restBefore, was) : 0;
    const heldAfter = heldOfLine(restAfter, line);
    restBefore -= heldBefore;
    restAfter -= heldAfter;
    const held = heldAfter - heldBefore;
    const committed = line.committed - (was?.committed ?? 0);
    const operations = line.done - (was?.done ?? 0);
    if (held === 0 && committed === 0 && operations === 0) continue;
    deltas.push({
      reservation: after,
      before,
      index,
      line,
      held,
      committed,
      operations,
    });
  }
  if (deltas.length > 1) deltas.reverse();
  return deltas;
}

/**
 * The usage that follows from deltas: what was committed and done, booked to a day.
 *
 * @param dayNow  the day of the group in the account's zone, `YYYY-MM-DD`; asked for only when there is usage
 * Source: docs/domain.md, Usage
 */
export function usageOf(deltas: readonly LineDelta[], dayNow: () => string): UsageDelta[] {
  const usage: UsageDelta[] = [];
  let day: string | null = null;
  for (const { reservation, line, committed, operations } of deltas) {
    if (committed === 0 && operations === 0) continue;
    day ??= dayNow();
    usage.push({
      accountId: reservation.accountId,
      day,
      creditType: reservation.creditType,
      feature: line.feature,
      type: line.type,
      operation: line.operation,
      project: reservation.project,
      member: reservation.member,
      credits: committed,
      operations,
    });
  }
  return usage;
}

/** Operations done so far, with those of a group; what it was given, where the group did none. */
export function countDone(
  before: AccountState['operations'],
  deltas: readonly LineDelta[],
): AccountState['operations'] {
  let standard = before.STANDARD;
  let scan = before.SCAN;
  for (const { reservation, operations } of deltas)
    if (reservation.creditType === 'STANDARD') standard += operations;
    else scan += operations;
  return standard === before.STANDARD && scan === before.SCAN ? before : { STANDARD: standard, SCAN: scan };
}

const NONE: readonly never[] = [];

/** What a group did to the lines of reservations. */
export function deltasBetween(
  before: ReadonlyMap<string, ReservationState>,
  after: ReadonlyMap<string, ReservationState>,
): readonly LineDelta[] {
  if (after.size === 0) return NONE;
  const deltas: LineDelta[] = [];
  for (const reservation of after.values()) deltas.push(...lineDeltas(before.get(reservation.id) ?? null, reservation));
  return deltas;
}
