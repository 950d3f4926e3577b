import { type Catalog, type CreditType, type PlanCode, priceListAt, readPlan } from '../catalog/catalog.js';
import type { Command } from '../ledger/core/commands.js';
import {
  type Billed,
  type BilledAnswer,
  type BilledBooks,
  decideBilled,
  type ModelRefund,
  monthsAfter,
} from './test-model-billing.js';
import {
  bookLines,
  costOfDone,
  enoughAt,
  expire,
  giveBack,
  isBought,
  mayUse,
  type ModelGrant,
  type ModelHold,
  type ModelLine,
  type ModelPurchase,
  putOnHold,
  revoke,
  spend,
} from './test-model-credits.js';
import { firstDue, type ModelDue } from './test-model-due.js';
import { ModelLevels } from './test-model-levels.js';

/*
 * A second, small ledger, written from docs/domain.md alone: one account, no database, no batches, no cleverness. The real one is
 * compared with it.
 */

export type ModelAnswer =
  | { readonly kind: 'hold'; readonly id: string }
  | { readonly kind: 'grant'; readonly id: string }
  | { readonly kind: 'plan' }
  /** `same`: what was asked for is so already, nothing is written. */
  | BilledAnswer;

/** A command that the model decides. */
export type Decided =
  | Extract<Command, { type: 'reserve' | 'add' | 'commit' | 'release' | 'extend' | 'grant' | 'revoke' | 'change-plan' }>
  | Billed;

/** A line before it is held. */
type Priced = ModelLine & { readonly courtesies: number };

const DAY = 86_400_000;
const CREDIT_TYPES: readonly CreditType[] = ['STANDARD', 'SCAN'];

const no = (why: string, ...figures: number[]): ModelAnswer => ({ kind: 'no', why, figures });

export class Model implements BilledBooks {
  grants = new Map<string, ModelGrant>();
  holds = new Map<string, ModelHold>();
  purchases = new Map<string, ModelPurchase>();
  refunds = new Map<string, ModelRefund>();
  used: Record<CreditType, number> = { STANDARD: 0, SCAN: 0 };
  version = 0;
  lastAt = -Infinity;
  period = 0;
  nextPlan: PlanCode | null = null;
  /** Periods are counted from here: the instant and the number of the period that starts then. */
  from: { readonly anchor: number; readonly period: number };
  /** The most that the plan granted in this period. */
  allowance = 0;
  courtesy = { day: -1, used: 0 };
  levels: Record<CreditType, ModelLevels> = { STANDARD: new ModelLevels(0), SCAN: new ModelLevels(0) };
  /** The balance events of this version, as `STANDARD BALANCE_LOW LOW 20`. */
  told: readonly string[] = [];
  tells: string[] = [];

  constructor(
    private readonly catalog: Catalog,
    public plan: PlanCode,
    anchor: number,
  ) {
    this.from = { anchor, period: 0 };
  }

  clone(): Model {
    const copy = new Model(this.catalog, this.plan, this.from.anchor);
    copy.from = this.from;
    copy.nextPlan = this.nextPlan;
    copy.allowance = this.allowance;
    copy.grants = new Map([...this.grants].map(([id, grant]) => [id, { ...grant }]));
    copy.holds = new Map(
      [...this.holds].map(([id, hold]) => [
        id,
        { ...hold, draws: hold.draws.map((draw) => ({ ...draw })), lines: hold.lines.map((line) => ({ ...line })) },
      ]),
    );
    copy.purchases = new Map([...this.purchases].map(([id, purchase]) => [id, { ...purchase }]));
    copy.refunds = new Map([...this.refunds].map(([id, refund]) => [id, { ...refund }]));
    copy.used = { ...this.used };
    copy.version = this.version;
    copy.lastAt = this.lastAt;
    copy.period = this.period;
    copy.courtesy = { ...this.courtesy };
    copy.levels = { STANDARD: this.levels.STANDARD.clone(), SCAN: this.levels.SCAN.clone() };
    copy.told = this.told;
    copy.tells = this.tells;
    return copy;
  }

  get periodEnd(): number {
    return monthsAfter(this.from.anchor, this.period - this.from.period + 1);
  }

  sum(type: CreditType, bucket: 'available' | 'held' | 'spent' | 'expired' | 'refunded' | 'revoked'): number {
    return [...this.grants.values()].reduce((sum, grant) => (grant.type === type ? sum + grant[bucket] : sum), 0);
  }

  /** Left of what operators gave. */
  given(type: CreditType): number {
    return [...this.grants.values()].reduce(
      (sum, grant) =>
        grant.type === type && !isBought(grant) && ['PROMOTION', 'ADJUSTMENT', 'BONUS'].includes(grant.source)
          ? sum + grant.available
          : sum,
      0,
    );
  }

  /** Left of what was bought, as far as it does not wait. */
  bought(type: CreditType): number {
    return [...this.grants.values()].reduce(
      (sum, grant) => (grant.type === type && isBought(grant) && mayUse(this, grant) ? sum + grant.available : sum),
      0,
    );
  }

  usable(type: CreditType): number {
    return [...this.grants.values()].reduce(
      (sum, grant) => (grant.type === type && mayUse(this, grant) ? sum + grant.available : sum),
      0,
    );
  }

  get nextVersion(): number {
    return this.version + 1;
  }

  due(): ModelDue {
    return firstDue(this);
  }

  /** One movement: takes a version; the rules are judged at its end. */
  private moved(now: number, isStart: boolean, change: () => void): void {
    const before = { STANDARD: this.usable('STANDARD'), SCAN: this.usable('SCAN') };
    this.tells = [];
    change();
    this.version++;
    this.lastAt = now;
    this.told = CREDIT_TYPES.flatMap((type) => {
      const costs = [...priceListAt(this.catalog, now, true).operations.values()]
        .filter(({ creditType, credits }) => creditType === type && credits > 0)
        .map(({ credits }) => credits);
      const after = { available: this.usable(type), held: this.sum(type, 'held') };
      const event = this.levels[type].move(before[type], after, Math.min(...costs), isStart);
      return event === null ? [] : [`${type} ${event}`];
    });
  }

  /** Puts the account at its creation into the period of its anchor. `grantId` names the new allowance, if there is one. */
  start(now: number, grantId: string | null): void {
    while (this.periodEnd <= now) this.period++;
    this.moved(now, true, () => this.allow(now, grantId));
  }

  private allow(now: number, grantId: string | null): void {
    const credits = readPlan(this.catalog, this.plan).monthlyCredits;
    this.allowance = credits;
    const [id, until] = [grantId ?? '', this.periodEnd];
    if (credits > 0) this.give({ id, type: 'STANDARD', source: 'ALLOWANCE', from: now, until, available: credits });
  }

  give(
    grant: Omit<
      ModelGrant,
      'held' | 'spent' | 'expired' | 'refunded' | 'revoked' | 'recalled' | 'purchase' | 'told'
    > & {
      readonly purchase?: string;
    },
  ): void {
    const nothing = { held: 0, spent: 0, expired: 0, refunded: 0, revoked: 0, recalled: false, told: [] };
    this.grants.set(grant.id, { ...grant, purchase: grant.purchase ?? null, ...nothing });
  }

  close(due: ModelDue, grantId: string | null): void {
    this.moved(due.at, due.kind === 'reset-period', () => this.end(due, grantId));
  }

  private end(due: ModelDue, grantId: string | null): void {
    if (due.kind === 'end-purchase') {
      const purchase = this.purchases.get(due.id ?? '') as ModelPurchase;
      Object.assign(purchase, { status: 'CANCELED', needsBuyer: false, version: this.nextVersion });
      return;
    }
    if (due.kind === 'expire-grant') return expire(this.grants.get(due.id ?? '') as ModelGrant);
    if (due.kind === 'announce-expiry') {
      const grant = this.grants.get(due.id ?? '') as ModelGrant;
      grant.told = [...grant.told, Math.round((grant.until - due.at) / DAY)];
      return;
    }
    if (due.kind === 'expire-reservation') {
      const hold = this.holds.get(due.id ?? '') as ModelHold;
      hold.heldAtExpiry = hold.held;
      giveBack(this, hold, due.at);
      hold.status = 'EXPIRED';
      return;
    }
    this.plan = this.nextPlan ?? this.plan;
    this.nextPlan = null;
    this.nextPeriod(due.at, grantId);
  }

  private nextPeriod(at: number, grantId: string | null): void {
    for (const grant of this.grants.values())
      if (grant.until === this.periodEnd && (grant.source === 'ALLOWANCE' || grant.source === 'UPGRADE')) expire(grant);
    this.period++;
    this.used = { STANDARD: 0, SCAN: 0 };
    if (at !== monthsAfter(this.from.anchor, this.period - this.from.period))
      this.from = { anchor: at, period: this.period };
    this.allow(at, grantId);
  }

  /** FREE to paid: a period of its own from now on. Up: at once, the difference to the most that was granted. Down: at the boundary. */
  private changePlan(plan: PlanCode, now: number, grantId: string | null): ModelAnswer {
    if (plan === (this.nextPlan ?? this.plan)) return { kind: 'same' };
    if (plan === this.plan) this.nextPlan = null;
    else if (this.plan === 'FREE') {
      this.plan = plan;
      this.nextPeriod(now, grantId);
    } else if (plan === 'ENTERPRISE') {
      [this.plan, this.nextPlan] = [plan, null];
      const available = Math.max(0, 500 - this.allowance);
      this.allowance += available;
      if (available > 0)
        this.give({
          id: grantId ?? '',
          type: 'STANDARD',
          source: 'UPGRADE',
          from: now,
          until: this.periodEnd,
          available,
        });
    } else this.nextPlan = plan;
    return { kind: 'plan' };
  }

  /** Decides a command at an instant at which nothing is due. A refusal and `same` change nothing; anything else takes a version. */
  decide(command: Decided, now: number, grantId: string | null = null): ModelAnswer {
    let answer: ModelAnswer = no('undecided');
    const tried = this.clone();
    // Another plan in force is a start, one that is only scheduled is none.
    const isStart = command.type === 'change-plan' && command.plan !== this.plan && this.startsWith(command.plan);
    tried.moved(now, isStart, () => (answer = tried.change(command, now, grantId)));
    if (answer.kind !== 'no' && answer.kind !== 'same') Object.assign(this, tried);
    return answer;
  }

  private startsWith(plan: PlanCode): boolean {
    return this.plan === 'FREE' || plan === 'ENTERPRISE';
  }

  private change(command: Decided, now: number, grantId: string | null): ModelAnswer {
    if (command.type === 'change-plan') return this.changePlan(command.plan, now, grantId);
    if (command.type === 'grant') {
      if (command.expiresAt !== null && command.expiresAt <= now) return no('InvalidAmount expiresAt');
      const { grantId: id, creditType: type, source, credits: available } = command;
      this.give({ id, type, source, from: now, until: command.expiresAt ?? Infinity, available });
      return { kind: 'grant', id };
    }
    if (command.type === 'revoke') {
      const grant = this.grants.get(command.grantId);
      if (!grant) return no('notFound');
      if (isBought(grant)) return no('InvalidAmount grantId');
      return revoke(grant) ? { kind: 'grant', id: grant.id } : { kind: 'same' };
    }
    if (command.type === 'reserve') return this.reserve(command, now);
    if (!('reservationId' in command)) return decideBilled(this, this.catalog, command, now);
    const hold = this.holds.get(command.reservationId);
    if (!hold) return no('notFound');
    if (!command.actor.closesAny && command.actor.name !== hold.by) return no('forbidden');
    const closed = no(`ReservationClosed ${hold.status}`);
    if (command.type === 'commit') return this.commit(command, hold, now) ?? closed;
    if (hold.status !== 'HELD') return closed;
    if (command.type === 'add') return this.add(command, hold, now);
    if (command.type === 'release') {
      giveBack(this, hold, now);
      hold.status = 'RELEASED';
    } else {
      const until = now + command.ttlSeconds * 1000;
      if (until < hold.until || until > hold.from + 7 * DAY) return no('InvalidAmount ttlSeconds');
      hold.until = until;
    }
    return { kind: 'hold', id: hold.id };
  }

  /** What work costs at the list of now, where the plan lets it be done. */
  private price(
    operations: readonly { readonly operation: string; readonly quantity: number }[],
    now: number,
  ):
    | ModelAnswer
    | { readonly kind: 'priced'; readonly type: CreditType; readonly lines: Priced[]; readonly total: number } {
    const list = priceListAt(this.catalog, now, true).operations;
    const plan = readPlan(this.catalog, this.plan);
    const priced = operations.map((line) => ({ ...line, is: list.get(line.operation) }));
    const unknown = priced.find(({ is }) => !is);
    if (unknown) return no(`OperationUnknown ${unknown.operation}`);
    const type = priced[0]?.is?.creditType as CreditType;
    if (priced.some(({ is }) => is?.creditType !== type)) return no('MixedCreditTypes');
    const refused = priced.find(
      ({ is }) =>
        (is?.requires === 'PRODUCTION_ROOM' && !plan.productionRoom) ||
        (is?.requires === 'DEEP_SCANS' && !plan.deepScans),
    );
    if (refused) return no(`OperationNotInPlan ${refused.operation}`);
    const lines = priced.map(({ operation, quantity, is }) => {
      const { credits: unit = 0, courtesyPerDay: courtesies = 0 } = is ?? {};
      return { operation, quantity, unit, courtesies, committed: 0, done: 0 };
    });
    return { kind: 'priced', type, lines, total: lines.reduce((sum, { quantity, unit }) => sum + quantity * unit, 0) };
  }

  private tooLittle(type: CreditType, total: number, own: ModelHold | null = null): ModelAnswer {
    const available = this.usable(type);
    const enough = enoughAt(this, type, total, own);
    return no('InsufficientCredits', total, available, this.sum(type, 'held'), total - available, enough);
  }

  private reserve(command: Extract<Command, { type: 'reserve' }>, now: number): ModelAnswer {
    const priced = this.price(command.operations, now);
    if (priced.kind !== 'priced') return priced;
    const { type } = priced;
    let { total, lines } = priced;
    if (total > this.usable(type)) {
      const [line] = lines;
      const day = Math.floor(now / DAY);
      const used = this.courtesy.day === day ? this.courtesy.used : 0;
      const isCourtesy = lines.length === 1 && line?.quantity === 1 && used < line.courtesies;
      if (!isCourtesy) return this.tooLittle(type, total);
      this.courtesy = { day, used: used + 1 };
      total = 0;
      lines = lines.map((one) => ({ ...one, unit: 0 }));
    }
    const hold: ModelHold = {
      id: command.reservationId,
      type,
      by: command.actor.name,
      from: now,
      lines,
      status: 'HELD',
      until: now + command.ttlSeconds * 1000,
      reserved: 0,
      held: 0,
      committed: 0,
      released: 0,
      uncollected: 0,
      heldAtExpiry: 0,
      draws: [],
    };
    putOnHold(this, hold, total);
    this.holds.set(hold.id, hold);
    if (command.spend) {
      spend(this, hold, total);
      bookLines(hold, total, null);
      hold.status = 'COMMITTED';
    }
    return { kind: 'hold', id: hold.id };
  }

  /** More lines for an open hold, of its own credits and without a courtesy. */
  private add(command: Extract<Command, { type: 'add' }>, hold: ModelHold, now: number): ModelAnswer {
    if (hold.lines.length + command.operations.length > 100) return no('InvalidAmount operations');
    const priced = this.price(command.operations, now);
    if (priced.kind !== 'priced') return priced;
    if (priced.type !== hold.type) return no('MixedCreditTypes');
    if (priced.total > this.usable(hold.type)) return this.tooLittle(hold.type, priced.total, hold);
    putOnHold(this, hold, priced.total);
    hold.lines = [...hold.lines, ...priced.lines];
    return { kind: 'hold', id: hold.id };
  }

  /** @returns undefined when the hold is closed */
  private commit(command: Extract<Command, { type: 'commit' }>, hold: ModelHold, now: number): ModelAnswer | undefined {
    const isLate = hold.status === 'EXPIRED' && now <= hold.until + DAY;
    if (hold.status !== 'HELD' && !isLate) return undefined;
    const most = isLate ? hold.heldAtExpiry : hold.held;
    let asked = command.amount ?? most;
    if (command.operations) {
      const foreign = command.operations.findIndex(
        ({ operation }) => !hold.lines.some((line) => line.operation === operation),
      );
      if (foreign >= 0) return no(`InvalidAmount operations[${foreign}].operation`);
      asked = costOfDone(hold, command.operations);
    }
    if (command.outcome !== 'SUCCEEDED') asked = 0;
    if (asked > most && command.policy === 'REJECT') return no('CommitExceedsReservation', most, asked);
    const free = this.usable(hold.type);
    const extra = isLate ? Math.min(asked, most, free) : Math.min(Math.max(0, asked - most), free);
    const amount = isLate ? extra : Math.min(asked, most) + extra;
    putOnHold(this, hold, extra);
    spend(this, hold, amount);
    if (command.outcome === 'SUCCEEDED') bookLines(hold, amount, command.operations);
    hold.uncollected += asked - amount;
    if (isLate || command.final || command.outcome !== 'SUCCEEDED' || hold.held === 0) {
      giveBack(this, hold, now);
      hold.status = 'COMMITTED';
    }
    return { kind: 'hold', id: hold.id };
  }
}
