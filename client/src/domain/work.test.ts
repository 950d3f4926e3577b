import type { ReservationFieldsFragment } from '../gql/operations.js';
import { fateOf, isMade, nameOf } from './work.js';

test.each([
  [[['Short image', 1]], 'Short image'],
  [[['Short image', 2]], '2 × Short image'],
  [
    [
      ['Short image', 4],
      ['Mid video', 1],
    ],
    '4 × Short image and 1 more',
  ],
  [[], 'Work'],
] as [[string, number][], string][])('%j reads %p', (lines, name) => {
  const named = { lines: lines.map(([each, quantity]) => ({ quantity, operation: { name: each } })) };
  expect(nameOf(named as ReservationFieldsFragment)).toBe(name);
});

test.each([
  ['HELD', null, 40, 0, 'onHold'],
  ['HELD', null, 30, 10, 'partlySpent'],
  ['COMMITTED', 'SUCCEEDED', 0, 40, 'spent'],
  // What was made before it failed is spent.
  ['COMMITTED', 'FAILED', 0, 10, 'spent'],
  ['COMMITTED', 'FAILED', 0, 0, 'failed'],
  ['COMMITTED', 'BLOCKED', 0, 0, 'blocked'],
  ['RELEASED', 'CANCELED', 0, 0, 'canceled'],
  ['EXPIRED', null, 0, 0, 'expired'],
  ['RELEASED', null, 0, 0, 'givenBack'],
] as const)('%s, %s, %i held, %i spent: %s', (status, outcome, held, committed, fate) => {
  expect(fateOf({ status, outcome, held, committed })).toBe(fate);
});

test('only the Production Room makes things', () => {
  expect([isMade({ feature: 'PRODUCTION_ROOM' }), isMade({ feature: 'CONTENT' })]).toEqual([true, false]);
});
