import {
  addDays,
  daysBetween,
  formatAgo,
  formatDate,
  formatDayOfYear,
  formatInstant,
  formatRemaining,
  formatUtc,
  knowsZone,
  localDate,
} from './time.js';

const at = Date.parse('2026-11-22T23:30:00.000Z');

test.each([
  ['Asia/Tokyo', '2026-11-23'],
  ['America/Los_Angeles', '2026-11-22'],
  ['Pacific/Apia', '2026-11-23'],
  ['UTC', '2026-11-22'],
])('in %s it is %s', (timeZone, date) => {
  expect(localDate(at, timeZone)).toBe(date);
});

test('a zone that the browser lacks is seen as UTC, never an error', () => {
  expect([knowsZone('Mars/Olympus'), knowsZone('Asia/Tokyo')]).toEqual([false, true]);
  expect(localDate(at, 'Mars/Olympus')).toBe('2026-11-22');
});

test('the instant in the viewer’s zone, the same in UTC for the title', () => {
  expect(formatInstant(at, { locale: 'en-GB', timeZone: 'Asia/Tokyo' })).toBe('23 Nov, 08:30');
  expect(formatInstant(at, { locale: 'en-US', timeZone: 'Asia/Tokyo' })).toMatch(/^Nov 23, 8:30\sAM$/);
  expect(formatDayOfYear(at, { locale: 'en-GB', timeZone: 'Asia/Tokyo' })).toBe('23 Nov 2026');
  expect(formatUtc(at)).toBe('2026-11-22 23:30 UTC');
});

test('calendar days step over clock changes and month ends', () => {
  expect(addDays('2026-10-24', 2)).toBe('2026-10-26');
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  expect(daysBetween('2026-10-01', '2026-11-01')).toBe(31);
  expect(formatDate('2026-11-22', undefined, 'en-GB')).toBe('22 Nov');
});

test.each([
  [30_000, 'less than a minute'],
  [61_000, '1 minute'],
  [3_600_000, '1 hour'],
  [12_000_000, '3 hours 20 minutes'],
  [5 * 86_400_000 + 9 * 3_600_000, '5 days 9 hours'],
  [2 * 86_400_000, '2 days'],
])('%d ms remain: %s', (ms, text) => {
  expect(formatRemaining(ms, 'en')).toBe(text);
});

test('ago counts on the account’s clock and never into the future', () => {
  expect(formatAgo(at, at + 5_000, 'en')).toBe('just now');
  expect(formatAgo(at, at + 240_000, 'en')).toBe('4 min. ago');
  expect(formatAgo(at, at + 2 * 86_400_000, 'en')).toBe('2 days ago');
  expect(formatAgo(at, at - 60_000, 'en')).toBe('just now');
});
