import fc from 'fast-check';
import type { CreditPack, CreditType, Plan, PlanCode } from '../catalog/catalog.js';
import { advisePlans, fillGap, type Mix } from './plan-advice.js';

const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });
const plan = (code: PlanCode, monthlyCredits: number, price: number | null, rank: number): Plan => ({
  code,
  name: code,
  monthlyCredits,
  productionRoom: code !== 'FREE',
  deepScans: code !== 'FREE',
  canPurchase: code !== 'FREE',
  rolloverCap: 0,
  price: price === null ? null : usd(price),
  rank,
});
const PLANS = [plan('FREE', 0, 0, 0), plan('PRO', 100, 2_900, 1), plan('ENTERPRISE', 500, 12_900, 2)];
const pack = (
  id: string,
  creditType: CreditType,
  credits: number,
  bonusCredits: number,
  price: number,
): CreditPack => ({
  id,
  name: id,
  creditType,
  credits,
  bonusCredits,
  price: usd(price),
  expiresAfterMonths: 12,
  refundWindowDays: 14,
  rank: credits,
});
const PACKS = [
  pack('50', 'STANDARD', 50, 0, 900),
  pack('200', 'STANDARD', 200, 20, 3_200),
  pack('1000', 'STANDARD', 1_000, 150, 14_000),
  pack('scan 5', 'SCAN', 5, 0, 3_500),
  pack('scan 20', 'SCAN', 20, 2, 12_000),
];

const mix = (standard: number, more: Partial<Mix> = {}, scan = 0): Mix => ({
  credits: { STANDARD: standard, SCAN: scan },
  operations: 20,
  needsProductionRoom: true,
  needsDeepScans: scan > 0,
  ...more,
});
const shown = (of: Mix) =>
  advisePlans(of, PLANS, PACKS)?.map(
    ({ plan: { code }, packs, price, covers }) =>
      `${code} ${packs.map(({ pack: { id }, quantity }) => `${quantity} x ${id}`).join(' + ') || '-'} ${price?.amountMinor} ${covers ? 'covers' : 'does not'}`,
  ) ?? null;

/*
 * By hand, 29.00 for 100 on Pro and 129.00 for 500 on Enterprise; a gap of 80 is 2 x 50 for 18.00, one of 200 is 1 x 220 for 32.00, one of 250 is
 * 220 + 50 for 41.00, one of 400 is 2 x 220 for 64.00, one of 650 is
 * 3 x 220 for 96.00, one of 1,050 is 1,150 for 140.00.
 */
test.each<[string, Mix, readonly string[] | null]>([
  ['steady, within Pro', mix(90), ['PRO - 2900 covers', 'ENTERPRISE - 12900 covers', 'FREE - 0 does not']],
  ['a little more', mix(180), ['PRO 2 x 50 4700 covers', 'ENTERPRISE - 12900 covers', 'FREE - 0 does not']],
  ['one pack is enough', mix(300), ['PRO 1 x 200 6100 covers', 'ENTERPRISE - 12900 covers', 'FREE - 0 does not']],
  [
    'two kinds of packs',
    mix(350),
    ['PRO 1 x 50 + 1 x 200 7000 covers', 'ENTERPRISE - 12900 covers', 'FREE - 0 does not'],
  ],
  ['bursts', mix(500), ['PRO 2 x 200 9300 covers', 'ENTERPRISE - 12900 covers', 'FREE - 0 does not']],
  ['one large pack', mix(1_150), ['PRO 1 x 1000 16900 covers', 'ENTERPRISE 3 x 200 22500 covers', 'FREE - 0 does not']],
  ['scans', mix(90, {}, 6), ['PRO 2 x scan 5 9900 covers', 'ENTERPRISE 2 x scan 5 19900 covers', 'FREE - 0 does not']],
  [
    'only what costs nothing',
    mix(0, { needsProductionRoom: false }),
    ['FREE - 0 covers', 'PRO - 2900 covers', 'ENTERPRISE - 12900 covers'],
  ],
  [
    'content alone, which Free may do but not pay',
    mix(12, { needsProductionRoom: false }),
    ['PRO - 2900 covers', 'ENTERPRISE - 12900 covers', 'FREE - 0 does not'],
  ],
  ['idle', mix(0, { operations: 0 }), null],
  ['nine operations', mix(90, { operations: 9 }), null],
])('%s', (_, of, wanted) => {
  expect(shown(of)).toEqual(wanted);
});

test('a plan whose price is by agreement comes last of those that cover', () => {
  const options = advisePlans(mix(400), [plan('ENTERPRISE', 500, null, 2), plan('PRO', 100, 2_900, 1)], PACKS);
  expect(options?.map(({ plan: { code }, price }) => [code, price?.amountMinor])).toEqual([
    ['PRO', 2_900 + 4_100 + 900],
    ['ENTERPRISE', undefined],
  ]);
});

/** The least money for a gap, by trying everything. */
function leastFor(gap: number, packs: readonly CreditPack[]): number {
  const least = [0];
  for (let amount = 1; amount <= gap; amount++)
    least.push(
      Math.min(
        ...packs.map(
          ({ credits, bonusCredits, price }) =>
            (least[Math.max(0, amount - credits - bonusCredits)] ?? 0) + price.amountMinor,
        ),
      ),
    );
  return least[gap] ?? 0;
}

test('packs fill any gap for the least money, however large it is', () => {
  const packs = fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 30 })), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(packs, fc.integer({ min: 1, max: 600 }), (some, gap) => {
      const sold = some.map(([credits, price], index) => pack(String(index), 'STANDARD', credits, 0, price));
      const bought = fillGap(gap, sold) ?? [];
      const sum = (of: (one: CreditPack) => number) =>
        bought.reduce((all, { pack: one, quantity }) => all + of(one) * quantity, 0);
      expect(sum(({ credits }) => credits)).toBeGreaterThanOrEqual(gap);
      expect(sum(({ price }) => price.amountMinor)).toBe(leastFor(gap, sold));
    }),
    { numRuns: 300 },
  );
  const large = fillGap(2_000_000_000, PACKS.slice(0, 3)) ?? [];
  expect(
    large.reduce((all, { pack: { credits, bonusCredits }, quantity }) => all + (credits + bonusCredits) * quantity, 0),
  ).toBeGreaterThanOrEqual(2_000_000_000);
});
