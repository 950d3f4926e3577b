import { type Catalog, type CreditType, type PlanCode, priceListAt, readPlan } from '../catalog/catalog.js';
import { type BilledAnswer } from './test-model-billing.js';
import { type BilledBooks, type ModelRefund, monthsAfter } from './test-model-purchases.js';
import {
  expire,
  giveBack,
  isBought,
  mayUse,
  type ModelGrant,
  type ModelHold,
  type ModelPurchase,
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

const DAY = 86_400_000;
const CREDIT_TYPES: readonly CreditType[] = ['STANDARD', 'SCAN'];

/** What an account owns, its periods and its levels, and what ends by itself. */
export class ModelBooks implements BilledBooks {
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
    protected readonly catalog: Catalog,
    public plan: PlanCode,
    anchor: number,
  ) {
    this.from = { anchor, period: 0 };
  }

  /** Makes fresh books the same as these are now. */
  protected copyTo<T extends ModelBooks>(copy: T): T {
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
  protected moved(now: number, isStart: boolean, change: () => void): void {
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

  protected allow(now: number, grantId: string | null): void {
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

  protected end(due: ModelDue, grantId: string | null): void {
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

  protected nextPeriod(at: number, grantId: string | null): void {
    for (const grant of this.grants.values())
      if (grant.until === this.periodEnd && (grant.source === 'ALLOWANCE' || grant.source === 'UPGRADE')) expire(grant);
    this.period++;
    this.used = { STANDARD: 0, SCAN: 0 };
    if (at !== monthsAfter(this.from.anchor, this.period - this.from.period))
      this.from = { anchor: at, period: this.period };
    this.allow(at, grantId);
  }

  /** FREE to paid: a period of its own from now on. Up: at once, the difference to the most that was granted. Down: at the boundary. */
  protected changePlan(plan: PlanCode, now: number, grantId: string | null): ModelAnswer {
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
}
