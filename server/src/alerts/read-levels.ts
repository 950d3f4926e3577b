import type { BalanceView, LevelName } from '../ledger/core/state.js';
import type { AskedLevel } from '../ledger/core/rules.js';
import { isLevelPercent } from './cross-levels.js';

const LEVELS_MAX = 6;

/** A level as a caller says it. */
export interface SaidLevel {
  readonly level: BalanceView['level'];
  readonly percent?: number | null;
  readonly credits?: number | null;
}

/** What is out of range: which field, and why. */
export interface LevelProblem {
  readonly field: string;
  readonly message: string;
}

/**
 * The low-balance rules that a caller asks for.
 *
 * @returns 1 to 6 rules in the order said, with EMPTY behind them where it was not said; or what is wrong with them
 * Source: docs/domain.md, Thresholds, events, notifications
 */
export function readLevels(said: readonly SaidLevel[]): readonly AskedLevel[] | LevelProblem {
  const levels: AskedLevel[] = [];
  for (const [index, one] of said.entries()) {
    const level = readLevel(one, `levels[${index}]`);
    if ('field' in level) return level;
    const isTwice = levels.some((other) => other.level === level.level && isAsMuch(other, level));
    if (isTwice) return { field: `levels[${index}]`, message: 'This level is there twice.' };
    levels.push(level);
  }
  if (!levels.some(({ level }) => level === 'EMPTY')) levels.push({ level: 'EMPTY', percent: null, credits: 0 });
  if (said.length === 0 || levels.length > LEVELS_MAX)
    return {
      field: 'levels',
      message: `An account has 1 to ${LEVELS_MAX} levels of a credit type, EMPTY among them, not ${said.length === 0 ? 0 : levels.length}.`,
    };
  return levels;
}

function isAsMuch(a: AskedLevel, b: AskedLevel): boolean {
  return a.percent === b.percent && a.credits === b.credits;
}

function readLevel({ level, percent = null, credits = null }: SaidLevel, field: string): AskedLevel | LevelProblem {
  if (level === 'OK') return { field: `${field}.level`, message: 'A level is LOW, CRITICAL or EMPTY.' };
  if (level === 'EMPTY') return readEmpty(percent, credits, field);
  if ((percent === null) === (credits === null))
    return {
      field: `${field}.percent`,
      message: `A level has either a percent or an amount, not ${percent === null ? 'neither' : 'both'}.`,
    };
  if (percent !== null && !(percent < 100 && isLevelPercent(percent)))
    return {
      field: `${field}.percent`,
      message: 'A percent is more than 0 and less than 100, with at most four decimals.',
    };
  return { level: level satisfies LevelName, percent, credits };
}

/** Nothing left: there is nothing to say about it. */
function readEmpty(percent: number | null, credits: number | null, field: string): AskedLevel | LevelProblem {
  if (percent !== null)
    return { field: `${field}.percent`, message: 'EMPTY is when nothing is left: it has no percent.' };
  if (credits !== null && credits !== 0)
    return { field: `${field}.credits`, message: 'EMPTY is when nothing is left: its amount is 0.' };
  return { level: 'EMPTY', percent: null, credits: 0 };
}
