import { busiestDay, comparedWith, fillDays } from './days.js';

test('every day is there once, in order, and the sum is the sum of the rows', () => {
  const days = fillDays('2026-10-24', '2026-10-27', [
    { day: '2026-10-25', credits: 5, operations: 1 },
    { day: '2026-10-25', credits: 10, operations: 1 },
    { day: '2026-10-27', credits: 1, operations: 1 },
  ]);
  expect(days).toEqual([
    { day: '2026-10-24', credits: 0, operations: 0 },
    { day: '2026-10-25', credits: 15, operations: 2 },
    { day: '2026-10-26', credits: 0, operations: 0 },
    { day: '2026-10-27', credits: 1, operations: 1 },
  ]);
  expect(busiestDay(days)?.day).toBe('2026-10-25');
});

test('nothing spent has no busiest day', () => {
  expect(busiestDay(fillDays('2026-10-24', '2026-10-25', []))).toBeNull();
});

test.each([
  [38, 38, 'the same as the 30 days before (38)'],
  [84, 46, '38 more than the 30 days before (46)'],
  [0, 46, '46 less than the 30 days before (46)'],
])('%d after %d is %s', (total, previous, words) => {
  expect(comparedWith(total, previous, 30)).toBe(words);
});
