import type { ReservationFieldsFragment } from '../../gql/operations.js';
import { generationsOf } from './generations.js';

const work = (
  id: string,
  status: 'HELD' | 'COMMITTED',
  minute: number,
  feature = 'PRODUCTION_ROOM',
): ReservationFieldsFragment =>
  ({
    id,
    status,
    createdAt: new Date(Date.UTC(2026, 10, 23, 7, minute)).toISOString(),
    lines: [{ quantity: 1, operation: { feature, name: 'Short image' } }],
  }) as unknown as ReservationFieldsFragment;
const ids = (rows: readonly ReservationFieldsFragment[]): string => rows.map((each) => each.id).join(' ');

const latest = Array.from({ length: 9 }, (_, index) => work(`c${index}`, 'COMMITTED', 50 - index));

test('an old open hold stands on top, and the rows are as many as without it', () => {
  expect(ids(generationsOf([work('h', 'HELD', 1)], latest))).toBe('h c0 c1 c2 c3 c4');
  expect(ids(generationsOf([], latest))).toBe('c0 c1 c2 c3 c4 c5');
});

test('no open hold is left out, however many', () => {
  const held = Array.from({ length: 8 }, (_, index) => work(`h${index}`, 'HELD', index));
  expect(generationsOf(held, latest)).toHaveLength(8);
});

test('a hold in both answers is one row; once closed it takes its place by time', () => {
  const closed = work('h', 'COMMITTED', 45);
  expect(ids(generationsOf([closed], [...latest, closed]))).toBe('c0 c1 c2 c3 c4 h');
});

test('work of other rooms is not listed', () => {
  expect(generationsOf([work('s', 'HELD', 1, 'SCANS')], [])).toEqual([]);
});
