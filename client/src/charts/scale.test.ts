import fc from 'fast-check';
import { bands, wholeTicks } from './scale.js';

test.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [3, [0, 1, 2, 3]],
  [7, [0, 2, 4, 6, 8]],
  [35, [0, 10, 20, 30, 40]],
  [100, [0, 50, 100]],
  [1_234, [0, 500, 1_000, 1_500]],
])('ticks up to %d', (max, ticks) => {
  expect(wholeTicks(max, 4)).toEqual(ticks);
});

test('ticks are few, whole, evenly spaced, and the last is at or above the highest bar', () => {
  fc.assert(
    fc.property(fc.nat(2_000_000_000), (max) => {
      const ticks = wholeTicks(max, 4);
      const step = ticks[1] ?? 0;
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.every((tick, index) => Number.isInteger(tick) && tick === index * step)).toBe(true);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(max);
    }),
  );
});

test('bars stand within their room, in order, and never touch', () => {
  const { at, width, step } = bands(30, 38, 600);
  expect(at(0)).toBeGreaterThan(38);
  expect(at(29) + width).toBeLessThan(600);
  for (let index = 1; index < 30; index++) {
    expect(at(index) - at(index - 1)).toBeCloseTo(step);
    expect(at(index)).toBeGreaterThan(at(index - 1) + width);
  }
});
