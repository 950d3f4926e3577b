import type { Feature, OperationType } from '../catalog/catalog.js';
import type { BudgetAsked } from '../ledger/core/commands/set-budget.js';

/*
 * Budgets a second time, written from docs/domain.md alone: it keeps every credit that was ever counted as a posting of its own, and sums
 * them up anew whenever it is asked. One account in UTC whose periods are calendar months, with credits enough for everything. Commits are
 * by amount.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Monday. */
const MONDAY = Date.UTC(2026, 0, 5);

export interface ModelLine {
  readonly feature: Feature;
  readonly type: OperationType;
  readonly credits: number;
}

interface Budget extends BudgetAsked {
  readonly id: string;
  removed: boolean;
}

/** Where something counts: of which budget, for whom, in the window from when. */
interface Counted {
  readonly budget: Budget;
  readonly member: string;
  readonly start: number;
}

interface Posting extends Counted {
  readonly held: number;
  readonly consumed: number;
}

interface Line extends ModelLine {
  readonly counts: readonly Counted[];
  committed: number;
}

interface Hold {
  readonly project: string | null;
  readonly member: string;
  lines: Line[];
  readonly until: number;
  status: 'HELD' | 'EXPIRED' | 'CLOSED';
}

export interface ModelRefusal {
  readonly budgetId: string;
  readonly limit: number;
  readonly consumed: number;
  readonly held: number;
  readonly needed: number;
}

export class BudgetModel {
  readonly budgets: Budget[] = [];
  readonly holds = new Map<string, Hold>();
  private readonly postings: Posting[] = [];

  set(id: string, asked: BudgetAsked): void {
    const known = this.budgets.find((budget) => budget.id === id);
    if (known) Object.assign(known, { limit: asked.limit, hard: asked.hard, name: asked.name });
    else this.budgets.push({ ...asked, id, removed: false });
  }

  remove(id: string): void {
    for (const budget of this.budgets) if (budget.id === id) budget.removed = true;
  }

  /** What a budget has counted for a member in the window of an instant. */
  used(budget: Budget, member: string, now: number): { consumed: number; held: number } {
    const start = startOf(budget, now);
    const own = this.postings.filter(
      (posting) =>
        posting.budget === budget && posting.start === start && (!budget.eachMember || posting.member === member),
    );
    return {
      consumed: own.reduce((sum, { consumed }) => sum + consumed, 0),
      held: own.reduce((sum, { held }) => sum + held, 0),
    };
  }

  /** Expires what ended by an instant. */
  advance(now: number): void {
    for (const hold of this.holds.values()) {
      if (hold.status !== 'HELD' || hold.until > now) continue;
      this.giveBack(hold);
      hold.status = 'EXPIRED';
    }
  }

  private aboutLine(work: { project: string | null; member: string }, line: ModelLine): Budget[] {
    return this.budgets.filter(
      (budget) =>
        !budget.removed &&
        (budget.project ?? work.project) === work.project &&
        (budget.member ?? work.member) === work.member &&
        (budget.feature ?? line.feature) === line.feature &&
        (budget.type ?? line.type) === line.type,
    );
  }

  private denies(budget: Budget, member: string): boolean {
    const isReplaced = this.budgets.some(
      (other) =>
        budget.eachMember &&
        !other.removed &&
        other.member === member &&
        ['project', 'feature', 'type', 'window'].every(
          (field) => Reflect.get(other, field) === Reflect.get(budget, field),
        ),
    );
    return budget.hard && !isReplaced;
  }

  /** Opens a hold, or adds to the one that there is. */
  reserve(
    id: string,
    work: { project: string | null; member: string },
    lines: readonly ModelLine[],
    now: number,
    until: number,
  ): ModelRefusal | null {
    let refusal: (ModelRefusal & { readonly remaining: number }) | null = null;
    for (const budget of this.budgets) {
      const needed = lines
        .filter((line) => this.aboutLine(work, line).includes(budget))
        .reduce((sum, { credits }) => sum + credits, 0);
      const { consumed, held } = this.used(budget, work.member, now);
      const remaining = budget.limit - consumed - held;
      if (needed === 0 || needed <= remaining || !this.denies(budget, work.member)) continue;
      if (refusal === null || remaining < refusal.remaining)
        refusal = { budgetId: budget.id, limit: budget.limit, consumed, held, needed, remaining };
    }
    if (refusal !== null) {
      const { remaining: _, ...figures } = refusal;
      return figures;
    }
    const before = this.holds.get(id);
    const counted = lines.map((line): Line => {
      const counts = this.aboutLine(work, line).map((budget) => ({
        budget,
        member: work.member,
        start: startOf(budget, now),
      }));
      this.post(counts, line.credits, 0);
      return { ...line, counts, committed: 0 };
    });
    if (before) before.lines = [...before.lines, ...counted];
    else this.holds.set(id, { ...work, lines: counted, until, status: 'HELD' });
    return null;
  }

  private post(counts: readonly Counted[], held: number, consumed: number): void {
    for (const counted of counts) this.postings.push({ ...counted, held, consumed });
  }

  private giveBack(hold: Hold): void {
    for (const line of hold.lines) this.post(line.counts, line.committed - line.credits, 0);
  }

  release(id: string): void {
    const hold = this.holds.get(id) as Hold;
    this.giveBack(hold);
    hold.status = 'CLOSED';
  }

  /** @returns how many credits are committed in all */
  commit(id: string, amount: number, isFinal: boolean, now: number): number {
    const hold = this.holds.get(id) as Hold;
    const last = hold.lines.at(-1) as Line;
    const isLate = hold.status === 'EXPIRED';
    const most = hold.lines.reduce((sum, line) => sum + line.credits - line.committed, 0);
    const room = Math.min(
      ...this.aboutLine(hold, last)
        .filter((budget) => this.denies(budget, hold.member))
        .map((budget) => {
          const { consumed, held } = this.used(budget, hold.member, now);
          return Math.max(0, budget.limit - consumed - held);
        }),
      Infinity,
    );
    const beyond = isLate ? 0 : Math.min(Math.max(0, amount - most), room);
    let rest = Math.min(amount, most);
    for (const line of hold.lines) {
      const part = Math.min(rest, line.credits - line.committed);
      this.post(line.counts, isLate ? 0 : -part, part);
      line.committed += part;
      rest -= part;
    }
    if (beyond > 0)
      this.post(
        this.aboutLine(hold, last).map((budget) => ({ budget, member: hold.member, start: startOf(budget, now) })),
        0,
        beyond,
      );
    const isEmpty = hold.lines.every((line) => line.committed === line.credits);
    if (!isLate && (isFinal || isEmpty)) this.giveBack(hold);
    if (isLate || isFinal || isEmpty) hold.status = 'CLOSED';
    return Math.min(amount, most) + beyond;
  }
}

export function startOf({ window }: Pick<BudgetAsked, 'window'>, at: number): number {
  if (window === 'HOUR') return Math.floor(at / HOUR) * HOUR;
  if (window === 'DAY') return Math.floor(at / DAY) * DAY;
  if (window === 'WEEK') return MONDAY + Math.floor((at - MONDAY) / (7 * DAY)) * 7 * DAY;
  if (window === 'LIFETIME') return 0;
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}
