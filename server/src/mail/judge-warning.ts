import type { BalanceView, LevelName, LevelRule } from '../ledger/core/state.js';
import { BY_SEVERITY } from '../ledger/core/balance.js';
import type { LevelFacts } from '../ledger/core/events/level-words.js';
import { ruleKey, type ToldOfBalance } from './mail-rows.js';

/** Of a rule, at most one mail in this time. */
export const RULE_MS_MIN = 3_600_000;
/** A warning that is not so just now, while its rule has not armed again, is looked at again after this time. */
const LOOK_AGAIN_MS = 600_000;

/** What is known when the time of a mail about low credits has come. */
export interface BalanceNow {
  readonly balance: BalanceView;
  readonly levels: readonly LevelRule[];
  readonly told: ToldOfBalance;
  /** Epoch milliseconds. */
  readonly now: number;
}

export type Judgement =
  | { readonly is: 'send'; readonly level: LevelName; readonly threshold: number }
  | { readonly is: 'wait'; readonly until: number }
  | { readonly is: 'taken back' };

/**
 * What a warning says when it is sent: the most severe rule that holds then, whatever it was written for.
 *
 * Credits that came back first take it back. While they are above the threshold and the rule has not armed again, it waits: falling once
 * more makes no event, and the owner would never hear of it. Source: docs/domain.md, Thresholds, events, notifications
 */
export function judgeWarning({ balance, levels, told, now }: BalanceNow): Judgement {
  const fired = levels.filter(({ firedAt }) => firedAt !== null);
  if (fired.length === 0) return { is: 'taken back' };
  for (const level of BY_SEVERITY) {
    const rule = fired.find((one) => one.level === level && balance.available <= (one.firedAt ?? -1));
    if (rule === undefined) continue;
    const again = (told.toldAt.get(ruleKey('BALANCE_LOW', level)) ?? -Infinity) + RULE_MS_MIN;
    if (again > now) return { is: 'wait', until: again };
    return { is: 'send', level, threshold: rule.firedAt ?? 0 };
  }
  return { is: 'wait', until: now + LOOK_AGAIN_MS };
}

/** Good news goes only to those who were told the bad, and only while it is so. */
export function judgeRecovery({ level, threshold }: LevelFacts, { balance, told, now }: BalanceNow): Judgement {
  if (told.last !== 'BALANCE_LOW' || balance.available <= threshold) return { is: 'taken back' };
  const again = (told.toldAt.get(ruleKey('BALANCE_RECOVERED', level)) ?? -Infinity) + RULE_MS_MIN;
  return again > now ? { is: 'wait', until: again } : { is: 'send', level, threshold };
}
