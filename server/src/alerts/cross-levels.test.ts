import fc from 'fast-check';
import type { LevelName, LevelRule } from '../ledger/core/state.js';
import type { LevelEvent } from './cross-levels.js';
import { balanceLevel } from '../ledger/core/balance.js';
import { ModelLevels } from '../testing/test-model-levels.js';
import { crossLevels, defaultRules, isLevelPercent, thresholdOf } from './cross-levels.js';

const MOVE = { start: false };
const START = { start: true };

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
        const rule: LevelRule = { level: 'LOW', percent, credits: null, base: base || 1, firedAt: null };
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

  test('a percent rule that is off takes the first base silently, and every larger one after it', () => {
    const first = crossLevels(defaultRules(0), { available: 0 }, { available: 10, held: 0 }, 1, MOVE);
    expect(first.event).toBeNull();
    expect(first.rules.map(({ base }) => base)).toEqual([10, 10, 10]);
    const second = crossLevels(first.rules, { available: 10 }, { available: 500, held: 20 }, 1, MOVE);
    expect(second.rules.map(({ base }) => base)).toEqual([520, 520, 520]);
    const third = crossLevels(second.rules, { available: 500 }, { available: 200, held: 20 }, 1, MOVE);
    expect(third).toEqual({ rules: second.rules, event: null });
    expect(third.rules).toBe(second.rules);
  });

  test('a rising base fires no rule, however low what is available is then', () => {
    const up = crossLevels(defaultRules(100), { available: 21 }, { available: 22, held: 978 }, 1, MOVE);
    expect(up.event).toBeNull();
    expect(up.rules.map(({ base, firedAt }) => [base, firedAt])).toEqual([
      [1_000, null],
      [1_000, null],
      [1_000, null],
    ]);
    expect(crossLevels(up.rules, { available: 22 }, { available: 21, held: 979 }, 1, MOVE).event).toBeNull();
  });

  test('threshold and margin of re-arming are by the base after the movement; the event says where the rule had fired', () => {
    const fired = crossLevels(defaultRules(100), { available: 100 }, { available: 20, held: 0 }, 1, MOVE).rules;
    // By the old base 25 were enough; by the new one, 1,000, it takes 250.
    const short = crossLevels(fired, { available: 20 }, { available: 249, held: 751 }, 1, MOVE);
    expect(short.event).toBeNull();
    expect(short.rules[0]).toMatchObject({ base: 1_000, firedAt: 20 });
    expect(said(crossLevels(fired, { available: 20 }, { available: 250, held: 750 }, 1, MOVE).event)).toBe(
      'recovered LOW 20',
    );
  });
});

describe('at a start', () => {
  test('all rules take the new base, larger or smaller', () => {
    const larger = crossLevels(defaultRules(100), { available: 50 }, { available: 500, held: 20 }, 1, START);
    expect(larger.event).toBeNull();
    expect(larger.rules.map(({ base }) => base)).toEqual([520, 520, 520]);
    const smaller = crossLevels(larger.rules, { available: 100 }, { available: 100, held: 0 }, 1, START);
    expect(smaller.rules.map(({ base }) => base)).toEqual([100, 100, 100]);
  });

  test('fired rules whose threshold is below what is available are armed, whatever the margin, also when nothing moves', () => {
    const fired = defaultRules(1_000).map((rule) => ({ ...rule, firedAt: thresholdOf(rule) }));
    const { rules, event } = crossLevels(fired, { available: 21 }, { available: 21, held: 79 }, 50, START);
    expect(said(event)).toBe('recovered LOW 200');
    expect(rules.map(({ base, firedAt }) => [base, firedAt])).toEqual([
      [100, null],
      [100, null],
      [100, null],
    ]);
  });

  test('fired rules whose threshold is not below it stay fired where they were', () => {
    const fired = defaultRules(500).map((rule) => ({ ...rule, firedAt: thresholdOf(rule) }));
    const { rules, event } = crossLevels(fired, { available: 0 }, { available: 20, held: 80 }, 1, START);
    expect(said(event)).toBe('recovered CRITICAL 25');
    expect(rules.map(({ base, firedAt }) => [base, firedAt])).toEqual([
      [100, 100],
      [100, null],
      [100, null],
    ]);
  });

  test('what falls is judged once, by the new base', () => {
    const rules = defaultRules(500);
    expect(said(crossLevels(rules, { available: 400 }, { available: 100, held: 0 }, 1, START).event)).toBeNull();
    expect(said(crossLevels(rules, { available: 400 }, { available: 100, held: 480 }, 1, START).event)).toBe(
      'low LOW 116',
    );
    expect(said(crossLevels(rules, { available: 400 }, { available: 0, held: 0 }, 1, START).event)).toBe('low EMPTY 0');
    // Armed and at or below its threshold before: it did not fall there, and arming never fires.
    expect(said(crossLevels(rules, { available: 100 }, { available: 90, held: 480 }, 1, START).event)).toBeNull();
  });

  test('with nothing left and nothing given what has fired stays fired, and what is armed stays armed', () => {
    const armed = crossLevels(defaultRules(0), { available: 0 }, { available: 0, held: 0 }, 1, START);
    expect(armed.event).toBeNull();
    const fired = defaultRules(500).map((rule) => ({ ...rule, firedAt: 3 }));
    const { rules, event } = crossLevels(fired, { available: 0 }, { available: 0, held: 0 }, 1, START);
    expect(event).toBeNull();
    expect(rules.map(({ base, firedAt }) => [base, firedAt])).toEqual([
      [0, 3],
      [0, 3],
      [0, 3],
    ]);
  });
});

test('absolute rules fire at their amount whatever the base', () => {
  const rules: LevelRule[] = [{ level: 'LOW', percent: null, credits: 40, base: 0, firedAt: null }];
  expect(follow(rules, 100, [41, 40, 41, 39], 2)).toEqual([null, 'low LOW 40', null, null]);
});

test.each<[number, LevelName[], string]>([
  [100, [], 'OK'],
  [10, ['LOW'], 'LOW'],
  [4, ['LOW', 'CRITICAL'], 'CRITICAL'],
  [3, ['CRITICAL'], 'CRITICAL'],
  [1, ['LOW', 'CRITICAL', 'EMPTY'], 'CRITICAL'],
  [9, ['LOW', 'EMPTY'], 'LOW'],
  [9, ['EMPTY'], 'OK'],
  [0, [], 'EMPTY'],
])('the level of %d with %j fired is %s', (available, fired, level) => {
  const rules = defaultRules(100).map((rule) => ({ ...rule, firedAt: fired.includes(rule.level) ? 1 : null }));
  expect(balanceLevel(rules, available)).toBe(level);
});

test('any history goes as the law says', () => {
  const amounts = fc.integer({ min: 0, max: 60 });
  const movements = fc.array(fc.record({ available: amounts, held: amounts, start: fc.boolean() }), { maxLength: 60 });
  fc.assert(
    fc.property(amounts, fc.integer({ min: 1, max: 10 }), movements, (first, cheapest, history) => {
      let rules: readonly LevelRule[] = defaultRules(first);
      const law = new ModelLevels(first);
      let before = { available: first };
      for (const { start, ...after } of history) {
        const change = crossLevels(rules, before, after, cheapest, { start });
        const wanted = law.move(before.available, after, cheapest, start);
        expect(change.event && `${change.event.type} ${change.event.level} ${change.event.threshold}`).toBe(wanted);
        expect(change.rules.map(({ base, firedAt }) => [base, firedAt])).toEqual(
          law.firedAt.map((firedAt) => [law.base, firedAt]),
        );
        if (change.rules !== rules) expect(change.rules).not.toEqual(rules);
        rules = change.rules;
        before = after;
      }
    }),
    { numRuns: 1_000 },
  );
});
