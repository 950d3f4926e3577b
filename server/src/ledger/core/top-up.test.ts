import fc from 'fast-check';
import type { TopUp } from './billing.js';
import type { PurchaseState } from './purchase.js';
import { isTopUpDue, purchasesIn, topUpAfter, topUpBegun, TOP_UP_PAUSE_MS } from './top-up.js';

const ON: TopUp = {
  offBecause: null,
  provider: 'sandbox',
  packId: 'pack.50',
  threshold: 20,
  purchasesPerPeriodMax: 3,
  periodNumber: 0,
  purchases: 0,
  declines: 0,
  declinedAt: null,
  pendingId: null,
};
const ASKED = { now: 1_000, periodNumber: 0, available: 20, packCredits: 50, shortfall: null };

test.each([
  ['at the threshold', {}, {}, true],
  ['above it', {}, { available: 21 }, false],
  ['nothing available, threshold 0', { threshold: 0 }, { available: 0 }, true],
  ['turned off', { offBecause: 'TURNED_OFF' }, {}, false],
  ['one in flight', { pendingId: 'p' }, {}, false],
  ['declined just now', { declinedAt: 1_000 }, {}, false],
  ['a millisecond before the hour is over', { declinedAt: 1_001 - TOP_UP_PAUSE_MS }, {}, false],
  ['an hour after', { declinedAt: 1_000 - TOP_UP_PAUSE_MS }, {}, true],
  ['the most of the period', { purchases: 3 }, {}, false],
  ['the most of a period that is over', { purchases: 3, periodNumber: 0 }, { periodNumber: 1 }, true],
  ['refused, and the pack would have covered it', {}, { available: 90, shortfall: 50 }, true],
  ['refused, and the pack would not have', {}, { available: 90, shortfall: 51 }, false],
  ['refused at the threshold, whatever the pack', {}, { available: 20, shortfall: 51 }, true],
] as const)('%s', (_, topUp, asked, due) => {
  expect(isTopUpDue({ ...ON, ...topUp }, { ...ASKED, ...asked })).toBe(due);
});

function bought(id: string, status: PurchaseState['status'], periodNumber: number): PurchaseState {
  return { id, status, periodNumber } as PurchaseState;
}

test('whatever happens: one in flight, the cap of a period kept, declines counted in a row', () => {
  const steps = fc.array(fc.constantFrom('ask', 'pay', 'fail', 'cancel', 'next period', 'hour', 'late'), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 4 }), (played, most) => {
      let topUp: TopUp = { ...ON, purchasesPerPeriodMax: most };
      let [now, periodNumber] = [0, 0];
      const all: PurchaseState[] = [];
      let inARow = 0;
      const end = (status: 'PAID' | 'FAILED' | 'CANCELED', index: number): void => {
        const before = all[index];
        if (before === undefined) return;
        all[index] = { ...before, status };
        topUp = topUpAfter(topUp, before.status, all[index], now);
        if (status !== 'CANCELED') inARow = status === 'FAILED' ? inARow + 1 : 0;
      };
      for (const step of played) {
        const open = all.findIndex(({ status }) => status === 'PENDING');
        if (step === 'hour') now += TOP_UP_PAUSE_MS;
        else if (step === 'next period') periodNumber += 1;
        else if (step === 'pay') end('PAID', open);
        else if (step === 'fail') end('FAILED', open);
        else if (step === 'cancel') end('CANCELED', open);
        else if (step === 'late')
          end(
            'PAID',
            all.findIndex(({ status }) => status === 'FAILED' || status === 'CANCELED'),
          );
        else if (isTopUpDue(topUp, { ...ASKED, now, periodNumber, available: 0 })) {
          expect(open).toBe(-1);
          all.push(bought(String(all.length), 'PENDING', periodNumber));
          topUp = topUpBegun(topUp, String(all.length - 1), periodNumber);
        }
        const counted = all.filter((one) => one.periodNumber === periodNumber && one.status !== 'FAILED').length;
        expect(purchasesIn(topUp, periodNumber)).toBe(counted);
        expect(topUp.pendingId).toBe(all.find(({ status }) => status === 'PENDING')?.id ?? null);
        expect(topUp.declines).toBe(inARow);
      }
    }),
  );
});
