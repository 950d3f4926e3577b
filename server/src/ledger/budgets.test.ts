import { v7 } from 'uuid';
import { BudgetModel, type ModelLine, startOf } from '../testing/test-budget-model.js';
import { closeVerified } from '../testing/test-verified.js';
import { seeded } from '../testing/test-history.js';
import { recordQueries } from '../testing/test-queries.js';
import {
  add,
  clock,
  commit,
  createTestLedger,
  grant,
  release,
  reserve,
  setBudget,
  type TestLedger,
} from '../testing/test-ledger.js';
import { verifyLedger } from './books/verify.js';
import { type BudgetWindow, EVERYBODY } from './core/budget.js';
import type { BudgetAsked } from './core/commands/set-budget.js';
import type { Outcome, Refusal } from './core/outcome.js';
import { countersFromText } from './rows/counters-text.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 28, 22);

let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => closeVerified(books));

/** What the tables say was used of a budget in a window. */
async function usedOf(accountId: string, budgetId: string, member: string, start: number) {
  const { rows } = await books.pool.query<{ number: number; counters: string }>(
    `SELECT b.number, t.counters FROM budget b JOIN budget_tally t USING (account_id)
     WHERE b.account_id = $1 AND b.budget_id = $2 AND t.member = $3`,
    [accountId, budgetId, member],
  );
  const found = rows
    .flatMap(({ number, counters }) => countersFromText(counters).filter(({ budget }) => budget === number))
    .find((counter) => counter.start === start);
  return { consumed: found?.consumed ?? 0, held: found?.held ?? 0 };
}

function refusalOf(outcome: Outcome): Refusal | null {
  return outcome.kind === 'refused' ? outcome.refusal : null;
}

const OPERATIONS: Readonly<Record<string, ModelLine>> = {
  'image.short': { feature: 'PRODUCTION_ROOM', type: 'IMAGE', credits: 5 },
  'image.long': { feature: 'PRODUCTION_ROOM', type: 'IMAGE', credits: 20 },
  'audio.short': { feature: 'PRODUCTION_ROOM', type: 'AUDIO', credits: 15 },
  'regeneration.basic': { feature: 'CONTENT', type: 'REGENERATION', credits: 1 },
  'content.generate': { feature: 'CONTENT', type: 'TEXT', credits: 0 },
};
const WINDOWS: readonly BudgetWindow[] = ['HOUR', 'DAY', 'WEEK', 'PERIOD', 'LIFETIME'];
const MEMBERS = ['anna', 'bert', 'carl'];

/** How often the histories did what. */
const seen = new Map<string, number>();

/** One random history, step by step beside the model, over two writers. */
class Play {
  private readonly model = new BudgetModel();
  private now = START;
  private readonly ids: string[] = [];
  private steps = 0;
  constructor(
    private readonly accountId: string,
    private readonly random: () => number,
    private readonly writers: readonly TestLedger['ledger'][],
  ) {}

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }

  private count(what: string): void {
    seen.set(what, (seen.get(what) ?? 0) + 1);
  }

  private submit(command: Parameters<TestLedger['ledger']['submit']>[0]): Promise<Outcome> {
    return this.pick(this.writers).submit(command);
  }

  async step(): Promise<void> {
    this.steps++;
    const dice = this.random();
    if (this.model.budgets.length < 3 || dice < 0.06) await this.setBudget();
    else if (dice < 0.09) await this.removeBudget();
    else if (dice < 0.17) await this.moveClock();
    else if (dice < 0.45 || this.ids.length === 0) await this.reserve();
    else if (dice < 0.6) await this.add();
    else if (dice < 0.68) await this.release();
    else await this.commit();
    await this.compare();
  }

  private async setBudget(): Promise<void> {
    const inForce = this.model.budgets.filter(({ removed }) => !removed);
    const changed = this.random() < 0.4 && inForce.length > 0 ? this.pick(inForce) : null;
    const terms = { limit: Math.floor(this.random() * 120), hard: this.random() < 0.8 };
    const each = inForce.filter((budget) => budget.eachMember);
    const asked =
      changed === null
        ? setBudget(this.accountId, v7(), { ...terms, ...this.subject(each) })
        : setBudget(this.accountId, v7(), { ...changed, ...terms, changes: changed.id });
    const outcome = await this.submit(asked);
    expect(outcome).toMatchObject({ kind: 'row', of: 'budgets' });
    this.model.set(changed?.id ?? asked.newId, asked.budget);
    this.count(changed === null ? 'made' : 'changed');
  }

  /** What a new budget is about: at times the same as one that counts every member, for one of them. */
  private subject(each: readonly BudgetAsked[]): Partial<BudgetAsked> {
    if (each.length > 0 && this.random() < 0.5) {
      const { window, project, feature, type } = this.pick(each);
      return { window, project, feature, type, member: this.pick(MEMBERS) };
    }
    const eachMember = this.random() < 0.4;
    return {
      window: this.pick(WINDOWS),
      project: this.pick([null, null, 'launch']),
      member: eachMember ? null : this.pick([null, null, 'anna']),
      eachMember,
      feature: this.pick([null, null, 'CONTENT' as const]),
      type: this.pick([null, null, 'IMAGE' as const]),
    };
  }

  private async removeBudget(): Promise<void> {
    const { id } = this.pick(this.model.budgets);
    const actor = { name: 'service:test', member: 'test', closesAny: true };
    const outcome = await this.submit({ type: 'remove-budget', accountId: this.accountId, actor, budgetId: id });
    expect(outcome).toEqual({ kind: 'budgetRemoved' });
    this.model.remove(id);
    this.count('removed');
  }

  private async moveClock(): Promise<void> {
    this.now += Math.floor(this.random() * 18) * HOUR + Math.floor(this.random() * HOUR);
    await this.submit(clock(this.accountId, this.now));
    this.model.advance(this.now);
    this.count('moved');
  }

  private async reserve(): Promise<void> {
    const codes = [
      ...new Set(Array.from({ length: 1 + Math.floor(this.random() * 3) }, () => this.pick(Object.keys(OPERATIONS)))),
    ];
    const quantities = Object.fromEntries(codes.map((code) => [code, 1 + Math.floor(this.random() * 3)]));
    const work = { project: this.pick([null, 'launch', 'other']), member: this.pick(MEMBERS) };
    const ttlSeconds = 1 + Math.floor(this.random() * 80_000);
    const command = reserve(this.accountId, quantities, { ...work, ttlSeconds });
    const lines = codes.map((code) => {
      const line = OPERATIONS[code] as ModelLine;
      return { ...line, credits: line.credits * (quantities[code] as number) };
    });
    const expected = this.model.reserve(command.reservationId, work, lines, this.now, this.now + ttlSeconds * 1_000);
    // A quote asks the same, and nothing happens between.
    const { accountId, actor, operations } = command;
    const said = await this.submit({ type: 'assess', accountId, actor, operations, ...work, sees: null });
    const outcome = await this.submit(command);
    expect(said).toMatchObject({ kind: 'workAssessed', setAside: 0, blockedBy: refusalOf(outcome) });
    if (expected === null) {
      expect(outcome).toMatchObject({ kind: 'reservation' });
      this.ids.push(command.reservationId);
      this.count('reserved');
      return;
    }
    const { budgetId, limit, consumed, held, needed } = refusalOf(outcome) as Extract<
      Refusal,
      { kind: 'BudgetExceeded' }
    >;
    expect({ budgetId, limit, consumed, held, needed }).toEqual(expected);
    this.count('denied');
  }

  private async add(): Promise<void> {
    const open = this.ids.filter((one) => this.model.holds.get(one)?.status === 'HELD');
    const id = this.pick(open.length > 0 && this.random() < 0.9 ? open : this.ids);
    const code = this.pick(Object.keys(OPERATIONS));
    const quantity = 1 + Math.floor(this.random() * 3);
    const outcome = await this.submit(add(this.accountId, id, { [code]: quantity }));
    const hold = this.model.holds.get(id);
    if (hold?.status !== 'HELD') {
      expect(refusalOf(outcome)?.kind).toBe('ReservationClosed');
      return this.count('closed');
    }
    const line = OPERATIONS[code] as ModelLine;
    const lines = [{ ...line, credits: line.credits * quantity }];
    const expected = this.model.reserve(id, hold, lines, this.now, hold.until);
    if (expected === null) expect(outcome).toMatchObject({ kind: 'reservation' });
    else expect(refusalOf(outcome)).toMatchObject(expected);
    this.count(expected === null ? 'added' : 'not added');
  }

  private async release(): Promise<void> {
    const id = this.pick(this.ids);
    const isOpen = this.model.holds.get(id)?.status === 'HELD';
    const outcome = await this.submit(release(this.accountId, id));
    expect(outcome.kind).toBe(isOpen ? 'reservation' : 'refused');
    if (isOpen) this.model.release(id);
    this.count('released');
  }

  private async commit(): Promise<void> {
    const id = this.pick(this.ids);
    const hold = this.model.holds.get(id);
    const amount = Math.floor(this.random() * 70);
    const final = this.random() < 0.5;
    const outcome = await this.submit(commit(this.accountId, id, { amount, final, policy: 'IF_AVAILABLE' }));
    const isLate = hold?.status === 'EXPIRED' && this.now <= hold.until + 24 * HOUR;
    if (hold?.status !== 'HELD' && !isLate) {
      expect(refusalOf(outcome)?.kind).toBe('ReservationClosed');
      return this.count('closed');
    }
    const before = hold?.lines.reduce((sum, { committed }) => sum + committed, 0) ?? 0;
    const committed = this.model.commit(id, amount, final, this.now);
    expect(outcome).toMatchObject({ kind: 'reservation' });
    if (outcome.kind === 'reservation') expect(outcome.reservation.committed).toBe(before + committed);
    this.count(isLate ? 'late' : 'committed');
  }

  /** Every counter is the sum of all that was ever counted. */
  private async compare(): Promise<void> {
    for (const budget of this.model.budgets) {
      if (budget.removed) continue;
      for (const member of budget.eachMember ? MEMBERS : [EVERYBODY]) {
        const used = await usedOf(this.accountId, budget.id, member, startOf(budget, this.now));
        expect([this.steps, budget.window, member, used]).toEqual([
          this.steps,
          budget.window,
          member,
          this.model.used(budget, member, this.now),
        ]);
      }
    }
  }
}

test.each([1, 2, 3, 4, 5, 6])(
  'random history %d: every answer and every counter is the naive model’s',
  async (seed) => {
    const accountId = await books.open('ENTERPRISE', { now: START, billingAnchor: Date.UTC(2026, 0, 1) });
    await books.ledger.submit(grant(accountId, 1_000_000));
    const play = new Play(accountId, seeded(seed), [books.ledger, books.another({ lanes: 1 })]);
    for (let step = 0; step < 150; step++) await play.step();
  },
);

test('the histories did all of it', () => {
  const all = [
    'made',
    'changed',
    'removed',
    'moved',
    'reserved',
    'denied',
    'released',
    'committed',
    'late',
    'closed',
    'added',
    'not added',
  ];
  expect(all.filter((what) => (seen.get(what) ?? 0) < 5)).toEqual([]);
});

test('200 callers at once over two writers never exceed a budget, and each answer follows from the order of versions', async () => {
  const accountId = await books.open('ENTERPRISE', { now: START });
  await books.ledger.submit(grant(accountId, 1_000_000));
  const limit = 300;
  await books.ledger.submit(setBudget(accountId, v7(), { limit, project: 'launch' }));
  const writers = [books.ledger, books.another()];
  const random = seeded(7);
  const prices = [5, 20, 15, 1];
  const codes = Object.keys(OPERATIONS).slice(0, 4);
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      const kind = Math.floor(random() * 4);
      const command = reserve(accountId, { [codes[kind] as string]: 1 }, { project: 'launch', spend: index % 2 === 0 });
      const outcome = await (writers[index % 2] as TestLedger['ledger']).submit(command);
      return { credits: prices[kind] as number, outcome };
    }),
  );
  const accepted = answers
    .flatMap(({ credits, outcome }) =>
      outcome.kind === 'reservation' ? [{ credits, version: outcome.reservation.version }] : [],
    )
    .sort((a, b) => a.version - b.version);
  const usedBefore = (version: number) =>
    accepted.reduce((sum, one) => (one.version <= version ? sum + one.credits : sum), 0);
  for (const { credits, version } of accepted) expect(usedBefore(version - 1) + credits).toBeLessThanOrEqual(limit);
  const refused = answers.flatMap(({ credits, outcome }) => {
    const refusal = refusalOf(outcome);
    return refusal?.kind === 'BudgetExceeded' ? [{ credits, refusal }] : [];
  });
  expect(accepted.length + refused.length).toBe(200);
  expect(refused.length).toBeGreaterThan(0);
  for (const { credits, refusal } of refused) {
    expect(refusal.consumed + refusal.held).toBe(usedBefore(refusal.version));
    expect(refusal.consumed + refusal.held + credits).toBeGreaterThan(limit);
  }
});

test('1,000 interleavings of two projects, one set aside: other work never eats what is kept, and uses what is not', async () => {
  const writers = [books.ledger, books.another()];
  const random = seeded(11);
  for (let round = 0; round < 50; round++) {
    const accountId = await books.open('PRO', { now: START });
    const kept = 20 * Math.floor(random() * 5);
    await books.ledger.submit(setBudget(accountId, v7(), { setAside: true, project: 'launch', limit: kept }));
    const steps = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const project = random() < 0.5 ? 'launch' : 'other';
        const command = reserve(accountId, { 'image.mid': 1 + Math.floor(random() * 2) }, { project });
        const outcome = await (writers[Math.floor(random() * 2)] as TestLedger['ledger']).submit(command);
        const credits = 10 * (command.operations[0]?.quantity ?? 0);
        return { project, credits, outcome };
      }),
    );
    const held = steps
      .flatMap(({ project, credits, outcome }) =>
        outcome.kind === 'reservation' ? [{ project, credits, version: outcome.reservation.version }] : [],
      )
      .sort((a, b) => a.version - b.version);
    /** What was available and kept at a version. */
    const at = (version: number) => {
      const sum = (of: typeof held) => of.reduce((credits, one) => credits + one.credits, 0);
      const before = held.filter((one) => one.version <= version);
      const available = 100 - sum(before);
      const own = sum(before.filter(({ project }) => project === 'launch'));
      return { available, kept: Math.min(Math.max(0, kept - own), available) };
    };
    for (const { project, credits, version } of held) {
      const state = at(version - 1);
      expect(credits).toBeLessThanOrEqual(state.available - (project === 'launch' ? 0 : state.kept));
    }
    for (const { project, credits, outcome } of steps) {
      const refusal = refusalOf(outcome);
      if (refusal === null) continue;
      if (refusal.kind !== 'InsufficientCredits') throw new Error(refusal.kind);
      const state = at(refusal.version);
      expect([refusal.available, refusal.setAside]).toEqual([state.available, project === 'launch' ? 0 : state.kept]);
      expect(credits).toBeGreaterThan(refusal.available - (refusal.setAside ?? 0));
    }
  }
});

test('what budgets count of the members of a batch is read at once', async () => {
  const own = await createTestLedger();
  const accountId = await own.open('ENTERPRISE', { now: START });
  await own.ledger.submit(setBudget(accountId, v7(), { eachMember: true, limit: 5 }));
  const members = Array.from({ length: 20 }, (_, index) => `member ${index}`);
  const writer = own.another({ lanes: 1 });
  let outcomes: Outcome[] = [];
  const sent = await recordQueries(async () => {
    outcomes = await Promise.all(
      [...members, ...members].map((member) => writer.submit(reserve(accountId, { 'image.short': 1 }, { member }))),
    );
  });
  expect(outcomes.map((outcome) => refusalOf(outcome)?.kind ?? 'held')).toEqual([
    ...members.map(() => 'held'),
    ...members.map(() => 'BudgetExceeded'),
  ]);
  // Some batches, each with a look for everybody and one for its members at the most.
  expect(sent.filter(({ text }) => text.includes('ledger.tallies')).length).toBeLessThan(10);
  expect((await verifyLedger(own)).problems).toEqual([]);
  await own.close();
});

test('the members beyond the ten thousandth of a window share one counter', async () => {
  const own = await createTestLedger();
  const accountId = await own.open('ENTERPRISE', { now: START });
  await own.ledger.submit(setBudget(accountId, v7(), { eachMember: true, limit: 20 }));
  const spend = (writer: TestLedger['ledger'], member: string) =>
    writer.submit(reserve(accountId, { 'audio.short': 1 }, { member, spend: true }));
  await spend(own.ledger, 'anna');
  await own.pool.query(
    `UPDATE budget_tally SET counters = regexp_replace(counters, ',1\\]\\]$', ',10000]]') WHERE member = ''`,
  );
  const later = own.another();
  expect(await spend(later, 'bert')).toMatchObject({ kind: 'reservation' });
  expect(await spend(later, 'carl')).toMatchObject({ refusal: { kind: 'BudgetExceeded', consumed: 15, held: 0 } });
  expect(await spend(later, 'anna')).toMatchObject({ refusal: { consumed: 15 } });
  await own.close();
});

test('verify finds a counter that was changed, and one that is gone', async () => {
  const own = await createTestLedger();
  const accountId = await own.open('ENTERPRISE', { now: START });
  await own.ledger.submit(setBudget(accountId, v7(), { limit: 100 }));
  await own.ledger.submit(reserve(accountId, { 'image.long': 1 }));
  expect((await verifyLedger(own)).problems).toEqual([]);
  await own.pool.query(`UPDATE budget_tally SET counters = replace(counters, ',0,20,', ',0,21,')`);
  expect((await verifyLedger(own)).problems).toEqual([expect.stringContaining('held is 21, replayed 20') as string]);
  await own.pool.query(`UPDATE budget_tally SET counters = '[]'`);
  expect((await verifyLedger(own)).problems).toEqual([expect.stringContaining('has no counter') as string]);
  await own.pool.query(`UPDATE reservation SET counted = NULL`);
  expect((await verifyLedger(own)).problems).toEqual([expect.stringContaining('first line counts in') as string]);
  await own.close();
});

test('200 budgets are the most, and removing one makes room', async () => {
  const accountId = await books.open('PRO', { now: START });
  const ids = Array.from({ length: 200 }, () => v7());
  const outcomes = await Promise.all(ids.map((id) => books.ledger.submit(setBudget(accountId, id))));
  expect(outcomes.every(({ kind }) => kind === 'row')).toBe(true);
  expect(await books.ledger.submit(setBudget(accountId, v7()))).toMatchObject({
    refusal: { kind: 'InvalidAmount', field: 'accountId' },
  });
  const actor = { name: 'service:test', member: 'test', closesAny: true };
  await books.ledger.submit({ type: 'remove-budget', accountId, actor, budgetId: ids[0] as string });
  expect(await books.ledger.submit(setBudget(accountId, v7()))).toMatchObject({ kind: 'row' });
  expect(await books.ledger.submit(reserve(accountId, { 'image.short': 1 }))).toMatchObject({ kind: 'reservation' });
});
