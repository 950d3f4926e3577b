import { isShownAtOnce, nextSettling } from './useSettledLevel.js';

test.each([
  ['OK', 'LOW', 0, true],
  ['OK', 'LOW', 5, false],
  ['LOW', 'EMPTY', 5, false],
  ['LOW', 'OK', 5, true],
  ['CRITICAL', 'LOW', 5, true],
  ['LOW', 'LOW', 5, true],
] as const)('%s, then %s with %d on hold: shown at once %s', (shown, level, held, isAtOnce) => {
  expect(isShownAtOnce(shown, { level, held })).toBe(isAtOnce);
});

const at = (level: 'OK' | 'LOW' | 'CRITICAL' | 'EMPTY', held: number, id = 'a') => ({ id, level, held });

test('levels that alternate while a hold is open are one wait, and the newest is shown at its end', () => {
  const shown = nextSettling(null, at('OK', 0));
  const waiting = nextSettling(shown, at('LOW', 80));
  expect(waiting).toEqual({ id: 'a', level: 'OK', wait: 'running' });
  for (const level of ['CRITICAL', 'LOW', 'EMPTY', 'CRITICAL'] as const) {
    // The timer of the page runs as long as this is the same object.
    expect(nextSettling(waiting, at(level, 90))).toBe(waiting);
  }
  const over = waiting && { ...waiting, wait: 'over' as const };
  expect(nextSettling(over, at('CRITICAL', 90))).toEqual({ id: 'a', level: 'CRITICAL', wait: 'none' });
});

test('a level that came back ends the wait, and the next fall waits its full time', () => {
  const waiting = nextSettling(nextSettling(null, at('OK', 0)), at('LOW', 80));
  const back = nextSettling(waiting, at('OK', 10));
  expect(back).toEqual({ id: 'a', level: 'OK', wait: 'none' });
  expect(nextSettling(back, at('LOW', 80))).not.toBe(waiting);
});

test('a balance that is not there waits for nothing, and another one is shown at once', () => {
  const waiting = nextSettling(nextSettling(null, at('OK', 0)), at('LOW', 80));
  expect(nextSettling(null, null)).toBeNull();
  expect(nextSettling(waiting, null)).toEqual({ id: 'a', level: 'OK', wait: 'none' });
  expect(nextSettling(waiting, at('EMPTY', 9, 'b'))).toEqual({ id: 'b', level: 'EMPTY', wait: 'none' });
});
