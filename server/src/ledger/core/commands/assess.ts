import { type AssessedWork, assessWork } from '../assess-work.js';
import { windowAt } from '../budget-window.js';
import { countLines } from '../count-lines.js';
import type { CommandBase, CommandKind, OperationLine } from '../command.js';
import { answer, type Decision } from '../decision.js';
import { missingTallies } from '../missing-tallies.js';
import type { NotFound, WorkAssessed } from '../outcome.js';
import type { DecisionContext } from '../rules.js';
import { budgetedLines, keptFor, keptForOthers } from '../set-asides.js';
import type { LoadedAccount } from '../state.js';

/** Says what a reservation would meet now: the dry run of `reserve`, for a quote. Writes nothing. */
export interface AssessCommand extends CommandBase {
  readonly type: 'assess';
  readonly operations: readonly OperationLine[];
  readonly project: string | null;
  readonly member: string;
  /** Whose set-asides may be told of, beside those that name nobody; null: everybody's. */
  readonly sees: string | null;
}

function decideAssess(
  account: LoadedAccount,
  command: AssessCommand,
  context: DecisionContext,
): Decision<WorkAssessed | NotFound> {
  const missing = missingTallies(account, [command.member]);
  if (missing !== null) return missing;
  const work = { operations: command.operations, quote: null };
  const assessed = assessWork(account.head, work, context, keptFor(account, command, context.now));
  if (assessed.kind !== 'assessed') return say(account, context, 0, 0, null);
  const { setAside } = assessed;
  const seen = setAside === 0 || command.sees === null ? setAside : seenBy(account, command, assessed, context);
  const budgeted = { creditType: assessed.pricing.creditType, project: command.project, member: command.member };
  const lines = assessed.courtesy === null ? budgetedLines(assessed.pricing) : [];
  const counted = countLines(account, budgeted, lines, context.now);
  return say(account, context, setAside, seen, counted.kind === 'counted' ? null : counted);
}

function say(
  { head: account, budgets }: LoadedAccount,
  { now }: DecisionContext,
  setAside: number,
  setAsideSeen: number,
  blockedBy: WorkAssessed['blockedBy'],
): Decision<WorkAssessed> {
  let windowsEnd = Infinity;
  for (const { window, removedVersion } of budgets.values())
    if (removedVersion === null) windowsEnd = Math.min(windowsEnd, windowAt(window, now, account).end);
  return answer({ kind: 'workAssessed', account, now, setAside, setAsideSeen, windowsEnd, blockedBy });
}

/** What is set aside for other work, as far as a member may know of it. */
function seenBy(
  account: LoadedAccount,
  { project, member, sees }: AssessCommand,
  { pricing }: AssessedWork,
  { now }: DecisionContext,
): number {
  const work = { creditType: pricing.creditType, project, member };
  return keptForOthers(
    account,
    work,
    budgetedLines(pricing),
    now,
    (budget) => budget.member === null || budget.member === sees,
  );
}

export const ASSESS: CommandKind<AssessCommand, WorkAssessed | NotFound> = {
  decide: decideAssess,
  memberOf: ({ member }) => member,
};
