import type { EntryFieldsFragment, EntryKind } from '../../gql/operations.js';
import { movementWord, movementsOf } from './movements.js';

/** An entry of an account, newest first as the API lists them: version, kind, available before and after, whose work. */
function entry(
  version: number,
  kind: EntryKind,
  before: number,
  after: number,
  work: string | null,
): EntryFieldsFragment {
  return {
    __typename: 'Entry',
    id: `entry_${version}_${kind}`,
    kind,
    creditType: 'STANDARD',
    amount: Math.abs(after - before),
    availableBefore: before,
    availableAfter: after,
    heldBefore: 0,
    heldAfter: 0,
    version,
    at: '2026-11-22T00:00:00.000Z',
    explanation: kind,
    reservation: work === null ? null : { __typename: 'Reservation', id: work },
  };
}

const told = (entries: EntryFieldsFragment[]): string[] =>
  movementsOf(entries).map(({ entry: { kind }, change, availableAfter }) => `${kind} ${change} -> ${availableAfter}`);

test('hold and spend of one work are one movement, with what they cost together', () => {
  expect(
    told([entry(3, 'COMMIT', 50, 50, 'rsv'), entry(2, 'RESERVE', 100, 50, 'rsv'), entry(1, 'GRANT', 0, 100, null)]),
  ).toEqual(['COMMIT -50 -> 50', 'GRANT 100 -> 100']);
});

test('a hold that was given back cost nothing', () => {
  expect(told([entry(3, 'RELEASE', 50, 100, 'rsv'), entry(2, 'RESERVE', 100, 50, 'rsv')])).toEqual([
    'RELEASE 0 -> 100',
  ]);
});

test('a part spent and the rest given back in one decision is a spend', () => {
  const entries = [
    entry(3, 'RELEASE', 50, 75, 'rsv'),
    entry(3, 'COMMIT', 50, 50, 'rsv'),
    entry(2, 'RESERVE', 100, 50, 'rsv'),
  ];
  expect(told(entries)).toEqual(['COMMIT -25 -> 75']);
});

test('a part spent while the rest is still on hold says how much that is', () => {
  const entries = [
    { ...entry(3, 'COMMIT', 60, 60, 'rsv'), amount: 10, heldBefore: 40, heldAfter: 30 },
    { ...entry(2, 'RESERVE', 100, 60, 'rsv'), heldBefore: 0, heldAfter: 40 },
  ];
  const [movement] = movementsOf(entries);
  expect(movement).toMatchObject({ change: -40, held: 30 });
  expect(movement && movementWord(movement)).toBe('Partly spent');
});

test('what happened between is not counted in', () => {
  const entries = [
    entry(4, 'COMMIT', 45, 45, 'rsv_1'),
    entry(3, 'RESERVE', 50, 45, 'rsv_2'),
    entry(2, 'RESERVE', 100, 50, 'rsv_1'),
  ];
  expect(told(entries)).toEqual(['COMMIT -50 -> 45', 'RESERVE -5 -> 45']);
});

test('a batch that is paid in parts is one movement, and says in how many', () => {
  const entries = [
    entry(4, 'COMMIT', 60, 60, 'rsv'),
    entry(3, 'COMMIT', 60, 60, 'rsv'),
    entry(2, 'RESERVE', 100, 60, 'rsv'),
  ];
  expect(movementsOf(entries)).toMatchObject([{ change: -40, parts: 2 }]);
});
