import { packsFor, pricePerCredit } from './pack.js';
import type { Pack } from './pack.js';

const pack = (id: string, credits: number, bonusCredits: number, amountMinor: number, currency = 'USD'): Pack => ({
  __typename: 'CreditPack',
  id,
  name: id,
  creditType: 'STANDARD',
  credits,
  bonusCredits,
  price: { __typename: 'Money', amountMinor, currency },
});
const packs = [pack('large', 500, 100, 5_900), pack('small', 50, 0, 700), pack('middle', 100, 0, 1_200)];

test.each([
  [1, 'small'],
  [50, 'small'],
  [51, 'middle'],
  [600, 'large'],
  [601, null],
])('%i missing: %p is the smallest that is enough', (shortfall, id) => {
  const found = packsFor(packs, shortfall);
  expect(found.enough?.id ?? null).toBe(id);
  expect(found.packs.map((each) => each.id)).toEqual(['small', 'middle', 'large']);
});

test('a price per credit counts the credits on top, a digit finer than money is paid', () => {
  expect(pricePerCredit(pack('a', 500, 100, 5_900), 'en')).toBe('$0.098');
  expect(pricePerCredit(pack('b', 50, 0, 700), 'en')).toBe('$0.14');
  expect(pricePerCredit(pack('c', 50, 0, 700, 'JPY'), 'en')).toBe('¥14');
  expect(pricePerCredit(pack('d', 0, 0, 700), 'en')).toBeNull();
});
