import { BY_SEVERITY } from '../ledger/core/balance.js';
import type { LevelName, LevelRule } from '../ledger/core/state.js';

export interface LevelEvent {
  readonly type: 'BALANCE_LOW' | 'BALANCE_RECOVERED';
  readonly level: LevelName;
  /** Credits at or below which the rule fires, or fired. */
  readonly threshold: number;
}

export interface LevelChange {
  /** The very array that was given when no rule changed. */
  readonly rules: readonly LevelRule[];
  readonly event: LevelEvent | null;
}

const MARGIN_PERCENT = 5;
const PARTS = 1_000_000;
const PARTS_A_PERCENT = 10_000;

/** Whether a number may be a rule's percent: above 0 to 100, at most four decimals, so that thresholds are exact. */
export function isLevelPercent(percent: number): boolean {
  return percent > 0 && percent <= 100 && Math.round(percent * PARTS_A_PERCENT) / PARTS_A_PERCENT === percent;
}

/** `floor(base * percent / 100)`, exact for every base up to 2^53-1. */
function percentOf(base: number, percent: number): number {
  const parts = Math.round(percent * PARTS_A_PERCENT);
  const rest = base % PARTS;
  return ((base - rest) / PARTS) * parts + Math.floor((rest * parts) / PARTS);
}

/**
 * The credits at or below which a rule fires; null when it is off: a percent of nothing.
 *
 * Source: docs/domain.md, Thresholds, events, notifications
 */
export function thresholdOf(rule: LevelRule): number | null {
  return thresholdAt(rule, rule.base);
}

/** The same by another base than the rule's. */
function thresholdAt(rule: LevelRule, base: number): number | null {
  if (rule.percent === null) return rule.credits ?? 0;
  return base === 0 ? null : percentOf(base, rule.percent);
}

/**
 * The credits at or above which a rule that has fired is armed again within a period; a start arms it above its threshold itself.
 *
 * @param cheapest  cost of the cheapest operation of the credit type that costs something
 * Source: docs/domain.md, Thresholds, events, notifications
 */
export function rearmsAt(rule: LevelRule, cheapest: number): number {
  return rearmsAtBase(rule, rule.base, cheapest);
}

function rearmsAtBase(rule: LevelRule, base: number, cheapest: number): number {
  return (thresholdAt(rule, base) ?? 0) + Math.max(cheapest, percentOf(base, MARGIN_PERCENT));
}

/** The rules that an account is created with: LOW 20 %, CRITICAL 5 %, EMPTY at nothing left; armed. Source: docs/domain.md, Thresholds, events, notifications. */
export function defaultRules(base: number): LevelRule[] {
  return [
    { level: 'LOW', percent: 20, credits: null, base, firedAt: null },
    { level: 'CRITICAL', percent: 5, credits: null, base, firedAt: null },
    { level: 'EMPTY', percent: null, credits: 0, base, firedAt: null },
  ];
}

/**
 * The rules that replace others: fired where their threshold is at or above what is available, without an event.
 *
 * @param base  the base of the rules that they replace
 * Source: docs/domain.md, Thresholds, events, notifications
 */
export function startRules(
  asked: readonly Pick<LevelRule, 'level' | 'percent' | 'credits'>[],
  base: number,
  available: number,
): LevelRule[] {
  return asked.map(({ level, percent, credits }) => {
    const threshold = thresholdOf({ level, percent, credits, base, firedAt: null });
    return { level, percent, credits, base, firedAt: threshold !== null && threshold >= available ? threshold : null };
  });
}

/**
 * What one movement of a balance does to its rules, and the one event it makes, if any.
 *
 * The base, of which percents are, is the most that `available + held` has been since the last start; a start takes it anew. An armed
 * rule fires when `available` falls from above its threshold to it or below. A fired one re-arms when `available` rises to
 * threshold + margin, the larger of `cheapest` and 5 % of the base, or at a start when its threshold is below what is available. Both
 * go by the base as it is after the movement; a rising base alone fires nothing, and arming never fires.
 * The event is BALANCE_LOW with the most severe level fired; if none fired, BALANCE_RECOVERED with the mildest re-armed and the
 * threshold it had fired at.
 *
 * @param cheapest  cost of the cheapest operation of the credit type that costs something
 * @param cause  `start`: a period's change or a plan's, judged once, at its end
 * @returns the same array when no rule changed
 * Source: docs/domain.md, Thresholds, events, notifications
 */
export function crossLevels(
  rules: readonly LevelRule[],
  before: { readonly available: number },
  after: { readonly available: number; readonly held: number },
  cheapest: number,
  cause: { readonly start: boolean },
): LevelChange {
  const total = after.available + after.held;
  let changed: LevelRule[] | null = null;
  let fired: LevelEvent | null = null;
  let rearmed: LevelEvent | null = null;

  for (let index = 0; index < rules.length; index += 1) {
    const rule = rules[index] as LevelRule;
    const base = cause.start ? total : Math.max(rule.base, total);
    const firedAt = judge(rule, base, before.available, after.available, cheapest, cause.start);
    if (base === rule.base && firedAt === rule.firedAt) continue;
    changed ??= [...rules];
    changed[index] = { level: rule.level, percent: rule.percent, credits: rule.credits, base, firedAt };
    if (rule.firedAt === null && firedAt !== null) {
      const event: LevelEvent = { type: 'BALANCE_LOW', level: rule.level, threshold: firedAt };
      if (fired === null || isMoreSevere(event, fired)) fired = event;
    } else if (rule.firedAt !== null && firedAt === null) {
      const event: LevelEvent = { type: 'BALANCE_RECOVERED', level: rule.level, threshold: rule.firedAt };
      if (rearmed === null || isMoreSevere(rearmed, event)) rearmed = event;
    }
  }
  return { rules: changed ?? rules, event: fired ?? rearmed };
}

/** The threshold at which a rule has fired once `available` went from `before` to `after`; null: it is armed. */
function judge(
  rule: LevelRule,
  base: number,
  before: number,
  after: number,
  cheapest: number,
  isStart: boolean,
): number | null {
  if (rule.firedAt === null) {
    if (after >= before) return null;
    const threshold = thresholdAt(rule, base);
    return threshold !== null && before > threshold && after <= threshold ? threshold : null;
  }
  if (!isStart && after <= before) return rule.firedAt;
  const isClear = isStart ? after > (thresholdAt(rule, base) ?? 0) : after >= rearmsAtBase(rule, base, cheapest);
  return isClear ? null : rule.firedAt;
}

function isMoreSevere(a: LevelEvent, b: LevelEvent): boolean {
  return (
    BY_SEVERITY.indexOf(a.level) < BY_SEVERITY.indexOf(b.level) || (a.level === b.level && a.threshold < b.threshold)
  );
}
