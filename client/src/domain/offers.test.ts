import type { PlanFieldsFragment } from '../gql/operations.js';
import { nextPlan, packsFor, priceOf, pricePerCredit } from './offers.js';
import type { Pack } from './offers.js';

const pack = (id: string, credits: number, bonusCredits: number, amountMinor: number, currency = 'USD'): Pack => ({
  __typename: 'CreditPack',
  id,
  name: id,
  creditType: 'STANDARD',
  credits,
  bonusCredits,
  expiresAfterMonths: 12,
  refundWindowDays: 14,
  price: { __typename: 'Money', amountMinor, currency },
});
const packs = [pack('large', 500, 100, 5_900), pack('small', 50, 0, 700), pack('middle', 100, 0, 1_200)];

const plan = (code: PlanFieldsFragment['code'], monthlyCredits: number): PlanFieldsFragment => ({
  __typename: 'Plan',
  code,
  name: code,
  monthlyCredits,
  productionRoom: true,
  deepScans: true,
  canPurchase: true,
  price: null,
});

test('packs of the credits in question, smallest first by what one gets; none on a plan that may not buy', () => {
  const scans: Pack = { ...pack('scans', 5, 0, 3_500), creditType: 'SCAN' };
  const ids = (found: Pack[]): string[] => found.map((each) => each.id);
  expect(ids(packsFor([...packs, scans], { canPurchase: true }))).toEqual(['small', 'middle', 'large']);
  expect(ids(packsFor([...packs, scans], { canPurchase: true }, 'SCAN'))).toEqual(['scans']);
  expect(packsFor(packs, { canPurchase: false })).toEqual([]);
  expect(packsFor(packs, null)).toEqual([]);
});

test('the next plan is the smallest that gives more, in whatever order they come', () => {
  const plans = [plan('ENTERPRISE', 500), plan('FREE', 0), plan('PRO', 100)];
  expect(nextPlan(plans, { monthlyCredits: 0 })?.code).toBe('PRO');
  expect(nextPlan(plans, { monthlyCredits: 100 })?.code).toBe('ENTERPRISE');
  expect(nextPlan(plans, { monthlyCredits: 500 })).toBeNull();
});

test('a price is said in its currency, one by agreement is none', () => {
  expect(priceOf(pack('a', 50, 0, 900))).toMatch(/9\.00/);
  expect(priceOf({ price: null })).toBeNull();
});

test('a price per credit counts the credits on top, a digit finer than money is paid', () => {
  expect(pricePerCredit(pack('a', 500, 100, 5_900), 'en')).toBe('$0.098');
  expect(pricePerCredit(pack('b', 50, 0, 700), 'en')).toBe('$0.14');
  expect(pricePerCredit(pack('c', 50, 0, 700, 'JPY'), 'en')).toBe('¥14');
  expect(pricePerCredit(pack('d', 0, 0, 700), 'en')).toBeNull();
});
