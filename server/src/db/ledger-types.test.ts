import { parseInstant } from './ledger-types.js';

test.each([
  ['2026-11-22 23:43:51.123+00', Date.UTC(2026, 10, 22, 23, 43, 51, 123)],
  ['2026-11-22 23:43:51.12+00', Date.UTC(2026, 10, 22, 23, 43, 51, 120)],
  ['2026-11-22 23:43:51.5+00', Date.UTC(2026, 10, 22, 23, 43, 51, 500)],
  ['2026-11-22 23:43:51.123999+00', Date.UTC(2026, 10, 22, 23, 43, 51, 123)],
  ['2026-01-01 00:00:00+00', Date.UTC(2026, 0, 1)],
  ['9999-12-31 23:59:59.999+00', Date.UTC(9999, 11, 31, 23, 59, 59, 999)],
])('%s is read as it is', (text, instant) => {
  expect(parseInstant(text)).toBe(instant);
});

test.each(['infinity', '-infinity', '2026-11-22 23:43:51.123+01', '2026-11-22', '20260-11-22 23:43:51+00', ''])(
  '%p is no instant in UTC',
  (text) => {
    expect(() => parseInstant(text)).toThrow(RangeError);
  },
);
