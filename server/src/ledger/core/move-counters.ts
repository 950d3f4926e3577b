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
import type { Mutable } from './changed-state.js';
import { memberOf, tallyOf } from './counters.js';
import type { Told } from './crossed-levels.js';
import { InvariantBroken } from './invariant-broken.js';
import type { LineDelta } from './line-deltas.js';
import type { DecisionContext } from './rules.js';
import type { LoadedAccount } from './state.js';

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

/** A counter that a group changes: as it was found, and as it is so far. */
interface MovedCounter {
  readonly budget: BudgetState;
  readonly member: string;
  readonly before: CounterState;
  readonly after: Mutable<CounterState>;
}

/** What a line committed beyond what was held for it. */
function beyondOf(counted: CountedLine | undefined): number {
  let credits = 0;
  if (counted !== undefined) for (const part of counted.beyond) credits += part.credits;
  return credits;
}

/** A tally that a group changes. Work of many budgets goes through here, so nothing is made twice. */
class TallyDraft {
  readonly moved: MovedCounter[] = [];
  private readonly was: TallyState | null;
  private readonly counters: CounterState[];
  /** Where the counter lies that is likely to be asked for next: holds remember them in the order of the tally. */
  private next = 0;

  constructor(
    private readonly account: LoadedAccount,
    private readonly member: string,
    isInForce: (budget: number) => boolean,
  ) {
    const { talliesOf, tallies, head } = account;
    if (!talliesOf?.has(member)) throw new InvariantBroken(head.id, 'the tally of a member is not loaded');
    this.was = tallyOf(tallies, member);
    // Those of budgets that were removed are left out.
    this.counters = this.was === null ? [] : this.was.counters.filter(({ budget }) => isInForce(budget));
  }

  /**
   * A budget's counter of a window, free to change; made where that window is newer than the one before.
   *
   * @returns null: a later window has followed
   */
  counter(budget: BudgetState, start: number, member: string): MovedCounter | null {
    const index = this.indexOf(budget.number);
    const known = this.counters[index];
    if (known !== undefined && known.start > start) return null;
    const moved = known && this.moved.find(({ after }) => after === known);
    if (moved && known.start === start) return moved;
    const { number, limit } = budget;
    const before =
      known?.start === start ? known : { budget: number, start, consumed: 0, held: 0, limit, warned: 0, members: 0 };
    const after = {
      budget: number,
      start,
      consumed: before.consumed,
      held: before.held,
      limit,
      warned: before.warned,
      members: before.members,
    };
    this.counters[index] = after;
    const made = { budget, member, before, after };
    this.moved.push(made);
    return made;
  }

  /** Whether a budget has no counter of that window yet. */
  lacks(budget: BudgetState, start: number): boolean {
    const known = this.counters[this.indexOf(budget.number)];
    return known === undefined || known.start < start;
  }

  private indexOf(budget: number): number {
    const { counters } = this;
    for (let step = 0; step < counters.length; step++) {
      const index = (this.next + step) % counters.length;
      if (counters[index]?.budget !== budget) continue;
      this.next = index + 1;
      return index;
    }
    return counters.length;
  }

  finish(now: number, nextId: () => string): MovedTally {
    const id = this.was?.id ?? nextId();
    const tally = {
      accountId: this.account.head.id,
      id,
      member: this.member,
      counters: this.counters,
      changedAt: now,
    };
    return { isNew: this.was === null, tally };
  }
}

/** What a group's lines do to counters, added up. */
class CounterMoves {
  private readonly byNumber = new Map<number, BudgetState>();
  private readonly drafts = new Map<string, TallyDraft>();

  constructor(
    private readonly account: LoadedAccount,
    private readonly context: DecisionContext,
  ) {
    for (const budget of account.budgets.values())
      if (budget.removedVersion === null) this.byNumber.set(budget.number, budget);
  }

  addLine({ reservation, before, index, held, committed }: LineDelta): void {
    const counted = reservation.counted?.[index];
    if (counted === undefined) return;
    const known = before?.counted?.[index];
    const own = committed - beyondOf(counted) + beyondOf(known);
    if (held !== 0 || own !== 0) for (const ref of counted.refs) this.add(ref, reservation.member, own, held);
    for (let part = known?.beyond.length ?? 0; part < counted.beyond.length; part++) {
      const beyond = counted.beyond[part];
      if (beyond) for (const ref of beyond.refs) this.add(ref, reservation.member, beyond.credits, 0);
    }
  }

  private add(ref: CounterRef, member: string, consumed: number, held: number): void {
    const budget = this.byNumber.get(ref.budget);
    if (budget === undefined) return;
    const tally = this.draft(memberOf(budget, ref, member));
    const isFirst = budget.eachMember && !ref.shared && tally.lacks(budget, ref.start);
    const counter = tally.counter(budget, ref.start, member);
    if (counter === null) return;
    counter.after.consumed += consumed;
    counter.after.held += held;
    if (!isFirst) return;
    // One more member has a counter of its own in that window.
    const common = this.draft(EVERYBODY).counter(budget, ref.start, member);
    if (common !== null) common.after.members += 1;
  }

  private draft(member: string): TallyDraft {
    let draft = this.drafts.get(member);
    if (draft === undefined) {
      draft = new TallyDraft(this.account, member, (budget) => this.byNumber.has(budget));
      this.drafts.set(member, draft);
    }
    return draft;
  }

  finish(): MovedCounters | null {
    if (this.drafts.size === 0) return null;
    const tallies: MovedTally[] = [];
    const told: Told[] = [];
    for (const draft of this.drafts.values()) {
      for (const moved of draft.moved) this.judge(moved, told);
      tallies.push(draft.finish(this.context.now, this.context.rules.nextId));
    }
    return { tallies, told };
  }

  private judge({ budget, member, before, after }: MovedCounter, told: Told[]): void {
    const { head, budgets } = this.account;
    if (after.consumed < 0 || after.held < 0)
      throw new InvariantBroken(head.id, `a counter of budget ${budget.number} falls below zero`);
    after.warned = warnedAfter(before, after.consumed + after.held, budget.limit);
    const warning = budgetWarning(before, after, budget);
    if (warning === null || budget.setAside) return;
    const isNow = windowAt(budget.window, this.context.now, head).start === after.start;
    const isSilent = budget.eachMember && isReplaced(budget, member, budgets.values());
    if (isNow && !isSilent) told.push(warning);
  }
}

/**
 * What the lines of a group do to the counters that holds remember: those of the budgets in force, each in the newest window that it has
 * seen. A counter of an earlier window is gone, and nobody asks for it. Set-asides warn of nothing, nor does a budget of which another takes
 * the place for that member.
 *
 * @returns null: nothing
 * Source: docs/domain.md, Budgets; docs/decisions/budgets.md
 */
export function moveCounters(
  account: LoadedAccount,
  lines: readonly LineDelta[],
  context: DecisionContext,
): MovedCounters | null {
  if (!lines.some(({ reservation }) => reservation.counted !== null)) return null;
  const moves = new CounterMoves(account, context);
  for (const line of lines) moves.addLine(line);
  return moves.finish();
}
