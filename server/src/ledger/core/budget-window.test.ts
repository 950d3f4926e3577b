import { windowAt } from './budget-window.js';
import type { BudgetWindow } from './budget.js';

const PERIOD = { number: 0, start: Date.UTC(2026, 0, 1), end: Date.UTC(2027, 0, 1) };

test.each<[BudgetWindow, string, string, string, string]>([
  ['HOUR', 'Europe/Berlin', '2026-03-29T01:30:00Z', '2026-03-29T01:00:00Z', '2026-03-29T02:00:00Z'],
  ['HOUR', 'Asia/Kolkata', '2026-01-07T10:20:00Z', '2026-01-07T09:30:00Z', '2026-01-07T10:30:00Z'],
  // Clocks go back by half an hour: the day ends with half an hour.
  ['HOUR', 'Australia/Lord_Howe', '2026-04-05T13:15:00Z', '2026-04-05T13:00:00Z', '2026-04-05T13:30:00Z'],
  ['DAY', 'Europe/Berlin', '2026-03-29T10:00:00Z', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
  ['DAY', 'Pacific/Kiritimati', '2026-01-07T10:00:00Z', '2026-01-07T10:00:00Z', '2026-01-08T10:00:00Z'],
  ['WEEK', 'Europe/Berlin', '2026-03-29T21:59:59.999Z', '2026-03-22T23:00:00Z', '2026-03-29T22:00:00Z'],
  ['WEEK', 'Europe/Berlin', '2026-03-29T22:00:00Z', '2026-03-29T22:00:00Z', '2026-04-05T22:00:00Z'],
  ['PERIOD', 'UTC', '2026-05-01T00:00:00Z', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'],
])('%s in %s at %s is from %s to %s', (window, timeZone, at, start, end) => {
  expect(windowAt(window, Date.parse(at), { timeZone, period: PERIOD })).toMatchObject({
    start: Date.parse(start),
    end: Date.parse(end),
  });
});

test.each<[BudgetWindow, string]>([
  ['HOUR', 'Australia/Lord_Howe'],
  ['HOUR', 'Europe/Berlin'],
  ['DAY', 'America/Sao_Paulo'],
  ['WEEK', 'Europe/Berlin'],
])('%s windows in %s follow each other without a gap', (window, timeZone) => {
  const end = Date.UTC(2026, 11, 1);
  for (let at = Date.UTC(2026, 2, 1); at < end;) {
    const found = windowAt(window, at, { timeZone, period: PERIOD });
    expect(found.end).toBeGreaterThan(at);
    expect(windowAt(window, found.end - 1, { timeZone, period: PERIOD }).start).toBe(found.start);
    expect(windowAt(window, found.end, { timeZone, period: PERIOD }).start).toBe(found.end);
    at = found.end;
  }
});
