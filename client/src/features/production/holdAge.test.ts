import { inProgressMs, patienceMsOf, seenSince } from './holdAge.js';

const hold = {
  id: 'rsv_1',
  createdAt: '2026-11-23T07:00:00Z',
  lines: [{ quantity: 2, operation: { size: 'SHORT' } }],
};
const created = Date.parse(hold.createdAt);
const patienceMs = 15_000 + 3 * 2 * 2_400;

test('patience grows with what was asked for', () => {
  expect(patienceMsOf(hold)).toBe(patienceMs);
});

test.each([
  ['just begun, on a clock that stands still', created, 0, patienceMs],
  ['seen for a while, on a clock that stands still', created, 10_000, patienceMs - 10_000],
  ['seen long enough, on a clock that stands still', created, patienceMs, 0],
  ['old on the account’s clock, seen just now', created + 60_000, 0, 0],
  ['an account’s clock that is not known yet', null, 1_000, patienceMs - 1_000],
  ['an account’s clock behind the hold', created - 60_000, 1_000, patienceMs - 1_000],
])('%s', (_name, now, seenForMs, left) => {
  expect(inProgressMs(hold, now, seenForMs)).toBe(left);
});

test('the first sight of a hold counts, also after the list was left and opened again', () => {
  expect(seenSince('rsv_2', 100)).toBe(100);
  expect(seenSince('rsv_2', 900)).toBe(100);
});
