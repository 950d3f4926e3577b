import type { CreditType } from '../../catalog/catalog.js';

/** Credits of each type. */
type Amounts = Readonly<Record<CreditType, number>>;

/** The hour in which an account spent last. What it has spent in it is what the account has spent in all, less what it had before. */
export interface SpendingHour {
  /** The instant at which it began, epoch ms; hours are those of UTC, which neither repeat nor are skipped. */
  readonly hour: number;
  /** The version that spent first in it. */
  readonly version: number;
  /** What the account had spent before it. */
  readonly before: Amounts;
  /** The version from which on the account's hours are summed. */
  readonly since: number;
}

/** What an account spent in an hour that is over. */
export interface SpentHour extends Amounts {
  readonly hour: number;
}

/** The hours in which an account spent, kept 15 days, the oldest first; one row an account, which its id names too. */
export interface SpendingState {
  readonly accountId: string;
  readonly id: string;
  readonly hours: readonly SpentHour[];
  /** When the account was last told of an hour far above the usual, on its clock; null: never. */
  readonly toldStandardAt: number | null;
  readonly toldScanAt: number | null;
  /** On the account's clock. */
  readonly changedAt: number;
}

/** An hour in which far more was spent than usual, and who spent most of it. */
export interface SpendAnomaly {
  /** The instant at which it began. */
  readonly hour: number;
  readonly credits: number;
  /** The mean of the other hours with spend. */
  readonly usual: number;
  readonly member: string | null;
  readonly project: string | null;
  readonly operation: string | null;
}

/** What is looked at of a reservation that was committed. */
export interface CommittedWork {
  readonly member: string;
  readonly project: string | null;
  readonly committed: number;
  readonly lines: readonly { readonly operation: string; readonly committed: number }[];
}

/** Commits of an account since a version, and the reservations that they were of. */
export interface LoadedCommits {
  readonly since: number;
  readonly entries: readonly {
    readonly reservationId: string;
    readonly creditType: CreditType;
    readonly amount: number;
  }[];
  readonly reservations: ReadonlyMap<string, CommittedWork>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const KEPT_MS = 15 * DAY_MS;
const COMPARED_MS = 14 * DAY_MS;
const HOURS_MIN = 24;
const TIMES_MIN = 3;
const CREDITS_MIN = 50;
/** 5 %. */
const ALLOWANCE_PART = 20;

export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

/** The hours that are kept once another one begins. */
export function keptHours(hours: readonly SpentHour[], now: number): SpentHour[] {
  return hours.filter(({ hour }) => hour >= now - KEPT_MS);
}

/**
 * What an account usually spends in an hour of a credit type: the mean of its hours with spend in the 14 days before one.
 *
 * @returns null: there are fewer than 24 of them
 */
export function usualBefore(hours: readonly SpentHour[], hour: number, creditType: CreditType): number | null {
  let count = 0;
  let sum = 0;
  for (const other of hours) {
    if (other.hour >= hour || other.hour < hour - COMPARED_MS || other[creditType] === 0) continue;
    count++;
    sum += other[creditType];
  }
  return count < HOURS_MIN ? null : sum / count;
}

/**
 * Whether what was spent in an hour is to be told of: at least three times the usual, and at least the larger of 50 credits and 5 % of the allowance.
 *
 * Source: docs/domain.md, Thresholds, events, notifications
 */
export function isAnomaly(credits: number, usual: number | null, allowance: number): boolean {
  if (usual === null) return false;
  return credits >= TIMES_MIN * usual && credits >= CREDITS_MIN && credits * ALLOWANCE_PART >= allowance;
}

/** Whether an account may be told again: once in 24 hours. */
export function mayTellAgain(toldAt: number | null, now: number): boolean {
  return toldAt === null || now >= toldAt + DAY_MS;
}

/**
 * Who spent most: the member, project and operation that most credits were committed for together; among equals the first by name. All null: nobody.
 *
 * A reservation whose parts were committed in several hours counts its lines by their share of all it committed.
 */
export function topSpender(
  commits: LoadedCommits,
  creditType: CreditType,
): Pick<SpendAnomaly, 'member' | 'project' | 'operation'> {
  const byReservation = new Map<string, number>();
  for (const { reservationId, creditType: of, amount } of commits.entries)
    if (of === creditType) byReservation.set(reservationId, (byReservation.get(reservationId) ?? 0) + amount);
  const sums = new Map<string, number>();
  for (const [id, amount] of byReservation) {
    const reservation = commits.reservations.get(id);
    if (reservation === undefined || reservation.committed === 0) continue;
    const { member, project, lines, committed } = reservation;
    for (const line of lines) {
      if (line.committed === 0) continue;
      const key = JSON.stringify([member, project, line.operation]);
      sums.set(key, (sums.get(key) ?? 0) + (line.committed * amount) / committed);
    }
  }
  let top: string | null = null;
  for (const [key, sum] of sums) {
    const most = top === null ? 0 : (sums.get(top) as number);
    if (top === null || sum > most || (sum === most && key < top)) top = key;
  }
  if (top === null) return { member: null, project: null, operation: null };
  const [member, project, operation] = JSON.parse(top) as [string, string | null, string];
  return { member, project, operation };
}
