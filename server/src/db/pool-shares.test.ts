import { sharePool } from './pool-shares.js';

test('the pools together open what POOL_SIZE says, none of them nothing', () => {
  for (let size = 6; size <= 100; size++) {
    const shares = Object.values(sharePool(size)) as number[];
    expect(shares.reduce((sum, share) => sum + share)).toBe(size);
    expect(Math.min(...shares)).toBeGreaterThan(0);
  }
  expect(sharePool(20)).toEqual({ signIn: 2, reports: 3, entities: 7, reads: 8 });
});
