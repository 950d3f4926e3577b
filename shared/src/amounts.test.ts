import { isCredits, LINE_QUANTITY_MAX, LINES_MAX, MAX_CREDITS, UNIT_CREDITS_MAX } from './amounts.js';

test.each([0, 1, 2 ** 53 - 1])('%d is an amount of credits', (value) => {
  expect(isCredits(value)).toBe(true);
});

test.each([-1, 0.5, 2 ** 53, NaN, Infinity, '1', 1n, null, undefined])('%p is no amount of credits', (value) => {
  expect(isCredits(value)).toBe(false);
});

test('the longest list of the dearest operations still has a total that is an amount of credits', () => {
  expect(LINES_MAX * LINE_QUANTITY_MAX * UNIT_CREDITS_MAX).toBeLessThan(MAX_CREDITS);
});
