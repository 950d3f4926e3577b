import type { TimeRange } from '../../accounts/periods.js';
import {
  type BudgetedLine,
  type BudgetedWork,
  type BudgetState,
  type CountedLine,
  type CounterRef,
  EVERYBODY,
  isAboutLine,
  isAboutWork,
  isReplaced,
  MEMBERS_A_WINDOW_MAX,
} from './budget.js';
import { windowAt } from './budget-window.js';
import { counterOf, tallyOf } from './counters.js';
import type { LineShare } from './fill-lines.js';
import { heldByLines, heldOfLine } from './line-deltas.js';
import type { BudgetRefusal } from './outcome.js';
import type { LoadedAccount, ReservationLine, ReservationState } from './state.js';

/** A budget that some work is about, and what is used of it in the window of an instant. */
interface Place {
  readonly budget: BudgetState;
  readonly window: TimeRange;
  readonly ref: CounterRef;
  readonly consumed: number;
  readonly held: number;
  /** Whether it denies what goes beyond its limit. */
  readonly denies: boolean;
  /** What the lines that are being looked at add to it. */
  needed: number;
}

const NO_REFS: readonly CounterRef[] = [];
const NOWHERE: CountedLine = { refs: NO_REFS, beyond: [] };

/** The budgets that work is about, with the counters of an instant. The tallies of its member and of everybody are loaded. */
function placesOf(account: LoadedAccount, work: BudgetedWork, now: number): Place[] {
  const places: Place[] = [];
  const { budgets, tallies, head } = account;
  const ofAll = tallyOf(tallies, EVERYBODY);
  const ofMember = tallyOf(tallies, work.member);
  for (const budget of budgets.values()) {
    if (!isAboutWork(budget, work)) continue;
    const window = windowAt(budget.window, now, head);
    const own = counterOf(budget.eachMember ? ofMember : ofAll, budget.number, window.start);
    const common = budget.eachMember && own === null ? counterOf(ofAll, budget.number, window.start) : null;
    const shared = common !== null && common.members >= MEMBERS_A_WINDOW_MAX;
    const counter = shared ? common : own;
    places.push({
      budget,
      window,
      ref: { budget: budget.number, start: window.start, shared },
      consumed: counter?.consumed ?? 0,
      held: counter?.held ?? 0,
      denies:
        budget.hard && !budget.setAside && !(budget.eachMember && isReplaced(budget, work.member, budgets.values())),
      needed: 0,
    });
  }
  return places;
}

const remainingOf = ({ budget, consumed, held }: Place): number => budget.limit - consumed - held;

/** Of the places that deny what they are asked for, the one with the least remaining; among equals the oldest budget. */
function firstToDeny(places: readonly Place[]): Place | null {
  let first: Place | null = null;
  for (const place of places) {
    const remaining = remainingOf(place);
    if (!place.denies || place.needed === 0 || place.needed <= remaining) continue;
    const least = first === null ? Infinity : remainingOf(first);
    if (remaining < least || (remaining === least && place.budget.number < (first?.budget.number ?? Infinity)))
      first = place;
  }
  return first;
}

function refusalOf({ budget, consumed, held, needed, window }: Place, { head }: LoadedAccount): BudgetRefusal {
  return {
    kind: 'BudgetExceeded',
    accountId: budget.accountId,
    budgetId: budget.id,
    name: budget.name,
    creditType: budget.creditType,
    limit: budget.limit,
    consumed,
    held,
    needed,
    resetsAt: window.end === Infinity ? null : window.end,
    version: head.version,
  };
}

/** Lines that budgets allow, and where each of them counts; null: nowhere. */
export interface Counted {
  readonly kind: 'counted';
  readonly counted: readonly CountedLine[] | null;
}

/** What an account without budgets says to any lines. */
export const UNCOUNTED: Counted = { kind: 'counted', counted: null };

/**
 * Whether an account's budgets allow lines of some work now: of a new reservation, or ones that are added to it. The hold remembers what it
 * answers; counters then follow whatever becomes of the lines (`move-counters.ts`).
 *
 * All lines together have to fit into each hard budget that some of them are about. Lines that cost nothing always fit.
 *
 * The tallies of the work's member have to be there (`missingTallies`).
 *
 * @param hold  what they are added to; null: they are a new reservation's
 * @returns where each line counts, those of the hold first and as they were; or BudgetExceeded with the figures of the budget with the least remaining
 * Source: docs/domain.md, Budgets
 */
export function countLines(
  account: LoadedAccount,
  work: BudgetedWork,
  lines: readonly BudgetedLine[],
  now: number,
  hold: Pick<ReservationState, 'lines' | 'counted'> | null = null,
): Counted | BudgetRefusal {
  const places = account.head.budgets === 0 ? [] : placesOf(account, work, now);
  let isCounted = false;
  const counted = lines.map((line): CountedLine => {
    const refs = line.credits === 0 ? NO_REFS : take(places, line, line.credits);
    if (refs.length > 0) isCounted = true;
    return refs.length === 0 ? NOWHERE : { refs, beyond: [] };
  });
  const denying = firstToDeny(places);
  if (denying !== null) return refusalOf(denying, account);
  if (!isCounted && (hold === null || hold.counted === null)) return UNCOUNTED;
  const known = hold === null ? [] : hold.lines.map((_, index) => hold.counted?.[index] ?? NOWHERE);
  return { kind: 'counted', counted: [...known, ...counted] };
}

function take(places: readonly Place[], line: Pick<BudgetedLine, 'feature' | 'type'>, credits: number): CounterRef[] {
  const refs: CounterRef[] = [];
  for (const place of places) {
    if (!isAboutLine(place.budget, line)) continue;
    place.needed += credits;
    refs.push(place.ref);
  }
  return refs;
}

/** What each line of a reservation holds. */
export function heldByLine(reservation: ReservationState): number[] {
  const held: number[] = [];
  let rest = heldByLines(reservation);
  for (let index = reservation.lines.length - 1; index >= 0; index--) {
    const mine = heldOfLine(rest, reservation.lines[index] as ReservationLine);
    held[index] = mine;
    rest -= mine;
  }
  return held;
}

/**
 * What a commit takes for its lines beyond what they hold, cut to what hard budgets leave now; it counts in the windows of the commit.
 *
 * @param shares  what the commit would book to each line
 * @returns the shares as they may be booked, and what the hold remembers
 * Source: docs/domain.md, Quote, reserve, commit; Budgets
 */
export function countBeyond(
  account: LoadedAccount,
  reservation: ReservationState,
  shares: readonly LineShare[],
  now: number,
): { readonly shares: readonly LineShare[]; readonly counted: readonly CountedLine[] | null } {
  const held = heldByLine(reservation);
  let places: Place[] | null = null;
  let counted: CountedLine[] | null = null;
  const cut = shares.map((share): LineShare => {
    const own = Math.min(share.credits, held[share.index] as number);
    held[share.index] = (held[share.index] as number) - own;
    if (own === share.credits) return share;
    places ??= placesOf(account, reservation, now);
    const line = reservation.lines[share.index] as ReservationLine;
    const credits = Math.min(share.credits - own, roomIn(places, line));
    const refs = take(places, line, credits);
    counted ??= reservation.lines.map((_, index) => reservation.counted?.[index] ?? NOWHERE);
    const known = counted[share.index] as CountedLine;
    if (credits > 0) counted[share.index] = { refs: known.refs, beyond: [...known.beyond, { credits, refs }] };
    return { index: share.index, credits: own + credits, operations: share.operations };
  });
  return { shares: cut, counted: counted !== null && remembers(counted) ? counted : reservation.counted };
}

/** What shares take beyond what their lines hold, line by line. */
export function beyondLines(reservation: ReservationState, shares: readonly LineShare[]): BudgetedLine[] {
  const held = heldByLine(reservation);
  return shares.map(({ index, credits }) => {
    const { feature, type } = reservation.lines[index] as ReservationLine;
    const own = Math.min(credits, held[index] as number);
    held[index] = (held[index] as number) - own;
    return { feature, type, credits: credits - own };
  });
}

/** What hard budgets leave for a line after those that were looked at before it. */
function roomIn(places: readonly Place[], line: Pick<BudgetedLine, 'feature' | 'type'>): number {
  let room = Infinity;
  for (const place of places)
    if (place.denies && isAboutLine(place.budget, line)) room = Math.min(room, remainingOf(place) - place.needed);
  return Math.max(0, room);
}

function remembers(counted: readonly CountedLine[]): boolean {
  return counted.some(({ refs, beyond }) => refs.length > 0 || beyond.some((part) => part.refs.length > 0));
}
