const DAY_MS = 86_400_000;
/** So many whole days before today are looked at. */
export const FORECAST_DAYS = 14;
/** Fewer days with spend say nothing about the next ones. */
const SPENT_DAYS_MIN = 3;
const RESAMPLINGS = 1_000;
const [LOW, HIGH] = [0.1, 0.9];

/** What a forecast is made from. */
export interface Known {
  /** Credits that were committed on each of the 14 whole days before today. */
  readonly days: readonly number[];
  readonly available: number;
  /** Epoch milliseconds, on the account's clock. */
  readonly now: number;
  /** When the period ends, epoch milliseconds. */
  readonly resetAt: number;
  /** Equal seeds give equal bands. */
  readonly seed: string;
}

/** When what is available will be used up; instants in epoch milliseconds, null: not before the reset. */
export interface Runway {
  readonly burnPerDay: number;
  readonly runsOutAt: number | null;
  readonly earliest: number | null;
  readonly latest: number | null;
  readonly lastsUntilReset: boolean;
}

/**
 * When an account will have used up what it has, should it go on as in the last 14 whole days.
 *
 * Expected: at the mean of those days. The band: the 10th and the 90th percentile of 1,000 futures, each of which draws whole days from those 14, with
 * repetition, one after the other, and spends each evenly. Today is left out, since it is not over.
 *
 * @returns null when fewer than 3 of the days had spend
 * Source: docs/domain.md, Usage
 */
export function forecast({ days, available, now, resetAt, seed }: Known): Runway | null {
  if (days.filter((credits) => credits > 0).length < SPENT_DAYS_MIN) return null;
  const burnPerDay = days.reduce((sum, credits) => sum + credits, 0) / FORECAST_DAYS;
  const span = (resetAt - now) / DAY_MS;
  const instant = (inDays: number): number | null => (inDays < span ? Math.round(now + inDays * DAY_MS) : null);
  const random = seededBy(seed);
  const futures = Array.from({ length: RESAMPLINGS }, () => runOut(days, available, span, random)).sort(
    (a, b) => a - b,
  );
  const at = (part: number) => futures[Math.floor((RESAMPLINGS - 1) * part)] as number;
  const expected = available / burnPerDay;
  return {
    burnPerDay,
    runsOutAt: instant(expected),
    earliest: instant(at(LOW)),
    latest: instant(at(HIGH)),
    lastsUntilReset: expected >= span,
  };
}

/** In how many days one future has used up everything; Infinity: not within the span. */
function runOut(days: readonly number[], available: number, span: number, random: () => number): number {
  let left = available;
  for (let day = 0; day < span; day++) {
    const spent = days[Math.floor(random() * days.length)] as number;
    if (spent >= left) return left === 0 ? day : day + left / spent;
    left -= spent;
  }
  return Infinity;
}

/** Numbers in [0, 1) that a text decides: FNV-1a makes a state of it, mulberry32 goes on from there. */
function seededBy(text: string): () => number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
