import { openHolds, stillTold } from './open-holds.js';
import type { Hold, Listed } from './open-holds.js';

function hold(id: string, version: number, more: Partial<Hold> = {}): Hold {
  return {
    __typename: 'Reservation',
    id,
    accountId: 'acct_1',
    creditType: 'STANDARD',
    status: 'HELD',
    reserved: 5,
    held: 5,
    committed: 0,
    released: 0,
    outcome: null,
    reference: null,
    version,
    history: 'hist_1',
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-01T00:15:00.000Z',
    closedAt: null,
    mayClose: true,
    lines: [],
    ...more,
  };
}
const listed = (holds: Hold[], version: number, more: Partial<Listed> = {}): Listed => ({
  holds,
  version,
  history: 'hist_1',
  isWhole: true,
  ...more,
});
const shown = (list: Listed | null, told: Hold[]) => openHolds(list, told).map(({ id, version }) => `${id}@${version}`);
const closed = { status: 'RELEASED', held: 0, released: 5 } as const;

test.each<[string, Listed | null, Hold[], string[]]>([
  ['nothing read, nothing told', null, [], []],
  ['told alone, before the list is there', null, [hold('a', 2), hold('b', 3, closed)], ['a@2']],
  ['listed alone', listed([hold('a', 2)], 4), [], ['a@2']],
  ['opened after the list', listed([hold('a', 2)], 4), [hold('b', 5)], ['a@2', 'b@5']],
  ['grown after the list', listed([hold('a', 2)], 4), [hold('a', 6)], ['a@6']],
  ['told late, after a newer list', listed([hold('a', 6)], 6), [hold('a', 2)], ['a@6']],
  ['closed after the list', listed([hold('a', 2)], 4), [hold('a', 5, closed)], []],
  ['closed while nothing was told: the newer list has it no more', listed([], 7), [hold('a', 2)], []],
  ['a list that is not whole says nothing of the rest', listed([], 7, { isWhole: false }), [hold('a', 2)], ['a@2']],
  ['told in a history that was left', listed([], 3, { history: 'hist_2' }), [hold('a', 9)], []],
])('%s', (_, list, told, expected) => {
  expect(shown(list, told)).toEqual(expected);
});

test('what comes back first stands first', () => {
  const late = hold('a', 2, { expiresAt: '2026-01-01T01:00:00.000Z' });
  expect(shown(listed([late, hold('b', 3)], 3), [hold('c', 4, { expiresAt: '2026-01-01T00:01:00.000Z' })])).toEqual([
    'c@4',
    'b@3',
    'a@2',
  ]);
});

test('any order of telling and listing ends at the same', () => {
  const told = [hold('a', 5, closed), hold('b', 6), hold('b', 7), hold('c', 8, closed)];
  const list = listed([hold('a', 2), hold('c', 3)], 4);
  for (let shift = 0; shift < told.length; shift++)
    expect(shown(list, [...told.slice(shift), ...told.slice(0, shift)])).toEqual(['b@7']);
});

test('what a list knows better is forgotten', () => {
  const told = new Map([hold('a', 2), hold('b', 5), hold('c', 9, { history: 'hist_0' })].map((one) => [one.id, one]));
  expect([...stillTold(listed([], 4), told).keys()]).toEqual(['b']);
});
