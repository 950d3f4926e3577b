import type { AuditAction, AuditFacts } from '../../audit/actions.js';
import { dayAt } from '../../accounts/periods.js';
import { type CreditType, type Plan, type PlanCode, readPlan } from '../../catalog/catalog.js';
import { auditsOf, type DoneDeed } from './audits-of.js';
import { shelfOf } from './burn-order.js';
import type { Billing, TopUpOff } from './billing.js';
import type { Cause } from './cause.js';
import { firstEnd } from './first-end.js';
import type { EventType, FactsOf } from './events.js';
import { eventsOf } from './events-of.js';
import { changedAccount, type Changes, copyCredits, copyGrant, type Mutable } from './changed-state.js';
import { crossedLevels, type Told } from './crossed-levels.js';
import type { Group } from './group.js';
import type { GroupChanges } from './group-changes.js';
import { countDone, deltasBetween, type LineDelta, usageOf } from './line-deltas.js';
import { InvariantBroken } from './invariant-broken.js';
import { moveCounters } from './move-counters.js';
import { closePeriod, waitingOf } from './past.js';
import { PATHS } from './paths.js';
import { moveBuckets } from './move-buckets.js';
import { hasTopUps } from './top-up.js';
import { topUpGroup } from './top-up-group.js';
import type { DecisionContext } from './rules.js';
import { touch, untouchedRows } from './owned-rows.js';
import type {
  AccountState,
  CreditState,
  Entry,
  EntryKind,
  GrantState,
  LoadedAccount,
  OwnedRows,
  RowKind,
} from './state.js';

const NONE: readonly never[] = [];
const NO_START = { start: false } as const;

type Shelf = ReturnType<typeof shelfOf>;

/** Collects one entry group. The account that it was given stays as it is; `close` answers the group. */
export class GroupDraft {
  readonly version: number;
  private plan: Plan;
  private readonly touched: Partial<Record<CreditType, Mutable<CreditState>>> = {};
  private readonly entries: Entry[] = [];
  private readonly rows = untouchedRows();
  private newIds: readonly string[] = NONE;
  private readonly told: Told[] = [];
  private deeds: readonly DoneDeed[] = NONE;
  private topUpsEnd: TopUpOff | null = null;
  private shortfall: number | null = null;

  constructor(
    private readonly account: LoadedAccount,
    private readonly context: DecisionContext,
  ) {
    this.version = account.head.version + 1;
    this.plan = readPlan(context.catalog, account.head.plan);
  }

  /** The credits of a type as this draft has them so far, free to change. */
  credits(creditType: CreditType): Mutable<CreditState> {
    return (this.touched[creditType] ??= copyCredits(this.account.head.credits[creditType]));
  }

  grant(grantId: string): GrantState {
    const grant = this.rows.grants.get(grantId) ?? this.account.grants.get(grantId);
    if (!grant) throw new InvariantBroken(this.account.head.id, `grant ${grantId} is not loaded`);
    return grant;
  }

  /** Makes a row. A grant is made with nothing in it; a GRANT movement fills it. */
  create<K extends RowKind>(kind: K, row: OwnedRows[K]): void {
    this.put(kind, row);
    this.newIds = [...this.newIds, row.id];
  }

  /** Changes a row: it is left as it is given here. */
  put<K extends RowKind>(kind: K, row: OwnedRows[K]): void {
    touch(this.rows, kind).set(row.id, row);
  }

  /**
   * Puts the account on another plan. What a paid plan alone may use waits from now on, or waits no more: it changes its shelf, and
   * levels are judged by what can then be used.
   */
  changePlan(code: PlanCode): void {
    const plan = readPlan(this.context.catalog, code);
    const ids = new Set([...this.account.grants.keys(), ...this.rows.grants.keys()]);
    for (const id of ids) {
      const grant = this.grant(id);
      this.reshelve(grant, shelfOf(grant, this.plan), shelfOf(grant, plan));
    }
    this.plan = plan;
  }

  /**
   * Marks a grant: what is free of it waits for a payment or no longer does (`waits`); what holds on it give back is revoked or stays
   * (`recalled`).
   */
  mark(grantId: string, marks: Changes<Pick<GrantState, 'waits' | 'recalled'>>): void {
    const before = this.grant(grantId);
    const grant = copyGrant(before);
    grant.waits = marks.waits ?? grant.waits;
    grant.recalled = marks.recalled ?? grant.recalled;
    this.reshelve(grant, shelfOf(before, this.plan), shelfOf(grant, this.plan));
    this.put('grants', grant);
  }

  private reshelve({ creditType, available }: GrantState, from: Shelf, to: Shelf): void {
    if (from === to || available === 0) return;
    const credits = this.credits(creditType);
    credits[from] -= available;
    credits[to] += available;
  }

  /** Moves a positive amount of one grant from bucket to bucket, and writes the entry. */
  move(kind: EntryKind, grantId: string, amount: number, reservationId: string | null): void {
    if (!(amount > 0)) throw new InvariantBroken(this.account.head.id, `${kind} of ${amount}`);
    const grant = copyGrant(this.grant(grantId));
    const credits = this.credits(grant.creditType);
    if (!moveBuckets(kind, amount, grant, credits, shelfOf(grant, this.plan)))
      throw new InvariantBroken(this.account.head.id, `${PATHS[kind][0]} below zero`);
    this.put('grants', grant);
    this.entries.push({
      kind,
      creditType: grant.creditType,
      amount,
      grantId,
      reservationId,
      availableAfter: credits.available,
      heldAfter: credits.held,
    });
  }

  tell<T extends EventType>(type: T, creditType: CreditType, facts: FactsOf<T>): void {
    this.told.push({ type, creditType, facts });
  }

  /** Has the audit log say what was done; who did it, unless it is said here, and when are the group's. */
  audit<A extends AuditAction>(action: A, facts: AuditFacts<A>, actor?: string): void {
    this.deeds = [...this.deeds, { action, facts, actor } as DoneDeed];
  }

  /** Turns auto top-up off, of every credit type. */
  endTopUps(because: TopUpOff): void {
    this.topUpsEnd = because;
  }

  /** Refuses work for which so many credits are too few. */
  refuse(creditType: CreditType, shortfall: number): void {
    this.credits(creditType);
    this.shortfall = shortfall;
  }

  /**
   * Closes the group: the next version, rules crossed, events with the balance as it now is.
   *
   * @param reservationId  the reservation that it is about
   * @param changes  what the decision changed on the account's head beside its credits
   * @param judged  `start`: a new period or another plan begins, rules are judged by a new base
   */
  close(
    cause: Cause,
    actor: string,
    reservationId: string | null,
    changes: GroupChanges = {},
    judged: { readonly start: boolean } = NO_START,
  ): Group {
    const { head } = this.account;
    const { now } = this.context;
    const paying = changes.billing === undefined ? head.billing : changes.billing;
    const billing = paying === null ? changes.billing : this.topUp(paying, cause, changes);
    const lines = deltasBetween(this.account.reservations, this.rows.reservations);
    if (head.budgets > 0 && lines.length > 0) this.moveCounters(lines);
    const crossed = crossedLevels(head.credits, this.touched, this.context, reservationId, judged);
    const next = changedAccount(head, {
      plan: this.plan.code,
      period: changes.period,
      anchorAt: changes.anchorAt,
      anchorPeriod: changes.anchorPeriod,
      nextPlan: changes.nextPlan,
      billing,
      budgets: changes.budgets,
      noticed: changes.noticed,
      courtesyDay: changes.courtesyDay,
      courtesyUsed: changes.courtesyUsed,
      operations: countDone(head.operations, lines),
      version: this.version,
      changedAt: now,
      dueAt: Math.min(firstEnd(this.rows, head, now), changes.period?.end ?? Infinity),
      credits: this.creditsNow(),
    });
    return {
      head: next,
      at: now,
      cause,
      actor,
      reservationId,
      entries: this.entries,
      rows: this.rows,
      newIds: this.newIds,
      events: eventsOf([...this.told, ...crossed], next),
      audits: auditsOf(this.deeds, head, actor, this.context),
      lines,
      usage: usageOf(lines, () => dayAt(now, head.timeZone)),
      waiting: waitingOf(head, this.touched, this.version),
      closed: changes.period === undefined ? null : closePeriod(head, this.entries, next),
    };
  }

  private creditsNow(): AccountState['credits'] {
    const { STANDARD, SCAN } = this.account.head.credits;
    return { STANDARD: this.touched.STANDARD ?? STANDARD, SCAN: this.touched.SCAN ?? SCAN };
  }

  /** How the account pays after the group's part in auto top-up, which goes into the group. */
  private topUp(billing: Billing, cause: Cause, { period }: GroupChanges): Billing {
    if (!hasTopUps(billing)) return billing;
    const { account, version, plan, touched, topUpsEnd: ends, shortfall } = this;
    const { purchases } = this.rows;
    const { number: periodNumber } = period ?? account.head.period;
    const credits = this.creditsNow();
    const group = { account, cause, version, plan, periodNumber, credits, touched, purchases, ends, shortfall };
    return topUpGroup(this, billing, group, this.context);
  }

  /** What counts in budgets follows the lines. */
  private moveCounters(lines: readonly LineDelta[]): void {
    const moved = moveCounters(this.account, lines, this.context);
    if (moved === null) return;
    for (const { tally, isNew } of moved.tallies)
      if (isNew) this.create('tallies', tally);
      else this.put('tallies', tally);
    this.told.push(...moved.told);
  }
}
