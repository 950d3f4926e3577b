import fc from 'fast-check';
import type { Catalog, CreditPack, Operation, Plan, PlanCode, PriceList } from './catalog.js';
import { cheapestCost, findPriceList, priceListAt } from './catalog.js';
import type { PricedLine } from './price-operations.js';
import {
  affordableQuantities,
  findAlternatives,
  findInvalidLines,
  priceOperations,
  priceQuotedLines,
  smallestPackFor,
  upgradeFor,
} from './price-operations.js';

function plan(code: PlanCode, rank: number, monthlyCredits: number, price: number | null, isPaid = rank > 0): Plan {
  return {
    code,
    name: code,
    monthlyCredits,
    productionRoom: isPaid,
    deepScans: isPaid,
    canPurchase: isPaid,
    rolloverCap: 0,
    price: price === null ? null : { amountMinor: price, currency: 'USD' },
    rank,
  };
}

const FREE = plan('FREE', 0, 0, 0);
const PRO = plan('PRO', 1, 100, 2_900);
const ENTERPRISE = plan('ENTERPRISE', 2, 500, 12_900);

function operation(code: string, credits: number, more: Partial<Operation> = {}): Operation {
  return {
    code,
    name: code,
    feature: 'PRODUCTION_ROOM',
    type: 'IMAGE',
    size: null,
    creditType: 'STANDARD',
    credits,
    description: '',
    requires: 'PRODUCTION_ROOM',
    courtesyPerDay: 0,
    ...more,
  };
}

const text = { feature: 'CONTENT', requires: null } as const;
const OPERATIONS = [
  operation('image.short', 5),
  operation('image.mid', 10),
  operation('image.long', 20),
  operation('audio.short', 15, { type: 'AUDIO' }),
  operation('regeneration.basic', 1, { ...text, type: 'REGENERATION', courtesyPerDay: 3 }),
  operation('regeneration.advanced', 2, { ...text, type: 'REGENERATION' }),
  operation('content.generate', 0, { ...text, type: 'TEXT' }),
  operation('deep_scan', 1, { feature: 'BRAND_SCAN', type: 'DEEP_SCAN', creditType: 'SCAN', requires: 'DEEP_SCANS' }),
];

function priceList(version: number, effectiveAt: number, operations = OPERATIONS): PriceList {
  return {
    version,
    effectiveAt,
    sandbox: null,
    operations: new Map(operations.map((each) => [each.code, each])),
    unreadable: new Map(),
  };
}

function pack(id: string, credits: number, bonusCredits: number, creditType: CreditPack['creditType']): CreditPack {
  return {
    id,
    name: id,
    creditType,
    credits,
    bonusCredits,
    price: { amountMinor: credits, currency: 'USD' },
    expiresAfterMonths: 12,
    refundWindowDays: 14,
    rank: 0,
  };
}

const LIST = priceList(1, 1_000);
const CATALOG: Catalog = {
  plans: new Map([FREE, PRO, ENTERPRISE].map((each) => [each.code, each])),
  priceLists: [LIST, priceList(3, 2_000), priceList(2, 3_000)],
  packs: [
    pack('pack.1000', 1_000, 150, 'STANDARD'),
    pack('pack.50', 50, 0, 'STANDARD'),
    pack('pack.200', 200, 20, 'STANDARD'),
    pack('scan.5', 5, 0, 'SCAN'),
  ],
  assortments: [],
};

function priced(...asked: [string, number][]): readonly PricedLine[] {
  const lines = asked.map(([code, quantity]) => ({ operation: code, quantity }));
  const result = priceOperations(CATALOG, LIST, PRO, lines);
  if (result.kind !== 'Priced') throw new Error(result.kind);
  return result.lines;
}

describe('the price list in force', () => {
  test.each([
    [0, 1],
    [999, 1],
    [1_000, 1],
    [1_999, 1],
    [2_000, 3],
    [2_999, 3],
    [3_000, 2],
    [Number.MAX_SAFE_INTEGER, 2],
  ])('at %d it is version %d', (at, version) => {
    expect(priceListAt(CATALOG, at, false).version).toBe(version);
  });

  test('an empty catalogue has none', () => {
    expect(() => priceListAt({ ...CATALOG, priceLists: [] }, 0, false)).toThrow(RangeError);
  });

  test('is found by its version', () => {
    expect(findPriceList(CATALOG, 2)?.effectiveAt).toBe(3_000);
    expect(findPriceList(CATALOG, 4)).toBeNull();
  });
});

test('the cheapest cost ignores what is free and other credit types; a list that sells nothing answers 1', () => {
  expect(cheapestCost(LIST, 'STANDARD')).toBe(1);
  expect(cheapestCost(priceList(9, 0, OPERATIONS.slice(0, 3)), 'STANDARD')).toBe(5);
  expect(cheapestCost(LIST, 'SCAN')).toBe(1);
  expect(cheapestCost(priceList(9, 0, []), 'SCAN')).toBe(1);
});

describe('a list of operations', () => {
  test('is priced line by line', () => {
    const result = priceOperations(CATALOG, LIST, PRO, [
      { operation: 'image.short', quantity: 3 },
      { operation: 'content.generate', quantity: 7 },
      { operation: 'image.short', quantity: 1 },
    ]);
    expect(result).toMatchObject({ kind: 'Priced', creditType: 'STANDARD', total: 20 });
    expect(result.kind === 'Priced' && result.lines.map((line) => [line.unitCredits, line.credits])).toEqual([
      [5, 15],
      [0, 0],
      [5, 5],
    ]);
  });

  test.each([
    [
      'an unknown code comes before mixed types',
      ['image.short', 'deep_scan', 'nope'],
      { kind: 'OperationUnknown', operation: 'nope' },
    ],
    ['mixed types come before the plan', ['image.short', 'deep_scan'], { kind: 'MixedCreditTypes' }],
    ['a free operation is STANDARD, so it mixes too', ['deep_scan', 'content.generate'], { kind: 'MixedCreditTypes' }],
    [
      'the plan names the operation and the cheapest way up',
      ['content.generate', 'image.short'],
      { kind: 'OperationNotInPlan', operation: 'image.short', plan: 'FREE', upgrade: 'PRO' },
    ],
    [
      'deep scans need their own access',
      ['deep_scan'],
      { kind: 'OperationNotInPlan', operation: 'deep_scan', plan: 'FREE', upgrade: 'PRO' },
    ],
    ['codes of JavaScript are not operations', ['constructor'], { kind: 'OperationUnknown', operation: 'constructor' }],
  ])('is refused: %s', (_name, codes, refusal) => {
    expect(
      priceOperations(
        CATALOG,
        LIST,
        FREE,
        codes.map((code) => ({ operation: code, quantity: 1 })),
      ),
    ).toEqual(refusal);
  });

  test('no plan includes it: no upgrade', () => {
    const closed = { ...CATALOG, plans: new Map([[FREE.code, FREE]]) };
    expect(priceOperations(closed, LIST, FREE, [{ operation: 'image.short', quantity: 1 }])).toMatchObject({
      upgrade: null,
    });
  });

  test('a plan without a price is dearer than any', () => {
    const agreed = {
      ...CATALOG,
      plans: new Map([FREE, plan('PRO', 1, 100, null), ENTERPRISE].map((each) => [each.code, each])),
    };
    expect(priceOperations(agreed, LIST, FREE, [{ operation: 'image.short', quantity: 1 }])).toMatchObject({
      upgrade: 'ENTERPRISE',
    });
  });

  test('a total above 2^53-1 throws, at it does not', () => {
    const dear = priceList(9, 0, [operation('a', Number.MAX_SAFE_INTEGER), operation('b', 1)]);
    const one = [{ operation: 'a', quantity: 1 }];
    expect(priceOperations(CATALOG, dear, PRO, one)).toMatchObject({ total: Number.MAX_SAFE_INTEGER });
    expect(() => priceOperations(CATALOG, dear, PRO, [...one, { operation: 'b', quantity: 1 }])).toThrow(RangeError);
    expect(() => priceOperations(CATALOG, dear, PRO, [{ operation: 'a', quantity: 2 }])).toThrow(RangeError);
    expect(() => priceOperations(CATALOG, dear, PRO, [])).toThrow(RangeError);
    expect(() => priceOperations(CATALOG, dear, PRO, [{ operation: 'b', quantity: 1.5 }])).toThrow(RangeError);
  });

  test('a quote keeps its units, the plan is as it is now', () => {
    expect(priceQuotedLines(CATALOG, LIST, PRO, [['image.short', 2, 4]])).toMatchObject({
      total: 8,
      lines: [{ unitCredits: 4, credits: 8 }],
    });
    expect(priceQuotedLines(CATALOG, LIST, FREE, [['image.short', 2, 4]])).toMatchObject({
      kind: 'OperationNotInPlan',
    });
  });

  test.each([
    [[], 'operations'],
    [Array.from({ length: 101 }, () => 1), 'operations'],
    [Array.from({ length: 100 }, () => 1), null],
    [[0], 'operations.quantity'],
    [[1, -1], 'operations.quantity'],
    [[10_000], null],
    [[10_001], 'operations.quantity'],
    [[1.5], 'operations.quantity'],
    [[NaN], 'operations.quantity'],
  ])('of the quantities %j: out of range is %s', (quantities, field) => {
    expect(findInvalidLines(quantities.map((quantity) => ({ operation: 'image.short', quantity })))).toBe(field);
  });
});

describe('what a balance pays', () => {
  test.each<[[string, number][], number, number[]]>([
    [
      [
        ['image.long', 3],
        ['image.short', 3],
      ],
      67,
      [3, 1],
    ],
    [
      [
        ['image.long', 3],
        ['image.short', 3],
      ],
      59,
      [2, 3],
    ],
    [
      [
        ['image.long', 1],
        ['image.short', 9],
        ['regeneration.basic', 9],
      ],
      19,
      [0, 3, 4],
    ],
    [
      [
        ['content.generate', 9],
        ['image.short', 1],
      ],
      0,
      [9, 0],
    ],
    [[['image.short', 2]], 1_000, [2]],
  ])('of %j with %d: %j', (asked, available, quantities) => {
    expect(affordableQuantities(priced(...asked), available)).toEqual(quantities);
  });

  test('never more than asked, never more than there is, and one more unit of a short line does not fit', () => {
    const line = fc.record({
      quantity: fc.integer({ min: 1, max: 10_000 }),
      unitCredits: fc.integer({ min: 0, max: 1_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 1e6 }),
        (lines, available) => {
          const asked = lines.map((each) => ({
            ...each,
            operation: operation('x', each.unitCredits),
            credits: each.quantity * each.unitCredits,
          }));
          let left = available;
          affordableQuantities(asked, available).forEach((count, index) => {
            const { quantity, unitCredits } = asked[index] as PricedLine;
            left -= count * unitCredits;
            expect(left).toBeGreaterThanOrEqual(0);
            expect(count).toBeLessThanOrEqual(quantity);
            if (count < quantity) expect(left).toBeLessThan(unitCredits);
          });
        },
      ),
    );
  });
});

describe('alternatives', () => {
  const codesFor = (asked: [string, number][], available: number, on = PRO): string[] => {
    const lines = priced(...asked);
    const total = lines.reduce((sum, line) => sum + line.credits, 0);
    return findAlternatives(LIST, on, lines, total, available).map(({ code }) => code);
  };

  test.each<[string, [string, number][], number, string[]]>([
    ['dearest first', [['image.long', 1]], 19, ['image.mid', 'image.short']],
    ['only what fits', [['image.long', 1]], 9, ['image.short']],
    ['nothing fits', [['image.long', 1]], 4, []],
    ['at the same quantity', [['image.long', 2]], 19, ['image.short']],
    [
      'beside the other lines',
      [
        ['image.long', 1],
        ['audio.short', 1],
      ],
      20,
      ['image.short'],
    ],
    [
      'each once',
      [
        ['image.long', 1],
        ['image.mid', 1],
      ],
      25,
      ['image.mid', 'image.short'],
    ],
    ['of the same feature and type', [['audio.short', 1]], 14, []],
    ['regenerations too', [['regeneration.advanced', 1]], 1, ['regeneration.basic']],
  ])('%s', (_name, asked, available, codes) => {
    expect(codesFor(asked, available)).toEqual(codes);
  });

  test('what the plan does not include is none', () => {
    expect(codesFor([['image.long', 1]], 19, FREE)).toEqual([]);
  });
});

describe('what would cover a shortfall', () => {
  test.each([
    ['STANDARD', 1, 'pack.50'],
    ['STANDARD', 50, 'pack.50'],
    ['STANDARD', 51, 'pack.200'],
    ['STANDARD', 220, 'pack.200'],
    ['STANDARD', 1_150, 'pack.1000'],
    ['STANDARD', 1_151, null],
    ['SCAN', 5, 'scan.5'],
    ['SCAN', 6, null],
  ] as const)('the smallest pack for %s %d is %s', (creditType, shortfall, id) => {
    expect(smallestPackFor(CATALOG, creditType, shortfall)?.id ?? null).toBe(id);
  });

  test.each([
    [FREE, 0, 100, 'PRO'],
    [FREE, 0, 101, 'ENTERPRISE'],
    [FREE, 100, 1, 'ENTERPRISE'],
    [PRO, 100, 400, 'ENTERPRISE'],
    [PRO, 100, 401, null],
    [PRO, 500, 1, null],
    [ENTERPRISE, 500, 1, null],
  ])('the upgrade from %j with %d granted for %d is %s', (from, highest, shortfall, code) => {
    expect(upgradeFor(CATALOG, from, highest, shortfall)?.code ?? null).toBe(code);
  });
});
