import { crossLevels, defaultRules } from '../../alerts/cross-levels.js';
import type { Catalog, CreditPack, Operation, Plan } from '../../catalog/catalog.js';
import type { AccountSnapshot } from './account-snapshot.js';
import { quoteOperations } from './quote-operations.js';
import type { QuotedOperations } from './quote-operations.js';
import type { CreditState } from '../core/state.js';

const NOW = Date.UTC(2026, 0, 15, 12);

const operation = (code: string, credits: number, rest: Partial<Operation> = {}): Operation => ({
  code,
  name: code,
  feature: 'PRODUCTION_ROOM',
  type: 'IMAGE',
  size: null,
  creditType: 'STANDARD',
  credits,
  description: code,
  requires: null,
  courtesyPerDay: 0,
  ...rest,
});

const operations = [
  operation('image.short', 5),
  operation('image.mid', 10),
  operation('image.long', 20),
  operation('regeneration.basic', 1, { type: 'REGENERATION', feature: 'CONTENT', courtesyPerDay: 3 }),
  operation('content.generate', 0, { type: 'TEXT', feature: 'CONTENT' }),
  operation('deep_scan', 1, { type: 'DEEP_SCAN', feature: 'BRAND_SCAN', creditType: 'SCAN' }),
];
const plan: Plan = {
  code: 'PRO',
  name: 'Pro',
  monthlyCredits: 100,
  productionRoom: true,
  deepScans: true,
  canPurchase: true,
  rolloverCap: 0,
  price: null,
  rank: 1,
};
const pack = (id: string, credits: number, bonusCredits = 0): CreditPack => ({
  id,
  name: id,
  creditType: 'STANDARD',
  credits,
  bonusCredits,
  price: { amountMinor: 900, currency: 'USD' },
  expiresAfterMonths: 12,
  refundWindowDays: 14,
  rank: credits,
});
const catalog: Catalog = {
  plans: new Map([
    ['PRO', plan],
    ['ENTERPRISE', { ...plan, code: 'ENTERPRISE', name: 'Enterprise', monthlyCredits: 500, rank: 2 }],
  ]),
  priceLists: [
    {
      version: 1,
      effectiveAt: 0,
      sandbox: null,
      operations: new Map(operations.map((one) => [one.code, one])),
      unreadable: new Map(),
    },
  ],
  packs: [pack('pack.10', 10), pack('pack.90', 80, 10)],
  assortments: [],
};

function snapshot(available: number, rest: Partial<AccountSnapshot['state']> = {}): AccountSnapshot {
  const credits: CreditState = {
    granted: 100,
    available,
    held: 0,
    spent: 100 - available,
    expired: 0,
    refunded: 0,
    revoked: 0,
    used: 100 - available,
    allowance: 100,
    allowanceLeft: available,
    purchased: 0,
    promotional: 0,
    waiting: 0,
    levels: defaultRules(100),
  };
  return {
    history: 'hist_1',
    now: NOW,
    databaseNow: NOW,
    newestList: 1,
    name: 'Test',
    externalId: null,
    state: {
      id: '018f0000-0000-7000-8000-000000000001',
      sandbox: true,
      plan: 'PRO',
      timeZone: 'UTC',
      anchorAt: 0,
      anchorPeriod: 0,
      period: { number: 1, start: 0, end: NOW + 1 },
      clockAt: NOW,
      version: 7,
      changedAt: NOW,
      courtesyDay: null,
      courtesyUsed: 0,
      projectsDay: null,
      projectsDayVersion: 0,
      operations: { STANDARD: 0, SCAN: 0 },
      noticed: null,
      dueAt: NOW + 1,
      nextPlan: null,
      billing: null,
      budgets: 0,
      spending: null,
      credits: { STANDARD: credits, SCAN: { ...credits, levels: defaultRules(0) } },
      ...rest,
    },
  };
}

function quote(account: AccountSnapshot, lines: Readonly<Record<string, number>>): QuotedOperations {
  const asked = Object.entries(lines).map(([code, quantity]) => ({ operation: code, quantity }));
  const quoted = quoteOperations(catalog, account, asked, crossLevels);
  if (quoted.kind !== 'Quoted') throw new Error(quoted.kind);
  return quoted;
}

test('a quote the balance pays for', () => {
  expect(quote(snapshot(100), { 'image.long': 2, 'image.short': 1 })).toMatchObject({
    payload: {
      total: 45,
      expiresAt: NOW + 600_000,
      priceListVersion: 1,
      lines: [
        ['image.long', 2, 20],
        ['image.short', 1, 5],
      ],
    },
    sufficient: true,
    shortfall: 0,
    availableAfter: 55,
    lowAfter: false,
    balance: { version: 7, available: 100 },
  });
});

test('too few credits: nothing is left after, each line says how many fit, cheaper ways are shown', () => {
  const quoted = quote(snapshot(12), { 'image.mid': 1, 'image.short': 2 });
  expect(quoted).toMatchObject({ sufficient: false, shortfall: 8, availableAfter: 0, lowAfter: true });
  expect(quoted.lines.map(({ affordableQuantity }) => affordableQuantity)).toEqual([1, 0]);
  expect(quote(snapshot(12), { 'image.long': 1 }).alternatives.map(({ code }) => code)).toEqual([
    'image.mid',
    'image.short',
  ]);
});

test('too few credits: the smallest pack and the plan that cover it, as a refusal would name them', () => {
  expect(quote(snapshot(12), { 'image.long': 1 })).toMatchObject({
    shortfall: 8,
    smallestPack: { id: 'pack.10' },
    upgrade: { code: 'ENTERPRISE' },
  });
  expect(quote(snapshot(0), { 'image.long': 3 })).toMatchObject({ shortfall: 60, smallestPack: { id: 'pack.90' } });
  expect(quote(snapshot(0), { 'image.long': 30 })).toMatchObject({ smallestPack: null, upgrade: null });
  expect(quote(snapshot(100), { 'image.long': 1 })).toMatchObject({ smallestPack: null, upgrade: null });
});

test.each([
  ['stays above 20', 100, 15, false],
  ['reaches 20', 100, 16, true],
  ['goes from 26 to 21', 26, 1, false],
  ['goes from 25 to 20', 25, 1, true],
  ['goes to nothing', 5, 1, true],
])('of a base of 100, what %s: low after is as the balance would show it', (_, available, quantity, lowAfter) => {
  expect(quote(snapshot(available), { 'image.short': quantity }).lowAfter).toBe(lowAfter);
});

test('a rule that has fired stays low although the threshold is not reached again', () => {
  const account = snapshot(60);
  const [low, ...others] = defaultRules(100);
  const levels = [{ ...(low as (typeof others)[number]), firedAt: 20 }, ...others];
  const credits = { ...account.state.credits, STANDARD: { ...account.state.credits.STANDARD, levels } };
  expect(quote({ ...account, state: { ...account.state, credits } }, { 'image.short': 1 }).lowAfter).toBe(true);
});

test('the courtesy: alone, one, too few credits, at most three a day', () => {
  expect(quote(snapshot(0), { 'regeneration.basic': 1 })).toMatchObject({
    payload: { total: 0 },
    sufficient: true,
    shortfall: 0,
    lines: [{ unitCredits: 1, credits: 0, affordableQuantity: 1 }],
  });
  expect(
    quote(snapshot(0, { courtesyDay: '2026-01-15', courtesyUsed: 2 }), { 'regeneration.basic': 1 }).sufficient,
  ).toBe(true);
  expect(
    quote(snapshot(0, { courtesyDay: '2026-01-15', courtesyUsed: 3 }), { 'regeneration.basic': 1 }).sufficient,
  ).toBe(false);
  expect(
    quote(snapshot(0, { courtesyDay: '2026-01-14', courtesyUsed: 3 }), { 'regeneration.basic': 1 }).sufficient,
  ).toBe(true);
  expect(quote(snapshot(0), { 'regeneration.basic': 2 }).sufficient).toBe(false);
  expect(quote(snapshot(0), { 'regeneration.basic': 1, 'content.generate': 1 }).sufficient).toBe(false);
  expect(quote(snapshot(1), { 'regeneration.basic': 1 })).toMatchObject({
    payload: { total: 1 },
    sufficient: true,
    availableAfter: 0,
  });
});

test('what costs nothing never depends on the balance', () => {
  expect(quote(snapshot(0), { 'content.generate': 10_000 })).toMatchObject({
    payload: { total: 0 },
    sufficient: true,
    shortfall: 0,
  });
});

test.each([
  [[{ operation: 'image.huge', quantity: 1 }], { kind: 'OperationUnknown', operation: 'image.huge' }],
  [
    [
      { operation: 'image.short', quantity: 1 },
      { operation: 'deep_scan', quantity: 1 },
    ],
    { kind: 'MixedCreditTypes' },
  ],
])('%j is refused', (lines, refusal) => {
  expect(quoteOperations(catalog, snapshot(100), lines, crossLevels)).toEqual(refusal);
});
