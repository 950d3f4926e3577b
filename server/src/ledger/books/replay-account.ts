import { type Catalog, CREDIT_TYPES, type CreditType } from '../../catalog/catalog.js';
import { shelfOf } from '../core/burn-order.js';
import type { BudgetState, TallyState } from '../core/budget.js';
import type { Mutable } from '../core/changed-state.js';
import type { PlanPaymentState } from '../core/plan-payment.js';
import { apply, BUCKETS, emptyBuckets, type MutableBuckets } from './replay-buckets.js';
import { ReplayedAnswers } from './replay-kept.js';
import { hasEntry, type KeptRecord, type PlacedFields } from '../rows/journal-rows.js';
import type { UsageFields } from '../rows/usage-rows.js';
import type { StoredEvent } from '../rows/event-rows.js';
import { ReplayedBudgets } from './replay-budgets.js';
import { ReplayedPurchases } from './replay-purchases.js';
import { ReplayedPlan } from './replay-plan.js';
import { ReplayedSpending } from './replay-spending.js';
import { ReplayedTopUps } from './replay-top-ups.js';
import { ReplayedReservations } from './replay-reservations.js';
import { compareTold } from './replay-told.js';
import { isOpenPurchase, type PurchaseState } from '../core/purchase.js';
import type { SpendingState } from '../core/spending.js';
import type { AccountState, CreditState, GrantState, ReservationState } from '../core/state.js';

const SHELVES = ['allowanceLeft', 'purchased', 'promotional', 'waiting'] as const;

/**
 * One account built up again from its journal alone, and compared with what is kept of it.
 *
 * Feed it the events, then the journal in order and the refusals, then grants, reservations, purchases and usage; `finish` tells what is wrong.
 * Source: docs/domain.md, Amounts
 */
export class ReplayedAccount {
  private readonly problems: string[] = [];
  private readonly grants = new Map<string, MutableBuckets>();
  private readonly credits: Record<CreditType, MutableBuckets & { used: number }> = {
    STANDARD: { ...emptyBuckets(), used: 0 },
    SCAN: { ...emptyBuckets(), used: 0 },
  };
  private readonly shelves: Record<CreditType, Pick<Mutable<CreditState>, (typeof SHELVES)[number]>> = {
    STANDARD: { allowanceLeft: 0, purchased: 0, promotional: 0, waiting: 0 },
    SCAN: { allowanceLeft: 0, purchased: 0, promotional: 0, waiting: 0 },
  };
  private readonly events = new Map<number, StoredEvent[]>();
  private readonly spentByDay = new Map<string, number>();
  private readonly reservations: ReplayedReservations;
  private readonly answers: ReplayedAnswers;
  private readonly purchases: ReplayedPurchases;
  private readonly plan: ReplayedPlan;
  private readonly budgets: ReplayedBudgets;
  private readonly topUps: ReplayedTopUps;
  private readonly spending: ReplayedSpending;
  private group: PlacedFields[] = [];
  private version = 0;
  private feedSeq = 0;
  private seenGrants = 0;
  private allowance = 0;
  private firstEnd: number;

  constructor(
    private readonly head: AccountState,
    private readonly catalog: Catalog,
    private readonly dayOf: (at: number) => string,
    keptDigest: number,
  ) {
    this.firstEnd = head.period.end;
    this.reservations = new ReplayedReservations(catalog, (what) => this.wrong(what));
    this.answers = new ReplayedAnswers(keptDigest, (what) => this.wrong(what));
    this.purchases = new ReplayedPurchases(this.answers.purchases, (what) => this.wrong(what));
    this.plan = new ReplayedPlan(head, (what) => this.wrong(what));
    this.budgets = new ReplayedBudgets(head, (what) => this.wrong(what));
    this.topUps = new ReplayedTopUps(head, (what) => this.wrong(what));
    this.spending = new ReplayedSpending(head, (what) => this.wrong(what));
    if (!catalog.plans.has(head.plan)) this.wrong(`its plan ${head.plan} is not in the catalogue`);
  }

  private wrong(what: string): void {
    this.problems.push(`${this.head.id}: ${what}`);
  }

  private same(what: string, kept: unknown, replayed: unknown): void {
    if (kept !== replayed) this.wrong(`${what} is ${String(kept)}, replayed ${String(replayed)}`);
  }

  compareListing(hasCard: boolean, listedDueAt: number | null): void {
    if (!hasCard) this.wrong('has no row in account');
    if (!this.head.sandbox) this.same('account_due.due_at', listedDueAt, this.head.dueAt);
  }

  tell(event: StoredEvent): void {
    this.plan.tell(event);
    this.spending.tell(event);
    const told = this.events.get(event.version);
    this.same(`event ${event.version}.${event.ordinal}: ordinal`, event.ordinal, told?.length ?? 0);
    if (told) told.push(event);
    else this.events.set(event.version, [event]);
    if (event.feedSeq <= this.feedSeq)
      this.wrong(`event ${event.version}.${event.ordinal} comes before an earlier one in the feed`);
    this.feedSeq = event.feedSeq;
    this.same(`event ${event.version}.${event.ordinal}: sandbox`, event.sandbox, this.head.sandbox);
  }

  add(record: PlacedFields): void {
    if (record.version !== this.version) {
      this.closeGroup();
      this.same('next version', record.version, this.version + 1);
      this.version = record.version;
    }
    this.same(`version ${record.version}: ordinal`, record.ordinal, this.group.length);
    this.group.push(record);
    if (
      (record.cause === 'reset-period' || record.cause === 'begin-plan' || record.cause === 'pay-plan') &&
      record.ordinal === 0
    )
      for (const type of CREDIT_TYPES) this.credits[type].used = 0;
    if (!hasEntry(record)) return;
    const { kind, creditType, amount } = record;
    let grant = this.grants.get(record.grantId);
    if (!grant) this.grants.set(record.grantId, (grant = emptyBuckets()));
    const credits = this.credits[creditType];
    apply(kind, amount, grant);
    apply(kind, amount, credits);
    const place = `entry ${record.version}.${record.ordinal}`;
    for (const bucket of BUCKETS)
      if (grant[bucket] < 0) this.wrong(`${place}: ${bucket} of grant ${record.grantId} falls to ${grant[bucket]}`);
    this.same(`${place}: available after`, record.availableAfter, credits.available);
    this.same(`${place}: held after`, record.heldAfter, credits.held);
    if (kind === 'COMMIT') {
      credits.used += amount;
      this.spending.addCommit(record.version, record.at, creditType, amount);
      const day = `${this.dayOf(record.at)} ${creditType}`;
      this.spentByDay.set(day, (this.spentByDay.get(day) ?? 0) + amount);
    }
  }

  /** An answer that is kept and has no group: a refusal. */
  addRefusal(kept: KeptRecord): void {
    this.answers.addRefusal(kept);
  }

  /** Events of a group say what it did, and the balance it left. */
  private closeGroup(): void {
    const [first] = this.group;
    if (!first) return;
    this.reservations.add(this.group);
    this.answers.addGroup(this.group);
    this.budgets.addGroup(first);
    const told = this.events.get(first.version) ?? [];
    this.plan.addGroup(this.group, told);
    this.topUps.addGroup(this.group, told);
    this.events.delete(first.version);
    compareTold(this.group, told, this.credits, (what) => this.wrong(what));
    this.purchases.addTold(told);
    this.group = [];
  }

  compareGrant(grant: GrantState, isOpen: boolean): void {
    this.finishGroups();
    const replayed = this.grants.get(grant.id);
    this.seenGrants++;
    this.purchases.addGrant(grant);
    if (!replayed) return this.wrong(`grant ${grant.id} has no entries`);
    for (const bucket of BUCKETS) this.same(`grant ${grant.id}: ${bucket}`, grant[bucket], replayed[bucket]);
    this.same(`grant ${grant.id}: is_open`, isOpen, grant.available > 0 || grant.held > 0);
    if (grant.purchaseId === null) this.same(`grant ${grant.id}: recalled`, grant.recalled, this.isRecalled(grant));
    const plan = this.catalog.plans.get(this.head.plan);
    if (plan) this.shelves[grant.creditType][shelfOf(grant, plan)] += grant.available;
    const isOfPlan = grant.source === 'ALLOWANCE' || grant.source === 'UPGRADE';
    if (isOfPlan && grant.periodNumber === this.head.period.number) this.allowance += grant.granted;
    if (grant.available > 0) this.firstEnd = Math.min(this.firstEnd, grant.expiresAt ?? Infinity);
  }

  private isRecalled(grant: GrantState): boolean {
    return this.answers.recalled.has(grant.id) || this.plan.isRecalled(grant);
  }

  compareReservation(reservation: ReservationState): void {
    this.finishGroups();
    this.reservations.compare(reservation);
    this.budgets.addReservation(reservation);
    if (reservation.status === 'HELD') this.firstEnd = Math.min(this.firstEnd, reservation.expiresAt);
  }

  comparePurchase(purchase: PurchaseState): void {
    this.finishGroups();
    this.purchases.compare(purchase, this.version);
    this.topUps.addPurchase(purchase);
    if (isOpenPurchase(purchase)) this.firstEnd = Math.min(this.firstEnd, purchase.endsAt);
  }

  compareBudget(budget: BudgetState): void {
    this.finishGroups();
    this.budgets.addBudget(budget);
  }

  compareTally(tally: TallyState): void {
    this.budgets.addTally(tally);
  }

  compareSpending(spending: SpendingState): void {
    this.spending.compare(spending);
  }

  comparePlanPayment(payment: PlanPaymentState): void {
    this.finishGroups();
    this.plan.addPayment(payment);
  }

  compareUsage(usage: UsageFields): void {
    this.finishGroups();
    const day = `${usage.day} ${usage.creditType}`;
    this.spentByDay.set(day, (this.spentByDay.get(day) ?? 0) - usage.credits);
    this.reservations.compareUsage(usage);
  }

  private finishGroups(): void {
    if (this.group.length > 0) this.closeGroup();
  }

  /** @returns what is wrong */
  finish(): readonly string[] {
    this.finishGroups();
    const { head } = this;
    this.same('version', head.version, this.version);
    this.same('grants with entries', this.seenGrants, this.grants.size);
    for (const creditType of CREDIT_TYPES) {
      const kept = head.credits[creditType];
      const replayed = this.credits[creditType];
      for (const bucket of BUCKETS) this.same(`${creditType}: ${bucket}`, kept[bucket], replayed[bucket]);
      for (const shelf of SHELVES) this.same(`${creditType}: ${shelf}`, kept[shelf], this.shelves[creditType][shelf]);
      this.same(`${creditType}: used`, kept.used, replayed.used);
      this.same(`${creditType}: held by reservations`, kept.held, this.reservations.heldOf(creditType));
    }
    this.same('STANDARD: allowance', head.credits.STANDARD.allowance, this.allowance);
    this.same('SCAN: allowance', head.credits.SCAN.allowance, 0);
    for (const [day, rest] of this.spentByDay)
      if (rest !== 0) this.wrong(`usage of ${day} differs from its commits by ${rest}`);
    for (const version of this.events.keys()) this.wrong(`event of version ${version}, which has no group`);
    if (head.dueAt > this.firstEnd)
      this.wrong(
        `nothing is due before ${new Date(head.dueAt).toISOString()}, but something ends at ${new Date(this.firstEnd).toISOString()}`,
      );
    this.reservations.finish();
    this.answers.finish();
    this.purchases.finish();
    this.plan.finish();
    this.budgets.finish();
    this.topUps.finish();
    this.spending.finish();
    return this.problems;
  }
}
