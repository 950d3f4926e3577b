import type { EntryFieldsFragment, EntryKind, ReservationFieldsFragment } from '../../gql/operations.js';
import { movementsOf, tellMovement } from './movements.js';

type Work = Partial<Pick<ReservationFieldsFragment, 'status' | 'outcome' | 'held' | 'committed' | 'released'>>;

const line = (quantity: number, name: string): ReservationFieldsFragment['lines'][number] => ({
  __typename: 'ReservationLine',
  quantity,
  unitCredits: 10,
  credits: 10 * quantity,
  operation: {
    __typename: 'Operation',
    code: name,
    name,
    feature: 'PRODUCTION_ROOM',
    type: 'IMAGE',
    size: null,
  },
});

function work(id: string, figures: Work): ReservationFieldsFragment {
  const { held = 0, committed = 0, released = 0 } = figures;
  return {
    __typename: 'Reservation',
    id,
    accountId: 'acct',
    creditType: 'STANDARD',
    status: held > 0 ? 'HELD' : 'COMMITTED',
    reserved: held + committed + released,
    outcome: null,
    reference: null,
    version: 9,
    history: 'hist_1',
    createdAt: '2026-11-22T00:00:00.000Z',
    expiresAt: '2026-11-22T00:15:00.000Z',
    closedAt: null,
    mayClose: true,
    lines: [line(1, 'Mid image')],
    ...figures,
    held,
    committed,
    released,
  };
}

/** An entry of an account: version, kind, available before and after, whose work. */
function entry(
  version: number,
  kind: EntryKind,
  [before, after]: [number, number],
  reservation: ReservationFieldsFragment | null,
): EntryFieldsFragment {
  return {
    __typename: 'Entry',
    id: `entry_${version}_${kind}`,
    kind,
    creditType: 'STANDARD',
    amount: Math.abs(after - before),
    availableBefore: before,
    availableAfter: after,
    version,
    at: '2026-11-22T00:00:00.000Z',
    explanation: `${kind} explained`,
    reservation,
  };
}

const told = (entries: EntryFieldsFragment[]) => movementsOf(entries).map(tellMovement);

test('hold and spend of one work are one movement, with what was spent', () => {
  const done = work('rsv', { committed: 50 });
  expect(
    told([entry(3, 'COMMIT', [50, 50], done), entry(2, 'RESERVE', [100, 50], done), entry(1, 'GRANT', [0, 100], null)]),
  ).toMatchObject([
    { kind: 'COMMIT', word: 'used', change: -50, held: 0, what: 'Mid image' },
    { kind: 'GRANT', word: 'granted', change: 100, what: 'GRANT explained' },
  ]);
});

test('what is on hold is not called spent: 10 of 40 are, 30 still are on hold', () => {
  const partly = work('rsv', { held: 30, committed: 10 });
  expect(told([entry(3, 'COMMIT', [60, 60], partly), entry(2, 'RESERVE', [100, 60], partly)])).toMatchObject([
    { word: 'partly used', change: -10, held: 30 },
  ]);
  expect(told([entry(2, 'RESERVE', [100, 60], work('rsv', { held: 40 }))])).toMatchObject([
    { word: 'on hold', change: 0, held: 40 },
  ]);
});

test('a spend from two grants is one sum, also when not all of its entries were read', () => {
  const both = work('rsv', { committed: 5, released: 15 });
  const entries = [
    entry(3, 'RELEASE', [80, 95], both),
    { ...entry(3, 'COMMIT', [80, 80], both), amount: 4 },
    { ...entry(3, 'COMMIT', [80, 80], both), amount: 1, id: 'second' },
  ];
  expect(told(entries)).toMatchObject([{ word: 'used', change: -5, returned: 15 }]);
  expect(told(entries.slice(0, 1))).toMatchObject([{ word: 'used', change: -5 }]);
});

test('of works that overlap each tells its own figures', () => {
  const [first, second] = [work('rsv_1', { committed: 50 }), work('rsv_2', { held: 5 })];
  expect(
    told([
      entry(4, 'COMMIT', [45, 45], first),
      entry(3, 'RESERVE', [50, 45], second),
      entry(2, 'RESERVE', [100, 50], first),
    ]),
  ).toMatchObject([
    { word: 'used', change: -50 },
    { word: 'on hold', held: 5 },
  ]);
});

test.each([
  [{ outcome: 'FAILED' }, 'failed, not charged'],
  [{ outcome: 'BLOCKED' }, 'blocked, not charged'],
  [{ outcome: 'CANCELED' }, 'canceled, not charged'],
  [{ status: 'EXPIRED' }, 'hold ran out, not charged'],
  [{ status: 'RELEASED' }, 'came back, not charged'],
] as [Work, string][])('a hold that was given back cost nothing, and says why: %j', (end, word) => {
  const ended = work('rsv', { ...end, released: 50 });
  expect(told([entry(3, 'RELEASE', [50, 100], ended), entry(2, 'RESERVE', [100, 50], ended)])).toMatchObject([
    { word, change: 0, what: 'Mid image' },
  ]);
});

test('credits that came back too late and expired are a movement of their own', () => {
  const ended = work('rsv', { status: 'EXPIRED', released: 50 });
  expect(told([entry(4, 'EXPIRE', [50, 0], ended), entry(4, 'RELEASE', [0, 50], ended)])).toMatchObject([
    { word: 'expired', change: -50 },
    { word: 'hold ran out, not charged', change: 0 },
  ]);
});
