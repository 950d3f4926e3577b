import { planPriceLists, type WrittenList } from './plan-price-lists.js';

function list(
  version: number,
  effectiveAt: number,
  prices: Readonly<Record<string, number>>,
  sandbox: boolean | null = null,
): WrittenList {
  return { version, effectiveAt, sandbox, prices: new Map(Object.entries(prices)) };
}

/** As [instant, side, prices]. */
function plan(lists: readonly WrittenList[], change: Readonly<Record<string, number | null>>, at: number) {
  return planPriceLists(lists, new Map(Object.entries(change)), at).map(({ effectiveAt, sandbox, prices }) => [
    effectiveAt,
    sandbox,
    Object.fromEntries(prices),
  ]);
}

test('the first list is what it brings', () => {
  expect(plan([], { a: 1, b: 2 }, 100)).toEqual([[100, null, { a: 1, b: 2 }]]);
});

test('what a change does not name keeps its price; null takes an operation out', () => {
  const lists = [list(1, 0, { a: 1, b: 2 })];
  expect(plan(lists, { c: 3 }, 100)).toEqual([[100, null, { a: 1, b: 2, c: 3 }]]);
  expect(plan(lists, { a: null, b: 5 }, 100)).toEqual([[100, null, { b: 5 }]]);
});

test('what was in force before the change is its ground: of two lists for one instant the higher version', () => {
  expect(plan([list(2, 50, { a: 2 }), list(3, 50, { a: 3 }), list(1, 0, { a: 1 })], { b: 1 }, 100)).toEqual([
    [100, null, { a: 3, b: 1 }],
  ]);
});

test('before the first list its prices hold, and it is said again for its own instant', () => {
  expect(plan([list(1, 500, { a: 1 })], { b: 2 }, 100)).toEqual([[100, null, { a: 1, b: 2 }]]);
});

test('a list for a later instant is written again with both changes; its own price wins', () => {
  const lists = [list(1, 0, { a: 1, b: 2, c: 9 }), list(2, 200, { a: 7, b: 2 }), list(3, 300, { a: 7, b: 8 })];
  expect(plan(lists, { a: 4, d: 5 }, 100)).toEqual([
    [100, null, { a: 4, b: 2, c: 9, d: 5 }],
    [200, null, { a: 7, b: 2, d: 5 }],
    [300, null, { a: 7, b: 8, d: 5 }],
  ]);
});

test('a side that has its own lists keeps its own prices', () => {
  const lists = [list(1, 0, { a: 1 }), list(2, 50, { a: 6 }, false), list(3, 200, { a: 9 }, true)];
  expect(plan(lists, { b: 2 }, 100)).toEqual([
    [100, false, { a: 6, b: 2 }],
    [100, true, { a: 1, b: 2 }],
    [200, true, { a: 9, b: 2 }],
  ]);
});
