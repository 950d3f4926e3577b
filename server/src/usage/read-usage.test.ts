import { readSpan } from './read-usage.js';

test.each([
  ['2026-03-01', '2026-03-01', '2026-02-28'],
  ['2026-03-01', '2026-03-31', '2026-01-29'],
  ['1970-01-05', '1970-01-31', '1970-01-01'],
])('the span before %s to %s begins on %s', (from, to, previousFrom) => {
  expect(readSpan(from, to)).toEqual({ from, to, previousFrom });
});

test.each([
  ['2026-03-02', '2026-03-01', 'to'],
  ['1969-12-31', '1970-01-01', 'from'],
  ['2023-01-01', '2026-01-05', 'to'],
])('%s to %s is refused, naming %s', (from, to, field) => {
  expect(() => readSpan(from, to)).toThrow(expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT', field } }));
});

test('a span of 1,098 days is the longest', () => {
  expect(readSpan('2023-01-01', '2026-01-02').to).toBe('2026-01-02');
});
