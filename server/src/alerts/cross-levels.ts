import { BY_SEVERITY } from '../ledger/balance.js';
import type { LevelName, LevelRule } from '../ledger/state.js';

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
  if (rule.percent === null) return rule.credits ?? 0;
  return rule.base === 0 ? null : percentOf(rule.base, rule.percent);
}

/** The rules an account is born with: LOW 20 %, CRITICAL 5 %, EMPTY at nothing left; armed. Source: docs/domain.md, Thresholds. */
export function defaultRules(base: number): LevelRule[] {
  return [
    { level: 'LOW', percent: 20, credits: null, base, fired: false },
    { level: 'CRITICAL', percent: 5, credits: null, base, fired: false },
    { level: 'EMPTY', percent: null, credits: 0, base, fired: false },
  ];
}

/**
 * What one movement of a balance does to its rules, and the one event it makes, if any.
 *
 * An armed rule fires when `available` falls from above its threshold to it or below; a fired one re-arms when `available` rises
 * (or a reset brings it) to threshold + margin, the larger of `cheapest` and 5 % of the rule's base. Arming takes the base anew and
 * never fires. A reset gives armed rules a new base too, so a percent of the old one no longer fires in that movement.
 * Going down the event names the most severe level crossed, going up the mildest re-armed with the threshold it had fired at.
 *
 * @param cheapest  cost of the cheapest operation of the credit type that costs something
 * @param cause  `reset`: the movement is a period's change
 * @returns the same array when no rule changed
 * Source: docs/domain.md, Thresholds, events, notifications
 */
export function crossLevels(
  rules: readonly LevelRule[],
  before: { readonly available: number },
  after: { readonly available: number; readonly held: number },
  cheapest: number,
  cause: { readonly reset: boolean },
): LevelChange {
  const total = after.available + after.held;
  let changed: LevelRule[] | null = null;
  let fired: LevelEvent | null = null;
  let rearmed: LevelEvent | null = null;

  for (let index = 0; index < rules.length; index += 1) {
    const rule = rules[index] as LevelRule;
    const next = move(rule, before.available, after.available, total, cheapest, cause.reset);
    if (next === rule) continue;
    changed ??= [...rules];
    changed[index] = next;
    if (next.fired && !rule.fired) {
      const event: LevelEvent = { type: 'BALANCE_LOW', level: rule.level, threshold: thresholdOf(rule) ?? 0 };
      if (fired === null || isMoreSevere(event, fired)) fired = event;
    } else if (rule.fired && !next.fired) {
      const event: LevelEvent = { type: 'BALANCE_RECOVERED', level: rule.level, threshold: thresholdOf(rule) ?? 0 };
      if (rearmed === null || isMoreSevere(rearmed, event)) rearmed = event;
    }
  }
  return { rules: changed ?? rules, event: fired ?? rearmed };
}

function move(
  rule: LevelRule,
  before: number,
  after: number,
  total: number,
  cheapest: number,
  isReset: boolean,
): LevelRule {
  if (rule.fired) {
    if (after <= before && !isReset) return rule;
    const margin = Math.max(cheapest, percentOf(rule.base, MARGIN_PERCENT));
    return after >= (thresholdOf(rule) ?? 0) + margin ? { ...rule, base: total, fired: false } : rule;
  }
  const takesBase = isReset || (rule.percent !== null && rule.base === 0);
  const isPercent = rule.percent !== null;
  if (after < before && !(takesBase && isPercent)) {
    const threshold = thresholdOf(rule) ?? 0;
    if (before > threshold && after <= threshold) return { ...rule, fired: true };
  }
  return takesBase && rule.base !== total ? { ...rule, base: total } : rule;
}

function isMoreSevere(a: LevelEvent, b: LevelEvent): boolean {
  return (
    BY_SEVERITY.indexOf(a.level) < BY_SEVERITY.indexOf(b.level) || (a.level === b.level && a.threshold < b.threshold)
  );
}
