import type { BalanceFieldsFragment } from '../gql/operations.js';
import { allowanceOf, hasNoCreditsByPlan, lowTitle } from './balance.js';

const balance: BalanceFieldsFragment = {
  __typename: 'Balance',
  id: 'bal',
  accountId: 'acct',
  creditType: 'STANDARD',
  available: 4,
  held: 0,
  used: 96,
  allowance: 100,
  allowanceLeft: 4,
  purchased: 0,
  promotional: 0,
  waiting: 0,
  usedPercent: 96,
  level: 'CRITICAL',
  nextResetAt: '2026-11-27T00:00:00.000Z',
  version: 1,
  history: 'hist_1',
  asOf: '2026-11-22T00:00:00.000Z',
};

test.each([
  ['OK', null],
  ['LOW', 'Low: 4 credits left'],
  ['CRITICAL', 'Very low: 4 credits left'],
  ['EMPTY', 'You are out of credits'],
] as const)('%s reads %s', (level, title) => {
  expect(lowTitle({ ...balance, level })).toBe(title);
});

test('scan credits are called so, one of them in the singular', () => {
  expect(lowTitle({ level: 'LOW', creditType: 'SCAN', available: 1 })).toBe('Low: 1 scan credit left');
  expect(lowTitle({ level: 'EMPTY', creditType: 'SCAN', available: 0 })).toBe('You are out of scan credits');
});

test('an allowance of nothing and nothing owned is no low balance, also before the plan is known', () => {
  const nothing = { ...balance, available: 0, used: 0, allowance: 0 };
  expect([hasNoCreditsByPlan(nothing, null), hasNoCreditsByPlan(nothing, { monthlyCredits: 0 })]).toEqual([true, true]);
  expect(hasNoCreditsByPlan({ ...nothing, available: 5 }, null)).toBe(false);
  expect(hasNoCreditsByPlan(balance, null)).toBe(false);
});

test('what is left is left of the allowance, unless an upgrade or a rollover is in it', () => {
  expect(allowanceOf(balance)).toEqual({ of: 100 });
  expect(allowanceOf({ ...balance, allowanceLeft: 140 })).toEqual({});
  expect(allowanceOf({ ...balance, allowance: 0, allowanceLeft: 0 })).toEqual({});
});
