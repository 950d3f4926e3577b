import type { CreditType, Feature, OperationType } from '../../catalog/catalog.js';

/** How long what is used of a budget counts, half-open in the account's zone. */
export type BudgetWindow = 'HOUR' | 'DAY' | 'WEEK' | 'PERIOD' | 'LIFETIME';

/** What may be changed of a budget; whatever else it says is for ever. */
type BudgetTerms = {
  readonly name: string;
  readonly limit: number;
  /** True: it denies what goes beyond its limit. False: it only warns. */
  readonly hard: boolean;
};

/**
 * A limit of some work within a window of time; with `setAside`, credits that are kept for that work instead.
 *
 * It is about work of its project, member, feature and type; null: of any. With `eachMember` it counts every member apart.
 */
export interface BudgetState extends BudgetTerms {
  readonly accountId: string;
  readonly id: string;
  /** The version of the group that made it: unique among the account's budgets, and the older the smaller. Holds remember it. */
  readonly number: number;
  readonly creditType: CreditType;
  readonly project: string | null;
  readonly member: string | null;
  readonly eachMember: boolean;
  readonly feature: Feature | null;
  readonly type: OperationType | null;
  readonly window: BudgetWindow;
  readonly setAside: boolean;
  /** The version of the group that removed it; null: it is in force. */
  readonly removedVersion: number | null;
  /** The version that changed it last. */
  readonly version: number;
  readonly createdAt: number;
}

/** How much of a budget is used within one window. */
export interface CounterState {
  /** Of the budget. */
  readonly budget: number;
  /** When its window began, epoch ms; of a lifetime 0. */
  readonly start: number;
  readonly consumed: number;
  readonly held: number;
  /** By which limit it was last judged whether to warn. */
  readonly limit: number;
  /** What it has warned of: 0 nothing, 1 that most is used, 2 that all is. */
  readonly warned: number;
  /** In the tally of all members, of a budget that counts every member apart: how many have a counter of their own in this window. */
  readonly members: number;
}

/**
 * The counters of an account that are about one member, or about all: of each budget the one of its newest window.
 *
 * They lie in one row, since work that counts in twenty budgets would otherwise change twenty rows. Source: docs/decisions/budgets.md
 */
export interface TallyState {
  readonly accountId: string;
  readonly id: string;
  /** Empty: all members together. */
  readonly member: string;
  readonly counters: readonly CounterState[];
  /** On the account's clock. */
  readonly changedAt: number;
}

/** The tally of all members. */
export const EVERYBODY = '';
/** How many members have counters of their own in one window of a budget; further ones share one. Source: docs/domain.md, Budgets */
export const MEMBERS_A_WINDOW_MAX = 10_000;
/** Source: docs/domain.md, Budgets */
export const BUDGETS_MAX = 200;

/** A counter that lines of a reservation count in. */
export interface CounterRef {
  readonly budget: number;
  readonly start: number;
  /** Of a budget that counts every member apart: it is the one that the members beyond the first ten thousand share. */
  readonly shared: boolean;
}

/** What a line committed beyond what was held for it, and where that counts: in the windows of the commit. */
export interface CountedBeyond {
  readonly credits: number;
  readonly refs: readonly CounterRef[];
}

/** Where a line of a reservation counts: what was held for it, in the windows of the instant at which it was. */
export interface CountedLine {
  readonly refs: readonly CounterRef[];
  readonly beyond: readonly CountedBeyond[];
}

/** Work that may be about a budget. */
export interface BudgetedWork {
  readonly creditType: CreditType;
  readonly project: string | null;
  readonly member: string;
}

/** A line of such work, or of several lines of one kind the sum. */
export interface BudgetedLine {
  readonly feature: Feature;
  readonly type: OperationType;
  readonly credits: number;
}

export function changedBudget(
  from: BudgetState,
  changes: Partial<BudgetTerms & Pick<BudgetState, 'removedVersion' | 'version'>>,
): BudgetState {
  return { ...from, ...changes };
}

/** Whether work is of a budget's project and member, so that some of its lines may count in it. */
export function isAboutWork(
  budget: Pick<BudgetState, 'removedVersion' | 'creditType' | 'project' | 'member'>,
  { creditType, project, member }: BudgetedWork,
): boolean {
  return (
    budget.removedVersion === null &&
    budget.creditType === creditType &&
    (budget.project === null || budget.project === project) &&
    (budget.member === null || budget.member === member)
  );
}

/** Whether a line of such work counts in it. */
export function isAboutLine(
  budget: Pick<BudgetState, 'feature' | 'type'>,
  { feature, type }: Pick<BudgetedLine, 'feature' | 'type'>,
): boolean {
  return (budget.feature === null || budget.feature === feature) && (budget.type === null || budget.type === type);
}

/**
 * Whether a budget for one member takes the place of one for every member: then the latter goes on counting that member and neither denies
 * nor warns. Source: docs/domain.md, Budgets
 */
export function isReplaced(
  each: Pick<BudgetState, 'project' | 'feature' | 'type' | 'window' | 'creditType'>,
  member: string,
  budgets: Iterable<BudgetState>,
): boolean {
  for (const other of budgets)
    if (
      other.removedVersion === null &&
      !other.setAside &&
      other.member === member &&
      other.project === each.project &&
      other.feature === each.feature &&
      other.type === each.type &&
      other.window === each.window &&
      other.creditType === each.creditType
    )
      return true;
  return false;
}
