import { emptyGrant } from './empty-grant.js';
import { nextNotice } from './expiry-notice.js';
import type { GrantState } from './state.js';

const DAY = 86_400_000;
const END = 100 * DAY;
const grant = (more: Partial<GrantState> = {}): GrantState => ({
  ...emptyGrant({
    id: 'b',
    creditType: 'STANDARD',
    source: 'PROMOTION',
    effectiveAt: 0,
    expiresAt: END,
    createdAt: 0,
    periodNumber: null,
    reason: null,
  }),
  granted: 5,
  available: 5,
  ...more,
});

test.each<[string, number, GrantState, number | null]>([
  ['long before', 0, grant(), 93],
  ['at the first instant', 93, grant(), 93],
  ['just after it', 93.001, grant(), 97],
  ['in the last days', 98, grant(), 99],
  ['on the last day', 99.5, grant(), null],
  ['made for five days', 95, grant({ createdAt: 95 * DAY }), 97],
  ['made for exactly seven days', 93, grant({ createdAt: 93 * DAY }), 97],
  ['with nothing free', 0, grant({ available: 0, held: 5 }), null],
  ['without an end', 0, grant({ expiresAt: null }), null],
  ['of the plan', 0, grant({ source: 'ALLOWANCE', periodNumber: 3 }), null],
])('%s', (_, changedDay, of, day) => {
  const changedAt = changedDay * DAY;
  expect(nextNotice({ changedAt, noticed: null }, of)?.at ?? null).toBe(day === null ? null : day * DAY);
});

test('of grants with one end each is told once, the older first', () => {
  const noticed = { at: 93 * DAY, createdAt: 0, grantId: 'b' };
  const day = (of: GrantState) => (nextNotice({ changedAt: 93 * DAY, noticed }, of)?.at ?? 0) / DAY;
  expect(day(grant({ id: 'a' }))).toBe(97);
  expect(day(grant({ id: 'b' }))).toBe(97);
  expect(day(grant({ id: 'c' }))).toBe(93);
  expect(day(grant({ id: 'a', createdAt: 1 }))).toBe(93);
});
