import { nextSeen } from './useDelta.js';

const at = (value: number | null, delta = 0, of = 'a') => ({ of, value, delta });

test('a change is what the number went up or down by, and changes that follow each other are one', () => {
  const spent = nextSeen(at(62), 'a', 57);
  expect(spent).toEqual(at(57, -5));
  expect(nextSeen(spent, 'a', 107)).toEqual(at(107, 45));
  expect(nextSeen(nextSeen(at(62), 'a', 57), 'a', 62)).toEqual(at(62, 0));
});

test('the same number again is the same state, so that nothing is drawn for it', () => {
  const state = at(62, -5);
  expect(nextSeen(state, 'a', 62)).toBe(state);
});

test('a first number, one that is not known any more, and another account’s are no change', () => {
  expect(nextSeen(at(null), 'a', 62)).toEqual(at(62));
  expect(nextSeen(at(62, -5), 'a', null)).toEqual(at(null));
  expect(nextSeen(at(62, -5), 'b', 900)).toEqual(at(900, 0, 'b'));
});
