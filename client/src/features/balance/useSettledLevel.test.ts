import { isShownAtOnce } from './useSettledLevel.js';

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
