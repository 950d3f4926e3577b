import type { OperationFieldsFragment, ReservationFieldsFragment } from '../../gql/operations.js';
import { closedSentence, isUnderWay, ownHoldOf, resultOf, sentenceOf } from './generation.js';
import type { Generation } from './generation.js';

const operation = { code: 'image.short', name: 'Short image' } as OperationFieldsFragment;
const reservation = { id: 'rsv_1', held: 5, committed: 0 } as ReservationFieldsFragment;
const settling = { operation, reservation, outcome: 'SUCCEEDED', idempotencyKey: 'k' } as const;
const unanswered = { message: '', isWorthRepeating: true, isAsking: false, again: () => undefined };

test.each<[Generation, boolean, string | null]>([
  [{ step: 'idle' }, false, null],
  [{ step: 'reserving', operation }, true, null],
  [{ step: 'working', operation, reservation, startedAt: 0, workMs: 1 }, true, 'rsv_1'],
  [{ step: 'finishing', ...settling }, true, 'rsv_1'],
  [{ step: 'unanswered', operation, ...unanswered }, true, null],
  [{ step: 'unsettled', ...settling, ...unanswered }, true, 'rsv_1'],
  [{ step: 'finished', operation, reservation, outcome: 'SUCCEEDED', available: 1 }, false, null],
  [{ step: 'closed', operation, message: '' }, false, null],
])('%j: what leaving would leave behind, and which hold is this page’s own', (generation, isLeft, ownHold) => {
  expect(isUnderWay(generation)).toBe(isLeft);
  expect(ownHoldOf(generation)).toBe(ownHold);
});

test.each(['RELEASED', 'EXPIRED', 'COMMITTED'] as const)('a hold that was %s elsewhere: plain words', (status) => {
  const sentence = closedSentence({ status, committed: 5 });
  expect(sentence).not.toMatch(/RELEASED|EXPIRED|COMMITTED|reservation/);
  expect(sentence).toMatch(status === 'COMMITTED' ? /5 credits spent/ : /You were not charged\./);
});

test('a result is a title and a sentence; what goes on has none', () => {
  const done = { ...reservation, committed: 5 };
  const finished = { step: 'finished', operation, reservation: done, outcome: 'SUCCEEDED', available: 57 } as const;
  expect(resultOf(finished)).toEqual({
    title: 'Short image is done',
    text: '5 credits spent, 57 credits available.',
  });
  expect(resultOf({ ...finished, outcome: 'BLOCKED' })?.text).toMatch(/^You were not charged\./);
  expect(resultOf({ step: 'finishing', ...settling })).toBeNull();
  expect(sentenceOf({ step: 'unsettled', ...settling, ...unanswered })).toMatch(/asks again by itself/);
});
