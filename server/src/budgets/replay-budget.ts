import { type BudgetState, isAboutLine, isAboutWork } from '../ledger/core/budget.js';
import { windowAt } from '../ledger/core/budget-window.js';
import type { Period } from '../ledger/core/state.js';
import type { CommittedLine } from '../prices/read-committed-lines.js';

/** What a budget would have denied. */
export interface Denied {
  operations: number;
  credits: number;
}

export interface BudgetReplay {
  /** All that it is about, denied or not. */
  readonly of: Denied;
  readonly denied: Denied;
  /** Of members of whom it would have denied something. */
  readonly byMember: ReadonlyMap<string, Denied>;
}

/** What was committed of one reservation's lines that a budget is about. */
interface Work extends Denied {
  readonly id: string;
  readonly member: string;
  readonly createdAt: number;
}

/** What of a budget decides whether it would have denied something. */
export type ReplayedBudget = Pick<
  BudgetState,
  'creditType' | 'project' | 'member' | 'eachMember' | 'feature' | 'type' | 'window' | 'limit'
>;

/** Where an account's windows lie. */
export interface Calendar {
  readonly timeZone: string;
  /** Every period that some of the work was held in. */
  readonly periods: readonly Period[];
}

/**
 * What a hard budget would have denied of work that was done: reservation after reservation in the order in which they were opened, each
 * in the window of its opening, with what was committed of it. What would have been denied does not count for what follows; lines of one
 * reservation pass or fall together.
 *
 * @param isReplaced  whether another budget takes its place for a member
 * Source: docs/domain.md, Budgets
 */
export function replayBudget(
  budget: ReplayedBudget,
  lines: readonly CommittedLine[],
  calendar: Calendar,
  isReplaced: (member: string) => boolean,
): BudgetReplay {
  const used = new Map<string, number>();
  const of: Denied = { operations: 0, credits: 0 };
  const denied: Denied = { operations: 0, credits: 0 };
  const byMember = new Map<string, Denied>();
  for (const { member, createdAt, operations, credits } of worksOf(budget, lines)) {
    add(of, operations, credits);
    const { start } = windowAt(budget.window, createdAt, { ...calendar, period: periodOf(calendar, createdAt) });
    const counter = JSON.stringify([start, budget.eachMember ? member : null]);
    const before = used.get(counter) ?? 0;
    if (credits === 0 || before + credits <= budget.limit || isReplaced(member)) {
      used.set(counter, before + credits);
      continue;
    }
    add(denied, operations, credits);
    const own = byMember.get(member) ?? { operations: 0, credits: 0 };
    byMember.set(member, own);
    add(own, operations, credits);
  }
  return { of, denied, byMember };
}

function add(sum: Denied, operations: number, credits: number): void {
  sum.operations += operations;
  sum.credits += credits;
}

/** What was committed that a budget is about, by reservation, the oldest first. */
function worksOf(budget: ReplayedBudget, lines: readonly CommittedLine[]): Work[] {
  const works = new Map<string, Work>();
  const inForce = { ...budget, removedVersion: null };
  for (const { reservation, before, after } of lines) {
    if (!isAboutWork(inForce, reservation) || !isAboutLine(budget, after)) continue;
    const { id, member, createdAt } = reservation;
    const work = works.get(id) ?? { id, member, createdAt, operations: 0, credits: 0 };
    works.set(id, work);
    add(work, after.done - before.done, after.committed - before.committed);
  }
  return [...works.values()].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}

function periodOf({ periods }: Calendar, at: number): Period {
  const found = periods.find(({ start, end }) => at >= start && at < end);
  if (found === undefined) throw new RangeError(`no period of the account contains ${new Date(at).toISOString()}`);
  return found;
}
