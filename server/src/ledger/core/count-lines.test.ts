import { createDecisionRules } from '../../decision-rules.js';
import { firstCatalog } from '../../testing/test-catalog.js';
import type { BudgetState } from './budget.js';
import { decide } from './commands.js';
import { beyondLines, countLines, heldByLine } from './count-lines.js';
import { contextAt } from './rules.js';
import type { LoadedAccount, ReservationState } from './state.js';

const NOW = Date.UTC(2026, 0, 7, 10);
const ACTOR = { name: 'service:test', member: 'test', closesAny: true };

const BUDGET: BudgetState = {
  accountId: 'a',
  id: 'b',
  number: 2,
  name: 'test',
  creditType: 'STANDARD',
  project: null,
  member: null,
  eachMember: false,
  feature: null,
  type: 'IMAGE',
  window: 'DAY',
  limit: 20,
  hard: true,
  setAside: false,
  removedVersion: null,
  version: 2,
  createdAt: NOW,
};

function accountWith(...budgets: BudgetState[]): LoadedAccount {
  const rules = createDecisionRules(firstCatalog);
  const created = decide(
    null,
    {
      type: 'create',
      accountId: 'a',
      actor: ACTOR,
      externalId: null,
      name: 'test',
      plan: 'PRO',
      timeZone: 'UTC',
      billingAnchor: null,
      sandbox: true,
      now: NOW,
    },
    contextAt(rules, true, NOW, NOW),
  );
  if (created.kind !== 'decided' || created.creates === undefined) throw new Error('not created');
  const account = created.creates;
  account.head = { ...account.head, budgets: budgets.length };
  account.talliesOf = new Set(['', 'test']);
  for (const budget of budgets) account.budgets.set(budget.id, budget);
  return account;
}

const WORK = { creditType: 'STANDARD', project: null, member: 'test' } as const;
const IMAGE = { feature: 'PRODUCTION_ROOM', type: 'IMAGE', credits: 10 } as const;
const AUDIO = { feature: 'PRODUCTION_ROOM', type: 'AUDIO', credits: 10 } as const;

function line(credits: number, committed = 0) {
  return { ...IMAGE, operation: 'x', name: 'x', quantity: 1, unitCredits: credits, credits, committed, done: 0 };
}

test('lines that are added to a hold count behind its own, which stay as they are', () => {
  const account = accountWith(BUDGET);
  const first = countLines(account, WORK, [AUDIO, IMAGE], NOW);
  if (first.kind !== 'counted' || first.counted === null) throw new Error('not counted');
  expect(first.counted.map(({ refs }) => refs.length)).toEqual([0, 1]);
  const hold = { lines: [line(10), line(10)], counted: first.counted } as unknown as ReservationState;
  const later = countLines(account, WORK, [IMAGE], NOW + 86_400_000, hold);
  if (later.kind !== 'counted') throw new Error('denied');
  expect(later.counted?.map(({ refs }) => refs.map(({ start }) => start))).toEqual([
    [],
    [Date.UTC(2026, 0, 7)],
    [Date.UTC(2026, 0, 8)],
  ]);
  const uncounted = { lines: [line(10)], counted: null } as unknown as ReservationState;
  expect(countLines(accountWith(), WORK, [IMAGE], NOW, uncounted)).toEqual({ kind: 'counted', counted: null });
  expect(countLines(account, WORK, [IMAGE], NOW, uncounted)).toMatchObject({ counted: [{ refs: [] }, { refs: [{}] }] });
  expect(countLines(accountWith(), WORK, [AUDIO], NOW, hold)).toMatchObject({ counted: [{}, {}, { refs: [] }] });
});

test('all lines together have to fit, and of budgets with equally little left the oldest is named', () => {
  const account = accountWith({ ...BUDGET, id: 'c', number: 3 }, BUDGET);
  expect(countLines(account, WORK, [IMAGE, IMAGE], NOW)).toMatchObject({ kind: 'counted' });
  expect(countLines(account, WORK, [IMAGE, AUDIO, IMAGE, IMAGE], NOW)).toMatchObject({ budgetId: 'b', needed: 30 });
  expect(countLines(accountWith({ ...BUDGET, hard: false }), WORK, [IMAGE, IMAGE, IMAGE], NOW).kind).toBe('counted');
});

test.each([
  // Held in all, then credits and committed of each line; what each line holds.
  [
    30,
    [
      [10, 0],
      [20, 0],
    ],
    [10, 20],
  ],
  [
    10,
    [
      [10, 20],
      [20, 0],
    ],
    [0, 10],
  ],
  [
    15,
    [
      [10, 0],
      [20, 0],
      [5, 20],
    ],
    [0, 15, 0],
  ],
] as const)('of %i held the last lines keep theirs', (held, lines, expected) => {
  const reservation = {
    status: 'HELD',
    held,
    lines: lines.map(([credits, committed]) => line(credits, committed)),
  } as unknown as ReservationState;
  expect(heldByLine(reservation)).toEqual(expected);
  expect(heldByLine({ ...reservation, status: 'EXPIRED' })).toEqual(expected.map(() => 0));
  const [first] = beyondLines(reservation, [{ index: 0, credits: 12, operations: null }]);
  expect(first?.credits).toBe(12 - expected[0]);
});
