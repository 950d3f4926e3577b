import fc from 'fast-check';
import { emptyGrant } from './empty-grant.js';
import { newPurchase } from './new-purchase.js';
import { changedPurchase, type PurchaseState } from './purchase.js';
import { moneyBackFor, NO_CLAIMS, refundable } from './refundable.js';
import type { Buckets, GrantState } from './state.js';

const DAY = 86_400_000;
const PACK = {
  id: 'pack.200',
  name: '200 credits',
  creditType: 'STANDARD',
  credits: 200,
  bonusCredits: 20,
  price: { amountMinor: 3200, currency: 'USD' },
  expiresAfterMonths: 12,
  refundWindowDays: 14,
  rank: 2,
} as const;

const BEGUN = newPurchase(
  'account',
  PACK,
  { purchaseId: 'p', provider: 'sandbox', actor: { name: 'user:anna' }, returnUrl: null, savesMethod: false },
  1,
  0,
);
const PAID = changedPurchase(BEGUN, { status: 'PAID', paidAt: 0, grantId: 'g', bonusGrantId: 'b', version: 2 });

function grant(id: string, source: 'PURCHASE' | 'BONUS', granted: number, moved: Partial<Buckets> = {}): GrantState {
  const terms = { creditType: 'STANDARD', effectiveAt: 0, expiresAt: null, createdAt: 0, periodNumber: null } as const;
  const { held = 0, spent = 0, expired = 0, refunded = 0, revoked = 0 } = moved;
  const available = granted - held - spent - expired - refunded - revoked;
  return { ...emptyGrant({ id, source, reason: null, ...terms }), granted, ...moved, available };
}

function refund(purchase: PurchaseState, bought: Partial<Buckets>, bonus: Partial<Buckets>, rest: object = {}) {
  const grants = [grant('g', 'PURCHASE', 200, bought), grant('b', 'BONUS', 20, bonus)];
  return refundable(purchase, grants, { available: 1_000, claims: NO_CLAIMS, now: 1, ...rest });
}

test('200 + 20, 20 of them spent (the bonus) and 50 held: 130 are refunded, 20 revoked; the hold released, 50 more, together 180', () => {
  const first = refund(PAID, { held: 50 }, { spent: 20 });
  expect(first).toMatchObject({ problem: null, credits: 130, ofBought: 130, revokedBought: 20, revokedBonus: 0 });
  expect(first.amountMinor).toBe(2080);
  const after = changedPurchase(PAID, { refundedCredits: 130, refundRevoked: 20, refundedMinor: 2080, version: 3 });
  const second = refund(after, { refunded: 130, revoked: 20 }, { spent: 20 });
  expect(second).toMatchObject({ credits: 50, ofBought: 50, revokedBought: 0, amountMinor: 800 });
});

test('200 + 20, 20 of them held (the bonus): 180 are refunded, 20 revoked; the hold released, 20 more, together 200', () => {
  const first = refund(PAID, {}, { held: 20 });
  expect(first).toMatchObject({ credits: 180, ofBought: 180, revokedBought: 20, revokedBonus: 0, amountMinor: 2880 });
  const after = changedPurchase(PAID, { refundedCredits: 180, refundRevoked: 20, refundedMinor: 2880, version: 3 });
  const second = refund(after, { refunded: 180, revoked: 20 }, {});
  expect(second).toMatchObject({ credits: 20, ofBought: 0, ofBonus: 20, amountMinor: 320 });
});

test.each([
  ['not paid', refund(BEGUN, {}, {}), 'NOT_PAID'],
  ['the day after its window', refund(PAID, {}, {}, { now: 14 * DAY }), 'WINDOW_PASSED'],
  ['used up', refund(PAID, { spent: 180 }, { spent: 20 }), 'NOTHING_UNUSED'],
  ['disputed', refund(changedPurchase(PAID, { status: 'DISPUTED', version: 3 }), {}, {}), 'DISPUTED'],
  ['charged back', refund(changedPurchase(PAID, { status: 'CHARGED_BACK', version: 3 }), {}, {}), 'DISPUTED'],
  [
    'claimed by late work',
    refund(PAID, {}, {}, { available: 220, claims: { credits: 220, prolongsTo: null } }),
    'WORK_MAY_STILL_LAND',
  ],
])('a purchase that is %s is refunded nothing', (_, result, problem) => {
  expect(result).toEqual({
    problem,
    credits: 0,
    ofBought: 0,
    ofBonus: 0,
    revokedBought: 0,
    revokedBonus: 0,
    amountMinor: 0,
  });
});

test('what late work may still claim stays, also of what would be revoked', () => {
  const claims = { credits: 30, prolongsTo: null };
  expect(refund(PAID, {}, {}, { available: 220, claims })).toMatchObject({ credits: 190, revokedBought: 0 });
  expect(refund(PAID, {}, {}, { available: 240, claims })).toMatchObject({ credits: 200, revokedBonus: 10 });
});

test('a window that ends while late work may still land is prolonged until then, not longer', () => {
  const claims = { credits: 5, prolongsTo: 14 * DAY + 100 };
  expect(refund(PAID, {}, {}, { now: 14 * DAY + 99, claims }).problem).toBeNull();
  expect(refund(PAID, {}, {}, { now: 14 * DAY + 100, claims }).problem).toBe('WINDOW_PASSED');
});

test('what a won dispute gave back is refundable as if nothing had been revoked', () => {
  const won = changedPurchase(PAID, { restoredGrantId: 'r', restoredBonusGrantId: 's', version: 4 });
  const grants = [
    grant('g', 'PURCHASE', 200, { spent: 10, revoked: 190 }),
    grant('b', 'BONUS', 20, { revoked: 20 }),
    grant('r', 'PURCHASE', 190),
    grant('s', 'BONUS', 20),
  ];
  const result = refundable(won, grants, { available: 1_000, claims: NO_CLAIMS, now: 1 });
  expect(result).toMatchObject({ credits: 190, ofBought: 190, ofBonus: 0, revokedBought: 0, revokedBonus: 20 });
});

test('a price that no credit divides: what one refund rounds off, the next gives back', () => {
  const odd = { ...PAID, credits: 3, bonusCredits: 0, priceMinor: 100 };
  const left = (free: number, rest: Partial<PurchaseState>) =>
    refundable(
      { ...odd, ...rest },
      [
        grant('g', 'PURCHASE', 3, {
          held: 3 - free - (rest.refundedCredits ?? 0),
          refunded: rest.refundedCredits ?? 0,
        }),
      ],
      { available: 1_000, claims: NO_CLAIMS, now: 1 },
    ).amountMinor;
  expect(left(1, {})).toBe(33);
  expect(left(1, { refundedCredits: 1, refundedMinor: 33 })).toBe(33);
  expect(left(1, { refundedCredits: 2, refundedMinor: 66 })).toBe(34);
});

test('money back never adds up to more than the price, however it is cut', () => {
  fc.assert(
    fc.property(
      fc.record({ credits: fc.integer({ min: 1, max: 10 ** 12 }), priceMinor: fc.integer({ min: 1, max: 10 ** 10 }) }),
      fc.array(fc.integer({ min: 1, max: 10 ** 12 }), { maxLength: 20 }),
      (terms, parts) => {
        const purchase = { ...PAID, ...terms };
        let refunded = 0;
        let money = 0;
        for (const part of parts) {
          const credits = Math.min(part, terms.credits - refunded);
          const back = moneyBackFor(purchase, refunded + credits) - moneyBackFor(purchase, refunded);
          expect(back).toBeGreaterThanOrEqual(0);
          refunded += credits;
          money += back;
        }
        expect(money).toBe(moneyBackFor(purchase, refunded));
        expect(money).toBeLessThanOrEqual(terms.priceMinor);
        expect(moneyBackFor(purchase, terms.credits)).toBe(terms.priceMinor);
      },
    ),
  );
});
