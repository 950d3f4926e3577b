import {
  type BudgetState,
  type CountedLine,
  type CounterRef,
  type CounterState,
  EVERYBODY,
  isReplaced,
  type TallyState,
} from './budget.js';
import { budgetWarning, warnedAfter } from './budget-warnings.js';
import { windowAt } from './budget-window.js';
import { memberOf, tallyOf } from './counters.js';
import type { Told } from './crossed-levels.js';
import { InvariantBroken } from './invariant-broken.js';
import type { LineDelta } from './line-deltas.js';
import type { DecisionContext } from './rules.js';
import type { LoadedAccount } from './state.js';

/** What a group does to one counter. */
interface Move {
  readonly ref: CounterRef;
  readonly member: string;
  consumed: number;
  held: number;
}

/** A tally as a group leaves it. */
export interface MovedTally {
  readonly tally: TallyState;
  readonly isNew: boolean;
}

/** What the lines of a group did to the counters of budgets. */
export interface MovedCounters {
  readonly tallies: readonly MovedTally[];
  /** Budgets of which most or all is used now. */
  readonly told: readonly Told[];
}

/** What a line committed beyond what was held for it. */
export function beyondOf(counted: CountedLine | undefined): number {
  let credits = 0;
  if (counted !== undefined) for (const part of counted.beyond) credits += part.credits;
  return credits;
}

/** What a group's lines add to counters, each counter once. */
function movesOf(lines: readonly LineDelta[]): Move[] {
  const moves: Move[] = [];
  const add = (ref: CounterRef, member: string, consumed: number, held: number): void => {
    let move = moves.find(
      (one) => one.ref.budget === ref.budget && one.ref.start === ref.start && one.member === member,
    );
    if (!move) moves.push((move = { ref, member, consumed: 0, held: 0 }));
    move.consumed += consumed;
    move.held += held;
  };
  for (const { reservation, before, index, held, committed } of lines) {
    const counted = reservation.counted?.[index];
    if (counted === undefined) continue;
    const known = before?.counted?.[index];
    const own = committed - beyondOf(counted) + beyondOf(known);
    if (held !== 0 || own !== 0) for (const ref of counted.refs) add(ref, reservation.member, own, held);
    for (const { refs, credits } of counted.beyond.slice(known?.beyond.length ?? 0))
      for (const ref of refs) add(ref, reservation.member, credits, 0);
  }
  return moves;
}

/** The tallies that a group changes. */
class TallyDrafts {
  private readonly drafts = new Map<string, { readonly was: TallyState | null; readonly counters: CounterState[] }>();

  constructor(
    private readonly account: LoadedAccount,
    private readonly isInForce: (budget: number) => boolean,
  ) {}

  /** The counters of a member's tally, free to change; those of budgets that were removed are left out. */
  of(member: string): CounterState[] {
    let draft = this.drafts.get(member);
    if (draft === undefined) {
      const { talliesOf, tallies, head } = this.account;
      if (!talliesOf?.has(member)) throw new InvariantBroken(head.id, `the tally of a member is not loaded`);
      const was = tallyOf(tallies, member);
      draft = { was, counters: was === null ? [] : was.counters.filter(({ budget }) => this.isInForce(budget)) };
      this.drafts.set(member, draft);
    }
    return draft.counters;
  }

  finish(now: number, nextId: () => string): MovedTally[] {
    return [...this.drafts].map(([member, { was, counters }]) => ({
      isNew: was === null,
      tally: { accountId: this.account.head.id, id: was?.id ?? nextId(), member, counters, changedAt: now },
    }));
  }
}

/**
 * What the lines of a group do to the counters that holds remember: those of the budgets in force, each in the newest window that it has
 * seen. A counter of an earlier window is gone, and nobody asks for it.
 *
 * Source: docs/domain.md, Budgets; docs/decisions/budgets.md
 */
export function moveCounters(
  account: LoadedAccount,
  lines: readonly LineDelta[],
  context: DecisionContext,
): MovedCounters | null {
  const moves = movesOf(lines);
  if (moves.length === 0) return null;
  const { head } = account;
  const byNumber = new Map<number, BudgetState>();
  for (const budget of account.budgets.values())
    if (budget.removedVersion === null) byNumber.set(budget.number, budget);
  const drafts = new TallyDrafts(account, (number) => byNumber.has(number));
  const told: Told[] = [];
  for (const move of moves) {
    const budget = byNumber.get(move.ref.budget);
    if (budget === undefined) continue;
    const counters = drafts.of(memberOf(budget, move.ref, move.member));
    const place = newestOf(counters, budget, move.ref);
    if (place === null) continue;
    if (place.isNew && budget.eachMember && !move.ref.shared) countMember(drafts, budget, move.ref);
    const before = counters[place.index] as CounterState;
    const after = moved(before, move, budget);
    if (after.consumed < 0 || after.held < 0)
      throw new InvariantBroken(head.id, `a counter of budget ${budget.number} falls below zero`);
    counters[place.index] = after;
    const warning = budgetWarning(before, after, budget);
    if (warning === null) continue;
    const isNow = windowAt(budget.window, context.now, head).start === move.ref.start;
    if (isNow && !isSilent(account, budget, move.member)) told.push(warning);
  }
  return { tallies: drafts.finish(context.now, context.rules.nextId), told };
}

/** Where a budget's counter of a window lies, made where that window is newer than the one before; null: it is gone. */
function newestOf(
  counters: CounterState[],
  { number, limit }: BudgetState,
  { start }: CounterRef,
): { readonly index: number; readonly isNew: boolean } | null {
  const index = counters.findIndex(({ budget }) => budget === number);
  const known = counters[index];
  if (known !== undefined && known.start > start) return null;
  if (known?.start === start) return { index, isNew: false };
  const fresh: CounterState = { budget: number, start, consumed: 0, held: 0, limit, warned: 0, members: 0 };
  if (known === undefined) return { index: counters.push(fresh) - 1, isNew: true };
  counters[index] = fresh;
  return { index, isNew: true };
}

/** One more member has a counter of its own in that window. */
function countMember(drafts: TallyDrafts, budget: BudgetState, ref: CounterRef): void {
  const counters = drafts.of(EVERYBODY);
  const place = newestOf(counters, budget, ref);
  if (place === null) return;
  const counter = counters[place.index] as CounterState;
  counters[place.index] = { ...counter, members: counter.members + 1 };
}

function moved(before: CounterState, { consumed, held }: Move, { limit }: BudgetState): CounterState {
  const after = { consumed: before.consumed + consumed, held: before.held + held };
  return {
    budget: before.budget,
    start: before.start,
    consumed: after.consumed,
    held: after.held,
    limit,
    warned: warnedAfter(before, after.consumed + after.held, limit),
    members: before.members,
  };
}

/** Set-asides keep credits and warn of nothing; nor does a budget of which another takes the place for that member. */
function isSilent({ budgets }: LoadedAccount, budget: BudgetState, member: string): boolean {
  return budget.setAside || (budget.eachMember && isReplaced(budget, member, budgets.values()));
}
