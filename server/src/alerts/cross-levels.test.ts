import fc from 'fast-check';
import type { LevelName, LevelRule } from '../ledger/state.js';
import type { LevelEvent } from './cross-levels.js';
import { balanceLevel } from '../ledger/balance.js';
import { crossLevels, defaultRules, isLevelPercent, thresholdOf } from './cross-levels.js';

const MOVE = { reset: false };
const RESET = { reset: true };

/** Follows a balance over movements of `available`; what is not available is held, so that the total stays. */
function follow(rules: readonly LevelRule[], total: number, availables: number[], cheapest = 1): (string | null)[] {
  let current = rules;
  let available = total;
  return availables.map((next) => {
    const change = crossLevels(current, { available }, { available: next, held: total - next }, cheapest, MOVE);
    current = change.rules;
    available = next;
    return said(change.event);
  });
}

function said(event: LevelEvent | null): string | null {
  return event && `${event.type === 'BALANCE_LOW' ? 'low' : 'recovered'} ${event.level} ${event.threshold}`;
}

describe('movements around the levels of 100 credits', () => {
  test.each<[string, number[], (string | null)[]]>([
    ['19, 21, 19, 21 around 20 is one event', [21, 19, 21, 19, 21], [null, 'low LOW 20', null, null, null]],
    ['at the threshold it fires', [21, 20], [null, 'low LOW 20']],
    ['a fall through two levels names the most severe', [4], ['low CRITICAL 5']],
    ['a fall to nothing is EMPTY alone', [0], ['low EMPTY 0']],
    ['one level after the other', [20, 5, 0], ['low LOW 20', 'low CRITICAL 5', 'low EMPTY 0']],
    [
      'clearing by the margin recovers, then it fires again',
      [20, 24, 25, 20],
      ['low LOW 20', null, 'recovered LOW 20', 'low LOW 20'],
    ],
    ['a rise past several names the mildest', [0, 100], ['low EMPTY 0', 'recovered LOW 20']],
    [
      'a rise past some names the mildest of those',
      [0, 5, 10, 24],
      ['low EMPTY 0', 'recovered EMPTY 0', 'recovered CRITICAL 5', null],
    ],
    ['what does not move says nothing', [20, 20, 20], ['low LOW 20', null, null]],
    ['below a fired level nothing new is said', [20, 10, 19, 6], ['low LOW 20', null, null, null]],
  ])('%s', (_name, availables, events) => {
    expect(follow(defaultRules(100), 100, availables)).toEqual(events);
  });

  test('the margin is the cheapest operation when that is more than 5 % of the base', () => {
    expect(follow(defaultRules(100), 100, [20, 29, 30], 10)).toEqual(['low LOW 20', null, 'recovered LOW 20']);
  });
});

describe('bases', () => {
  test('thresholds round down; a percent of nothing is off', () => {
    expect(defaultRules(99).map(thresholdOf)).toEqual([19, 4, 0]);
    expect(defaultRules(3).map(thresholdOf)).toEqual([0, 0, 0]);
    expect(defaultRules(0).map(thresholdOf)).toEqual([null, null, 0]);
  });

  test('thresholds are exact where the product is above 2^53', () => {
    const percents = fc.integer({ min: 1, max: 1_000_000 }).map((parts) => parts / 10_000);
    fc.assert(
      fc.property(fc.maxSafeNat(), percents, (base, percent) => {
        const rule: LevelRule = { level: 'LOW', percent, credits: null, base: base || 1, fired: false };
        const exact = (BigInt(rule.base) * BigInt(Math.round(percent * 10_000))) / 1_000_000n;
        expect(thresholdOf(rule)).toBe(Number(exact));
        expect(isLevelPercent(percent)).toBe(true);
      }),
    );
    expect([0, -1, 100.1, 0.00001, NaN, Infinity].map(isLevelPercent)).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  test('a percent rule that is off takes the first base silently, once', () => {
    const rules = defaultRules(0);
    const first = crossLevels(rules, { available: 0 }, { available: 10, held: 0 }, 1, MOVE);
    expect(first.event).toBeNull();
    expect(first.rules.map(({ base }) => base)).toEqual([10, 10, 0]);
    const second = crossLevels(first.rules, { available: 10 }, { available: 500, held: 0 }, 1, MOVE);
    expect(second.rules).toBe(first.rules);
  });

  test('arming takes available and held as its base and does not fire, however low that is', () => {
    const fired = defaultRules(100).map((rule) => ({ ...rule, fired: rule.level === 'LOW' }));
    const up = crossLevels(fired, { available: 20 }, { available: 25, held: 975 }, 1, MOVE);
    expect(said(up.event)).toBe('recovered LOW 20');
    expect(up.rules[0]).toMatchObject({ base: 1_000, fired: false });
    const down = crossLevels(up.rules, { available: 25 }, { available: 24, held: 976 }, 1, MOVE);
    expect(down.event).toBeNull();
  });

  test('a grant does not move the base of an armed rule', () => {
    const rules = defaultRules(100);
    expect(crossLevels(rules, { available: 50 }, { available: 1_050, held: 0 }, 1, MOVE).rules).toBe(rules);
  });
});

describe('at a reset', () => {
  test('armed rules take the new base', () => {
    const { rules, event } = crossLevels(defaultRules(100), { available: 50 }, { available: 500, held: 20 }, 1, RESET);
    expect(event).toBeNull();
    expect(rules.map(({ base }) => base)).toEqual([520, 520, 520]);
  });

  test('fired rules that clear are armed again and say so', () => {
    const fired = defaultRules(100).map((rule) => ({ ...rule, fired: true }));
    const { rules, event } = crossLevels(fired, { available: 0 }, { available: 100, held: 0 }, 1, RESET);
    expect(said(event)).toBe('recovered LOW 20');
    expect(rules.every((rule) => !rule.fired)).toBe(true);
  });

  test('fired rules that do not clear stay as they are', () => {
    const fired = defaultRules(500).map((rule) => ({ ...rule, fired: true }));
    const { rules, event } = crossLevels(fired, { available: 0 }, { available: 100, held: 0 }, 1, RESET);
    expect(said(event)).toBe('recovered CRITICAL 25');
    expect(rules.map((rule) => [rule.fired, rule.base])).toEqual([
      [true, 500],
      [false, 100],
      [false, 100],
    ]);
  });

  test('a smaller allowance is no warning, nothing at all is', () => {
    const rules = defaultRules(500);
    expect(crossLevels(rules, { available: 400 }, { available: 100, held: 0 }, 1, RESET).event).toBeNull();
    expect(said(crossLevels(rules, { available: 400 }, { available: 0, held: 0 }, 1, RESET).event)).toBe('low EMPTY 0');
  });
});

test('absolute rules fire at their amount whatever the base', () => {
  const rules: LevelRule[] = [{ level: 'LOW', percent: null, credits: 40, base: 0, fired: false }];
  expect(follow(rules, 100, [41, 40, 41, 39], 2)).toEqual([null, 'low LOW 40', null, null]);
});

test.each<[number, LevelName[], string]>([
  [100, [], 'OK'],
  [10, ['LOW'], 'LOW'],
  [4, ['LOW', 'CRITICAL'], 'CRITICAL'],
  [3, ['CRITICAL'], 'CRITICAL'],
  [1, ['LOW', 'CRITICAL', 'EMPTY'], 'EMPTY'],
  [0, [], 'EMPTY'],
])('the level of %d with %j fired is %s', (available, fired, level) => {
  const rules = defaultRules(100).map((rule) => ({ ...rule, fired: fired.includes(rule.level) }));
  expect(balanceLevel(rules, available)).toBe(level);
});

/** The rules as domain.md says them, without any shortcut. */
function model(
  rules: readonly LevelRule[],
  before: number,
  after: { available: number; held: number },
  cheapest: number,
  reset: boolean,
): { rules: LevelRule[]; event: string | null } {
  const order: LevelName[] = ['LOW', 'CRITICAL', 'EMPTY'];
  const crossed: LevelRule[] = [];
  const cleared: LevelRule[] = [];
  const base = after.available + after.held;
  const next = rules.map((rule) => {
    const threshold = thresholdOf(rule);
    if (rule.fired) {
      const clear = (threshold ?? 0) + Math.max(cheapest, Math.floor(rule.base / 20));
      if (after.available < clear || (after.available <= before && !reset)) return rule;
      cleared.push(rule);
      return { ...rule, fired: false, base };
    }
    if (rule.percent !== null && (threshold === null || reset)) return { ...rule, base };
    if (threshold !== null && before > threshold && after.available <= threshold) {
      crossed.push(rule);
      return { ...rule, fired: true };
    }
    return reset ? { ...rule, base } : rule;
  });
  const worst = crossed.sort((a, b) => order.indexOf(b.level) - order.indexOf(a.level))[0];
  const mildest = cleared.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level))[0];
  const event = worst
    ? `low ${worst.level} ${thresholdOf(worst)}`
    : mildest
      ? `recovered ${mildest.level} ${thresholdOf(mildest)}`
      : null;
  return { rules: next, event };
}

test('any history goes as the model says', () => {
  const amounts = fc.integer({ min: 0, max: 60 });
  const movements = fc.array(fc.record({ available: amounts, held: amounts, reset: fc.boolean() }), { maxLength: 60 });
  fc.assert(
    fc.property(amounts, fc.integer({ min: 1, max: 10 }), movements, (start, cheapest, history) => {
      let rules: readonly LevelRule[] = defaultRules(start);
      let expected: readonly LevelRule[] = rules;
      let before = { available: start };
      for (const { reset, ...after } of history) {
        const change = crossLevels(rules, before, after, cheapest, { reset });
        const wanted = model(expected, before.available, after, cheapest, reset);
        expect(said(change.event)).toBe(wanted.event);
        expect(change.rules).toEqual(wanted.rules);
        if (change.rules !== rules) expect(change.rules).not.toEqual(rules);
        rules = change.rules;
        expected = wanted.rules;
        before = after;
      }
    }),
  );
});
