import type { CreditType } from '../../../catalog/catalog.js';
import type { CommandBase, CommandKind } from '../command.js';
import { answer, type Decided } from '../decision.js';
import { GroupDraft } from '../group-draft.js';
import type { LevelsAnswer, NotFound } from '../outcome.js';
import type { AskedLevel, DecisionContext } from '../rules.js';
import type { LevelRule, LoadedAccount } from '../state.js';

/** Replaces an account's low-balance rules of one credit type. */
export interface SetLevelsCommand extends CommandBase {
  readonly type: 'set-levels';
  readonly creditType: CreditType;
  /** As `alerts/` has checked them: 1 to 6, EMPTY among them. */
  readonly levels: readonly AskedLevel[];
}

/**
 * Replaces the low-balance rules of a credit type, in one entry group without an event.
 *
 * A rule whose threshold is at or above what is available starts fired. The base of percents stays. The same rules again change nothing: they keep
 * which of them have fired, so that a repetition is safe without a key.
 *
 * @returns the account as it then is
 * Source: docs/domain.md, Thresholds, events, notifications
 */
function decideSetLevels(
  account: LoadedAccount,
  { creditType, levels, actor }: SetLevelsCommand,
  context: DecisionContext,
): Decided<LevelsAnswer> {
  const { head } = account;
  const before = head.credits[creditType];
  if (isSame(before.levels, levels)) return answer({ kind: 'levels', account: head });
  const draft = new GroupDraft(account, context);
  const base = Math.max(0, ...before.levels.map((rule) => rule.base));
  draft.credits(creditType).levels = context.rules.startLevels(levels, base, before.available - before.waiting);
  draft.audit('levels.changed', { creditType, levels: [...levels], before: before.levels.map(askedOf) });
  const group = draft.close('set-levels', actor.name, null);
  return { kind: 'decided', group, keeps: false, outcome: { kind: 'levels', account: group.head } };
}

function askedOf({ level, percent, credits }: LevelRule): AskedLevel {
  return { level, percent, credits };
}

function isSame(rules: readonly LevelRule[], levels: readonly AskedLevel[]): boolean {
  return (
    rules.length === levels.length &&
    rules.every((rule, index) => {
      const asked = levels[index] as AskedLevel;
      return rule.level === asked.level && rule.percent === asked.percent && rule.credits === asked.credits;
    })
  );
}

export const SET_LEVELS: CommandKind<SetLevelsCommand, LevelsAnswer | NotFound> = { decide: decideSetLevels };
