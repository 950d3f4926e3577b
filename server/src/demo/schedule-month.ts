import { boundary, dayAt, dayRange } from '../accounts/periods.js';
import type { DemoCharacter, Mark, OpenBatch, Stage, Work } from './character.js';
import { createDice, type Dice } from './dice.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** How long before the day of the demo its accounts were opened. */
export const MONTH_MS = 33 * DAY_MS;

/** When things happened, epoch ms: the creation, the anchor of the periods, the one reset, the day of the demo. */
export interface MonthFrame {
  readonly start: number;
  readonly anchor: number;
  readonly reset: number;
  readonly end: number;
}

/** One piece of work, begun at an instant. */
export interface ScheduledWork {
  readonly at: number;
  readonly work: Work;
  readonly member: string;
  readonly project: string | null;
  readonly reference: string;
  /** From the hold to the end of the work. */
  readonly durationMs: number;
}

export interface ScheduledMonth {
  readonly frame: MonthFrame;
  /** In time order. */
  readonly works: readonly ScheduledWork[];
}

/**
 * When an account of the demo was created and anchored, so that on its last day the current period is part-way.
 *
 * @param start  its creation; the day of the demo follows from it
 */
export function frameMonth(
  { timeZone, daysIntoPeriod }: Pick<DemoCharacter, 'timeZone' | 'daysIntoPeriod'>,
  start: number,
): MonthFrame {
  const end = start + MONTH_MS;
  const midnight = dayRange(dayAt(end - daysIntoPeriod * DAY_MS, timeZone), timeZone).start;
  const anchor = boundary(midnight, -1, timeZone);
  return { start, anchor, reset: boundary(anchor, 1, timeZone), end };
}

/** The instant of a mark, whole milliseconds. */
export function instantOf(frame: MonthFrame, [from, days]: Mark): number {
  return Math.round(frame[from] + days * DAY_MS);
}

/**
 * A month of work of one account: busy on working days and around noon, quiet at night and on weekends.
 *
 * Pure: the same character and creation give the same month, whenever and wherever it is scheduled.
 */
export function scheduleMonth(character: DemoCharacter, start: number): ScheduledMonth {
  const frame = frameMonth(character, start);
  const dice = createDice(character.externalId);
  const works = character.stages.flatMap((stage) => scheduleStage(character, frame, stage, dice));
  return { frame, works };
}

function scheduleStage(character: DemoCharacter, frame: MonthFrame, stage: Stage, dice: Dice): ScheduledWork[] {
  const [from, to] = [instantOf(frame, stage.from), instantOf(frame, stage.to)];
  const days = listDays(from, to, character.timeZone);
  // By the golden ratio instead of by chance alone, so that the same work is not all done on one day.
  let share = dice.next();
  const timed = stage.works.flatMap((work) =>
    Array.from({ length: work.times }, (_, index) => {
      share = (share + GOLDEN) % 1;
      const day = work.daily ? nthWorkingDay(days, index, work.times) : dayOfShare(days, share);
      const at = dice.until(
        () => atWork(day, dice),
        (thrown) => thrown >= from && thrown < to,
        () => from + Math.floor(dice.next() * (to - from)),
      );
      return { work, at };
    }),
  );
  timed.sort((a, b) => a.at - b.at);
  const times = keepApart(
    timed.map(({ at }) => at),
    character.gapMinutes * MINUTE_MS,
    to,
  );
  return timed.map(({ work }, index) => ({
    at: times[index] as number,
    work,
    member: dice.weighted(character.members, (_, place) => 1 / (place + 1)),
    project: takesProject(work) ? dice.weighted(character.projects, (_, place) => 1 / (place + 1)) : null,
    reference: `${work.operation.split(/[._]/)[0]}-${1000 + Math.floor(dice.next() * 9000)}`,
    durationMs: durationOf(work.operation, dice),
  }));
}

interface WorkDay {
  readonly start: number;
  readonly weight: number;
}

function listDays(from: number, to: number, timeZone: string): WorkDay[] {
  const days: WorkDay[] = [];
  for (let at = from; at < to;) {
    const day = dayAt(at, timeZone);
    const weekday = new Date(`${day}T00:00Z`).getUTCDay();
    const { start, end } = dayRange(day, timeZone);
    days.push({ start, weight: weekday === 0 ? 0.06 : weekday === 6 ? 0.15 : 1 });
    at = end;
  }
  return days;
}

/** The day on which that share of all work has been done. */
function dayOfShare(days: readonly WorkDay[], share: number): WorkDay {
  let left = share * days.reduce((sum, { weight }) => sum + weight, 0);
  for (const day of days) {
    left -= day.weight;
    if (left < 0) return day;
  }
  return days.at(-1) as WorkDay;
}

function nthWorkingDay(days: readonly WorkDay[], index: number, count: number): WorkDay {
  const working = days.filter(({ weight }) => weight === 1);
  const from = working.length > 0 ? working : days;
  return from[Math.floor((index * from.length) / count)] as WorkDay;
}

/** From half past eight to seven, most of it around noon. */
function atWork(day: WorkDay, dice: Dice): number {
  return day.start + Math.floor(8.5 * HOUR_MS + ((dice.next() + dice.next()) / 2) * 10.5 * HOUR_MS);
}

/** Moves what is closer than the gap to what came before it, and back in again where that ends too late. */
function keepApart(times: readonly number[], gapMs: number, to: number): number[] {
  const apart: number[] = [];
  for (const at of times) apart.push(Math.max(at, (apart.at(-1) ?? -Infinity) + gapMs));
  let latest = to;
  for (let index = apart.length - 1; index >= 0; index -= 1) {
    latest = Math.min(apart[index] as number, latest - gapMs);
    apart[index] = latest;
  }
  return apart;
}

function takesProject({ operation }: Work): boolean {
  return /^(image|audio|video|content)/.test(operation);
}

function durationOf(operation: string, dice: Dice): number {
  const [least, most] = operation.startsWith('video')
    ? [60, 280]
    : operation.startsWith('audio') || operation === 'deep_scan'
      ? [25, 110]
      : [8, 45];
  return Math.round((least + dice.next() * (most - least)) * 1000);
}

/** An open batch's beginning and the instant at which its first part was finished. */
export function scheduleOpenBatch(frame: MonthFrame, batch: OpenBatch): { at: number; finishedAt: number } {
  const at = instantOf(frame, batch.at);
  return { at, finishedAt: at + 4 * MINUTE_MS };
}
