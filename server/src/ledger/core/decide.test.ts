import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { CREDIT_TYPES, type PlanCode } from '../../catalog/catalog.js';
import { createDecisionRules } from '../../decision-rules.js';
import { firstCatalog } from '../../testing/test-catalog.js';
import { type Decided, Model } from '../../testing/test-model.js';
import type { ModelAnswer } from '../../testing/test-model-books.js';
import { closeDue, nextEnd } from './advance.js';
import { balanceOf } from './balance.js';
import type { Actor } from './command.js';

import { decide } from './commands.js';
import { heldByLine } from './count-lines.js';
import { saidBy } from './events.js';
import { applyGroup, type Group } from './group.js';
import { GroupDraft } from './group-draft.js';
import { PATHS } from './paths.js';
import { contextAt, type DecisionRules } from './rules.js';
import type { Outcome } from './outcome.js';
import type { Buckets, LoadedAccount } from './state.js';

const catalog = firstCatalog();
const SERVICE: Actor = { name: 'service:test', member: 'test', closesAny: true };
const START = Date.UTC(2026, 0, 31, 9, 30);
const MINUTE = 60_000;
const ACCOUNT = '00000000-0000-7000-8000-0000000000aa';
const BUCKETS = ['available', 'held', 'spent', 'expired', 'refunded', 'revoked'] as const;

/** What a step does; `target` chooses among the reservations there are. */
type Act =
  | { readonly do: 'wait'; readonly minutes: number }
  | {
      readonly do: 'reserve';
      readonly list: readonly (readonly [string, number])[];
      readonly ttlMinutes: number;
      readonly spend: boolean;
    }
  | {
      readonly do: 'commit';
      readonly target: number;
      readonly amount: number | null;
      readonly done: number;
      readonly final: boolean;
      readonly fails: boolean;
      readonly isLenient: boolean;
    }
  | { readonly do: 'release' | 'revoke'; readonly target: number }
  | { readonly do: 'add'; readonly target: number; readonly list: readonly (readonly [string, number])[] }
  | { readonly do: 'plan'; readonly plan: PlanCode }
  | { readonly do: 'extend'; readonly target: number; readonly ttlMinutes: number }
  | {
      readonly do: 'grant';
      readonly credits: number;
      readonly isScan: boolean;
      readonly source: 'PROMOTION' | 'BONUS' | 'ADJUSTMENT' | 'PURCHASE';
      readonly minutes: number | null;
    };

const target = fc.nat(8);
const line = fc.tuple(
  fc.constantFrom(
    'image.short',
    'image.mid',
    'regeneration.basic',
    'regeneration.advanced',
    'content.generate',
    'deep_scan',
  ),
  fc.integer({ min: 1, max: 6 }),
);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      minutes: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1_000, max: 60_000 })),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('reserve' as const),
      list: fc.array(line, { minLength: 1, maxLength: 3 }),
      ttlMinutes: fc.integer({ min: 1, max: 1_440 }),
      spend: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('commit' as const),
      target,
      amount: fc.option(fc.nat(60), { nil: null }),
      done: fc.nat(4),
      final: fc.boolean(),
      fails: fc.boolean(),
      isLenient: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const), target }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      target,
      list: fc.array(line, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('extend' as const),
      target,
      ttlMinutes: fc.integer({ min: 1, max: 1_440 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const), target }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('plan' as const),
      plan: fc.constantFrom('FREE' as const, 'PRO' as const, 'ENTERPRISE' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('grant' as const),
      credits: fc.integer({ min: 1, max: 60 }),
      isScan: fc.boolean(),
      source: fc.constantFrom('PROMOTION' as const, 'BONUS' as const, 'ADJUSTMENT' as const, 'PURCHASE' as const),
      minutes: fc.option(fc.integer({ min: 0, max: 3_000 }), { nil: null }),
    }),
  },
);

/** The pure core, moved by hand, beside the model. */
class Core {
  readonly account: LoadedAccount;
  readonly model: Model;
  private readonly rules: DecisionRules;
  private readonly reservations: string[] = [];
  private readonly lines = new Map<string, LineSums>();
  private now = START;
  private count = 0;

  constructor(plan: PlanCode) {
    this.rules = { ...createDecisionRules(() => catalog), nextId: () => this.id() };
    const command = {
      type: 'create',
      accountId: ACCOUNT,
      actor: SERVICE,
      externalId: null,
      name: 'Core',
      plan,
      timeZone: 'UTC',
      billingAnchor: START,
      sandbox: true,
      now: START,
    } as const;
    const created = decide(null, command, contextAt(this.rules, command.sandbox, START, START));
    if (created.kind !== 'decided' || !created.creates || !created.group) throw new Error('not created');
    this.account = created.creates;
    this.model = new Model(catalog, plan, START);
    this.model.start(START, this.newGrantOf(created.group));
    this.apply(created.group);
  }

  private id(): string {
    return `00000000-0000-7000-8000-${String(++this.count).padStart(12, '0')}`;
  }

  private text(): string {
    const { head, grants, reservations } = this.account;
    return JSON.stringify([head, [...grants], [...reservations]]);
  }

  private newGrantOf(group: Group): string | null {
    return group.newIds.find((id) => group.rows.grants.has(id)) ?? null;
  }

  play(one: Act): void {
    if (one.do === 'wait') {
      this.now += one.minutes * MINUTE;
      for (let due = nextEnd(this.account); due.at <= this.now; due = nextEnd(this.account)) {
        const group = closeDue(this.account, due, contextAt(this.rules, this.account.head.sandbox, due.at, this.now));
        const mine = this.model.due();
        const id =
          due.kind === 'hold'
            ? due.reservation.id
            : due.kind === 'grant' || due.kind === 'notice'
              ? due.grant.id
              : null;
        expect([mine.at, mine.kind, mine.id]).toEqual([due.at, group.cause, id]);
        this.model.close(mine, this.newGrantOf(group));
        this.apply(group);
      }
      return;
    }
    const command = this.commandOf(one);
    const before = this.text();
    const context = contextAt(this.rules, this.account.head.sandbox, this.now, this.now);
    const { count } = this;
    const decision = decide(this.account, command, context);
    if (decision.kind !== 'decided') throw new Error(`${command.type} ${decision.kind}`);
    // Pure: nothing of what it was given is changed, and with the same ids it decides the same again.
    expect(this.text()).toBe(before);
    this.count = count;
    expect(isDeepStrictEqual(decide(this.account, command, context), decision)).toBe(true);
    const answer = this.model.decide(command, this.now, decision.group && this.newGrantOf(decision.group));
    expect(decision.group === null ? textOf(decision.outcome, 'same') : textOf(decision.outcome)).toBe(
      textOfModel(answer),
    );
    expect(decision.group === null).toBe(answer.kind === 'no' || answer.kind === 'same');
    if (decision.group) this.apply(decision.group);
    if (answer.kind === 'hold' && command.type === 'reserve') this.reservations.push(answer.id);
  }

  private commandOf(one: Exclude<Act, { do: 'wait' }>): Decided {
    const base = { accountId: ACCOUNT, actor: SERVICE, keyed: { key: 'k', scope: 's', input: {} } };
    const reservationId =
      'target' in one
        ? (this.reservations[this.reservations.length - 1 - (one.target % Math.max(1, this.reservations.length))] ??
          this.id())
        : this.id();
    switch (one.do) {
      case 'reserve':
        return {
          ...base,
          type: 'reserve',
          reservationId,
          quote: null,
          operations: one.list.map(([operation, quantity]) => ({ operation, quantity })),
          ttlSeconds: one.spend ? 0 : one.ttlMinutes * 60,
          project: null,
          member: null,
          reference: null,
          spend: one.spend,
        };
      case 'commit': {
        const operations = one.done > 2 ? [{ operation: 'image.short', quantity: one.done }] : null;
        const outcome = one.fails && one.final && operations === null ? 'FAILED' : 'SUCCEEDED';
        const amount = operations === null && outcome === 'SUCCEEDED' ? one.amount : null;
        return {
          ...base,
          type: 'commit',
          reservationId,
          amount,
          operations,
          final: one.final,
          outcome,
          policy: one.isLenient ? 'IF_AVAILABLE' : 'REJECT',
        };
      }
      case 'revoke': {
        const grants = [...this.account.grants.keys()];
        const grantId = grants[one.target % Math.max(1, grants.length)] ?? this.id();
        return { ...base, type: 'revoke', grantId, reason: 'test' };
      }
      case 'plan':
        return { ...base, type: 'change-plan', plan: one.plan, payment: null };
      case 'release':
        return { ...base, type: 'release', reservationId };
      case 'add': {
        const operations = one.list.map(([operation, quantity]) => ({ operation, quantity }));
        return { ...base, type: 'add', reservationId, quote: null, operations };
      }
      case 'extend':
        return { ...base, type: 'extend', reservationId, ttlSeconds: one.ttlMinutes * 60 };
      case 'grant':
        return {
          ...base,
          type: 'grant',
          grantId: this.id(),
          credits: one.credits,
          creditType: one.isScan ? 'SCAN' : 'STANDARD',
          source: one.source,
          expiresAt: one.minutes === null ? null : this.now + one.minutes * MINUTE,
          reason: 'test',
        };
    }
  }

  /** The deltas of all groups so far come to what each reservation's lines hold, have spent and have done. */
  private compareLines(group: Group): void {
    for (const { reservation, line: changed, held, committed, operations } of group.lines) {
      const key = `${reservation.id} ${changed.operation}`;
      const sums = this.lines.get(key) ?? { held: 0, committed: 0, operations: 0 };
      this.lines.set(key, sums);
      sums.held += held;
      sums.committed += committed;
      sums.operations += operations;
    }
    for (const reservation of this.account.reservations.values()) {
      const { id, held, lines } = reservation;
      const open = heldByLine(reservation);
      let heldInAll = 0;
      for (const operation of new Set(lines.map((each) => each.operation))) {
        const mine = lines.filter((each) => each.operation === operation);
        const sums = this.lines.get(`${id} ${operation}`) ?? { held: 0, committed: 0, operations: 0 };
        expect([id, operation, sums]).toEqual([
          id,
          operation,
          {
            held: lines.reduce((sum, each, at) => (each.operation === operation ? sum + (open[at] ?? 0) : sum), 0),
            committed: mine.reduce((sum, { committed }) => sum + committed, 0),
            operations: mine.reduce((sum, { done }) => sum + done, 0),
          },
        ]);
        heldInAll += sums.held;
      }
      expect([id, heldInAll]).toEqual([id, held]);
    }
  }

  /** Takes a group and checks everything that must hold after each. */
  private apply(group: Group): void {
    const before = this.account.head;
    const running = { STANDARD: { ...before.credits.STANDARD }, SCAN: { ...before.credits.SCAN } };
    for (const { kind, creditType, amount, availableAfter, heldAfter } of group.entries) {
      const credits: Record<string, unknown> & Buckets = running[creditType];
      const [from, to] = PATHS[kind];
      const move = (bucket: string, by: number) =>
        Object.assign(credits, { [bucket]: (credits[bucket] as number) + by });
      move(from ?? 'granted', from === null ? amount : -amount);
      move(to, amount);
      expect(amount).toBeGreaterThan(0);
      expect([availableAfter, heldAfter]).toEqual([credits.available, credits.held]);
    }
    applyGroup(this.account, group);
    const { head, grants, reservations } = this.account;
    expect(head.version).toBe(before.version + 1);
    expect(this.model.version).toBe(head.version);
    expect([head.plan, head.nextPlan, head.period.number, head.period.end, head.credits.STANDARD.allowance]).toEqual([
      this.model.plan,
      this.model.nextPlan,
      this.model.period,
      this.model.periodEnd,
      this.model.allowance,
    ]);
    for (const type of CREDIT_TYPES) {
      const credits = head.credits[type];
      for (const bucket of BUCKETS) {
        expect(credits[bucket]).toBe(running[type][bucket]);
        expect(credits[bucket]).toBe(
          [...grants.values()].reduce((sum, grant) => (grant.creditType === type ? sum + grant[bucket] : sum), 0),
        );
      }
      for (const bucket of ['available', 'held', 'spent', 'expired', 'revoked'] as const)
        expect([type, bucket, credits[bucket]]).toEqual([type, bucket, this.model.sum(type, bucket)]);
      const balance = balanceOf(head, type);
      const level = this.model.levels[type].level(this.model.usable(type));
      expect([balance.available, balance.used, balance.promotional, balance.level]).toEqual([
        this.model.usable(type),
        this.model.used[type],
        this.model.given(type),
        level,
      ]);
      expect(credits.levels.map(({ base, firedAt }) => [base, firedAt])).toEqual(
        this.model.levels[type].firedAt.map((firedAt) => [this.model.levels[type].base, firedAt]),
      );
      expect(balance.available).toBe(balance.allowanceLeft + balance.purchased + balance.promotional);
      expect(credits.held).toBe(
        [...reservations.values()].reduce((sum, hold) => (hold.creditType === type ? sum + hold.held : sum), 0),
      );
      expect(isClosed(credits)).toBe(true);
    }
    for (const grant of grants.values()) expect(isClosed(grant)).toBe(true);
    for (const hold of reservations.values()) {
      const mine = this.model.holds.get(hold.id);
      expect([hold.id, hold.status, hold.reserved, hold.held, hold.committed, hold.released, hold.uncollected]).toEqual(
        [hold.id, mine?.status, mine?.reserved, mine?.held, mine?.committed, mine?.released, mine?.uncollected],
      );
      expect(hold.reserved).toBe(hold.held + hold.committed + hold.released);
      expect(hold.lines.reduce((sum, { committed }) => sum + committed, 0)).toBe(hold.committed);
      expect(hold.draws.reduce((sum, { held }) => sum + held, 0)).toBe(hold.held);
      expect(hold.lines.map(({ operation, committed }) => [operation, committed])).toEqual(
        mine?.lines.map(({ operation, committed }) => [operation, committed]),
      );
    }
    this.compareLines(group);
    expect(group.usage.reduce((sum, { credits }) => sum + credits, 0)).toBe(
      group.entries.reduce((sum, { kind, amount }) => (kind === 'COMMIT' ? sum + amount : sum), 0),
    );
    expect(
      group.events
        .map((event) => ({ ...event, ...saidBy(event) }))
        .filter(({ level }) => level !== undefined)
        .map(({ creditType, type, level, threshold }) => `${creditType} ${type} ${level} ${threshold}`),
    ).toEqual(this.model.told);
    expect(head.dueAt).toBeLessThanOrEqual(nextEnd(this.account).at);
    group.events.forEach((event, ordinal) => {
      expect([event.ordinal, event.version, event.at]).toEqual([ordinal, head.version, group.at]);
      expect(event.balance).toEqual(balanceOf(head, event.creditType));
    });
  }
}

/** What the deltas of a reservation's lines of one operation have come to. */
interface LineSums {
  held: number;
  committed: number;
  operations: number;
}

function isClosed(buckets: Buckets): boolean {
  return (
    BUCKETS.every((bucket) => buckets[bucket] >= 0) &&
    buckets.granted === BUCKETS.reduce((sum, bucket) => sum + buckets[bucket], 0)
  );
}

/** @param receipt  what an answer that is no refusal is called */
function textOf(outcome: Outcome, receipt: string | null = null): string {
  if (receipt !== null && (outcome.kind === 'row' || outcome.kind === 'plan')) return receipt;
  if (outcome.kind !== 'refused')
    return outcome.kind === 'row' ? 'grant' : outcome.kind === 'reservation' ? 'hold' : outcome.kind;
  const { refusal } = outcome;
  switch (refusal.kind) {
    case 'InsufficientCredits':
      return `${refusal.kind} ${refusal.needed},${refusal.available},${refusal.held},${refusal.shortfall},${refusal.enoughAfterHoldsAt ?? -1}`;
    case 'CommitExceedsReservation':
      return `${refusal.kind} ${refusal.held},${refusal.requested}`;
    case 'ReservationClosed':
      return `${refusal.kind} ${refusal.reservation.status}`;
    case 'InvalidAmount':
      return `${refusal.kind} ${refusal.field}`;
    case 'OperationNotInPlan':
    case 'OperationUnknown':
      return `${refusal.kind} ${refusal.operation}`;
    default:
      return refusal.kind;
  }
}

function textOfModel(answer: ModelAnswer): string {
  return answer.kind === 'no'
    ? `${answer.why}${answer.figures.length > 0 ? ` ${answer.figures.join()}` : ''}`
    : answer.kind;
}

test('whatever is asked in whatever order, the core decides as the model does, and every sum stays closed', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('FREE' as const, 'PRO' as const, 'ENTERPRISE' as const),
      fc.array(act, { minLength: 1, maxLength: 40 }),
      (plan, acts) => {
        const core = new Core(plan);
        for (const one of acts) core.play(one);
      },
    ),
    { numRuns: Number(process.env['RUNS'] ?? 300) },
  );
}, 120_000);

test('under another plan bought credits wait or wait no more, and levels are judged by what can then be used', () => {
  const core = new Core('PRO');
  core.play({ do: 'grant', credits: 40, isScan: false, source: 'PURCHASE', minutes: null });
  const { account } = core;
  const before = account.head.credits.STANDARD;
  expect([before.available, before.purchased, before.waiting]).toEqual([140, 40, 0]);

  const context = contextAt(
    createDecisionRules(() => catalog),
    true,
    START,
    START,
  );
  const toFree = new GroupDraft(account, context);
  toFree.changePlan('FREE');
  const free = toFree.close('open', 'test', null, {}, { start: true });
  const waiting = free.head.credits.STANDARD;
  expect(free.head.plan).toBe('FREE');
  expect([waiting.available, waiting.purchased, waiting.waiting]).toEqual([140, 0, 40]);
  expect(waiting.levels.map(({ base }) => base)).toEqual([100, 100, 100]);
  // What the draft was given stays as it was.
  expect(account.head.credits.STANDARD).toBe(before);

  applyGroup(account, free);
  const toPro = new GroupDraft(account, context);
  toPro.changePlan('PRO');
  const back = toPro.close('open', 'test', null, {}, { start: true }).head.credits.STANDARD;
  expect([back.available, back.purchased, back.waiting]).toEqual([140, 40, 0]);
  expect(back.levels.map(({ base }) => base)).toEqual([140, 140, 140]);
});
