import type { Catalog, Plan, PlanCode } from '../../catalog/catalog.js';
import { createDecisionRules } from '../../decision-rules.js';
import { firstCatalog } from '../../testing/test-catalog.js';
import { decide } from './commands.js';
import { applyGroup } from './group.js';
import { planChange } from './plan-change.js';
import { contextAt, type DecisionRules } from './rules.js';
import type { LoadedAccount } from './state.js';

const START = Date.UTC(2026, 0, 10);
const DAY = 86_400_000;
const ACTOR = { name: 'service:test', member: 'test', closesAny: true };
const first = firstCatalog();

/** The first catalogue with some plans otherwise. */
function catalogWith(changes: Readonly<Partial<Record<PlanCode, Partial<Plan>>>>): Catalog {
  const plans = [...first.plans].map(([code, plan]): [PlanCode, Plan] => [code, { ...plan, ...changes[code] }]);
  return { ...first, plans: new Map(plans) };
}

/** An account of the pure core; the catalogue may be another for each thing that is asked. */
class Case {
  readonly account: LoadedAccount;
  private count = 0;

  constructor(plan: PlanCode) {
    const command = { type: 'create', accountId: 'a', actor: ACTOR, externalId: null, name: 'Case', plan } as const;
    const terms = { timeZone: 'UTC', billingAnchor: START, sandbox: true, now: START };
    const created = decide(null, { ...command, ...terms }, contextAt(this.rules(first), true, START, START));
    if (created.kind !== 'decided' || !created.creates || !created.group) throw new Error('not created');
    this.account = created.creates;
    applyGroup(this.account, created.group);
  }

  private rules(catalog: Catalog): DecisionRules {
    return { ...createDecisionRules(() => catalog), nextId: () => `g${++this.count}` };
  }

  preview(plan: PlanCode, catalog = first, at = START + DAY) {
    return planChange(this.account, plan, contextAt(this.rules(catalog), true, at, at));
  }

  change(plan: PlanCode, catalog = first, at = START + DAY): void {
    const context = contextAt(this.rules(catalog), true, at, at);
    const keyed = { key: 'k', scope: 's', input: {} };
    const command = { type: 'change-plan', accountId: 'a', actor: ACTOR, keyed, plan, payment: null } as const;
    const decided = decide(this.account, command, context);
    if (decided.kind !== 'decided' || !decided.group) throw new Error(`nothing changed: ${decided.kind}`);
    applyGroup(this.account, decided.group);
  }

  grant(credits: number, source: 'PROMOTION' | 'PURCHASE', expiresAt: number | null, creditType: 'STANDARD' | 'SCAN') {
    const context = contextAt(this.rules(first), true, START, START);
    const keyed = { key: 'g', scope: 's', input: {} };
    const terms = { grantId: `grant${++this.count}`, credits, creditType, source, expiresAt, reason: 'test' };
    const decided = decide(this.account, { type: 'grant', accountId: 'a', actor: ACTOR, keyed, ...terms }, context);
    if (decided.kind === 'decided' && decided.group) applyGroup(this.account, decided.group);
  }
}

test('an upgrade grants what the new allowance is above the most that the plan granted, whatever the plans say by then', () => {
  // Since the period began with 100, PRO has come to 150: what was granted counts, not what the plan would grant now.
  const raised = catalogWith({ PRO: { monthlyCredits: 150 } });
  expect(new Case('PRO').preview('ENTERPRISE', raised).creditsNow).toBe(400);
  // ENTERPRISE has come down below what was granted: nothing is granted, and nothing is taken.
  const lowered = catalogWith({ ENTERPRISE: { monthlyCredits: 80 } });
  const one = new Case('PRO');
  expect(one.preview('ENTERPRISE', lowered)).toMatchObject({ step: 'upgrades', creditsNow: 0, creditsNowUntil: null });
  one.change('ENTERPRISE', lowered);
  expect(one.account.head.credits.STANDARD).toMatchObject({ granted: 100, available: 100, allowance: 100 });
});

test('the high-water mark holds over several upgrades of one period', () => {
  // Three paid plans: the middle one stands in for FREE's place in the order.
  const three = catalogWith({ FREE: { code: 'FREE', rank: 5, monthlyCredits: 700, canPurchase: true } });
  const one = new Case('PRO');
  one.change('ENTERPRISE', three);
  expect(one.preview('FREE', three)).toMatchObject({ step: 'upgrades', creditsNow: 200 });
  one.change('FREE', three);
  expect(one.account.head.credits.STANDARD).toMatchObject({ granted: 700, allowance: 700 });
});

test.each<[string, PlanCode, PlanCode, number | null]>([
  ['up: the difference of the monthly prices, not prorated', 'PRO', 'ENTERPRISE', 10_000],
  ['from FREE: the whole month', 'FREE', 'PRO', 2_900],
  ['from FREE to the top', 'FREE', 'ENTERPRISE', 12_900],
  ['down: nothing', 'ENTERPRISE', 'PRO', null],
  ['to FREE: nothing', 'PRO', 'FREE', null],
  ['to what it is: nothing', 'PRO', 'PRO', null],
])('what it costs at once, %s', (_, from, to, amountMinor) => {
  const one = new Case(from);
  expect(one.preview(to, first, START + 20 * DAY).price).toEqual(
    amountMinor === null ? null : { amountMinor, currency: 'USD' },
  );
});

test('a preview says what waits, what ends and until when, and changes nothing', () => {
  const one = new Case('PRO');
  const boundary = Date.UTC(2026, 1, 10);
  one.grant(40, 'PURCHASE', null, 'STANDARD');
  one.grant(6, 'PURCHASE', null, 'SCAN');
  one.grant(9, 'PURCHASE', boundary - DAY, 'STANDARD');
  one.grant(5, 'PROMOTION', boundary, 'STANDARD');
  one.grant(3, 'PROMOTION', null, 'STANDARD');
  const before = JSON.stringify([one.account.head, [...one.account.grants]]);
  expect(one.preview('FREE')).toMatchObject({
    step: 'schedules',
    effectiveAt: boundary,
    creditsNow: 0,
    creditsNowUntil: null,
    waitingAfter: { STANDARD: 40, SCAN: 6 },
    lost: 105,
  });
  expect(one.preview('ENTERPRISE')).toMatchObject({
    step: 'upgrades',
    effectiveAt: START + DAY,
    creditsNow: 400,
    creditsNowUntil: boundary,
    waitingAfter: { STANDARD: 0, SCAN: 0 },
    lost: 0,
  });
  expect(JSON.stringify([one.account.head, [...one.account.grants]])).toBe(before);
});

test('what a plan carries over is not lost: the plan that takes over says how much', () => {
  const rolls = catalogWith({ PRO: { rolloverCap: 30 }, ENTERPRISE: { rolloverCap: 30 } });
  expect(new Case('ENTERPRISE').preview('PRO', rolls).lost).toBe(470);
  expect(new Case('ENTERPRISE').preview('FREE', rolls).lost).toBe(500);
});
