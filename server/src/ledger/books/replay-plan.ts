import type { PlanCode } from '../../catalog/catalog.js';
import type { OwedRenewal } from '../core/billing.js';
import { saidBy } from '../core/events.js';
import { inputFromText } from '../core/kept-text.js';
import type { PlanPaymentState } from '../core/plan-payment.js';
import { owedRenewal } from '../core/renewal.js';
import type { AccountState, EntryKind, GrantState, Period } from '../core/state.js';
import type { StoredEvent } from '../rows/event-rows.js';
import { hasEntry, type PlacedFields } from '../rows/journal-rows.js';

/** Groups that put an account on another plan at once. */
const AT_ONCE: ReadonlySet<string> = new Set(['change-plan', 'begin-plan']);
/** Groups that put an account on FREE at once, since nobody paid. */
const UNPAID = 'end-plan';
/** The same as the first, by a payment. */
const PAID: ReadonlySet<string> = new Set(['pay-plan', 'pay-upgrade']);
const BEGINS: ReadonlySet<string> = new Set(['begin-plan', 'pay-plan']);

/** The plan of an account and its periods, built up again from what was asked and what was told, and compared with the account. */
export class ReplayedPlan {
  private plan: PlanCode | null = null;
  private nextPlan: PlanCode | null = null;
  private anchorAt: number;
  private anchorPeriod = 0;
  private period: Period | null = null;
  /** Periods that nobody paid, until the provider gave up. */
  private readonly unpaid = new Set<number>();
  private readonly owed: OwedRenewal | null;
  private isOwedKept = false;
  /** Groups that a payment wrote, less the payments that say they were paid. */
  private paid = 0;

  constructor(
    private readonly head: AccountState,
    private readonly wrong: (what: string) => void,
  ) {
    this.anchorAt = head.anchorAt;
    this.owed = owedRenewal(head);
  }

  private same(what: string, kept: unknown, replayed: unknown): void {
    if (kept !== replayed) this.wrong(`${what} is ${String(kept)}, replayed ${String(replayed)}`);
  }

  /** An event, before any group: the first change of the plan says which it was before. */
  tell(event: StoredEvent): void {
    if (event.type === 'PLAN_CHANGED') this.plan ??= saidBy(event).planBefore ?? null;
  }

  addGroup(group: readonly PlacedFields[], told: readonly StoredEvent[]): void {
    const [first] = group;
    if (!first) return;
    const place = `version ${first.version} (${first.cause})`;
    const changes = told.filter(({ type }) => type === 'PLAN_CHANGED').map((event) => saidBy(event));
    const asked = this.askedBy(first);
    const { nextPlan } = this;
    if (AT_ONCE.has(first.cause)) this.same(`${place}: plan that was asked for`, asked, changes[0]?.plan);
    if (first.cause === 'reset-period') this.same(`${place}: plan that takes over`, changes[0]?.plan ?? null, nextPlan);
    const must = PAID.has(first.cause) || first.cause === UNPAID;
    const may = AT_ONCE.has(first.cause) || must || first.cause === 'reset-period';
    if (PAID.has(first.cause) || first.cause === 'renew-plan') this.paid++;
    if (must) this.same(`${place}: PLAN_CHANGED events`, changes.length, 1);
    if (first.cause === UNPAID) {
      this.same(`${place}: plan`, changes[0]?.plan, 'FREE');
      if (this.period !== null) this.unpaid.add(this.period.number);
    }
    if (changes.length > (may ? 1 : 0)) this.wrong(`${place}: PLAN_CHANGED events are ${changes.length}`);
    for (const { plan, planBefore } of changes) {
      this.same(`${place}: plan before`, planBefore, this.plan);
      this.plan = plan ?? null;
    }
    if (first.cause === 'end-subscription') this.nextPlan = 'FREE';
    else if (first.cause === 'schedule-plan') this.nextPlan = asked === (this.plan ?? this.head.plan) ? null : asked;
    else if (may) this.nextPlan = null;
    for (const event of told) if (event.type === 'PERIOD_RESET') this.reset(place, group, event);
  }

  /** The plan in what is kept beside a group's answer. */
  private askedBy({ input }: PlacedFields): PlanCode | null {
    try {
      return input === null ? null : ((inputFromText(input)['plan'] ?? null) as PlanCode | null);
    } catch {
      return null;
    }
  }

  private reset(place: string, group: readonly PlacedFields[], event: StoredEvent): void {
    const { reset } = saidBy(event);
    if (!reset) return this.wrong(`${place}: PERIOD_RESET says nothing`);
    const { number, start, end } = reset.period;
    if (BEGINS.has(group[0]?.cause ?? '')) [this.anchorAt, this.anchorPeriod] = [start, number];
    this.same(`${place}: start of the period`, start, event.at);
    if (this.period !== null) this.same(`${place}: number of the period`, number, this.period.number + 1);
    if (this.period !== null && group[0]?.cause === 'reset-period')
      this.same(`${place}: start of the period`, start, this.period.end);
    this.period = { number, start, end };
    const sum = (kind: EntryKind) =>
      group.filter(hasEntry).reduce((credits, entry) => (entry.kind === kind ? credits + entry.amount : credits), 0);
    this.same(`${place}: credits that began`, reset.granted + reset.rolledOver, sum('GRANT'));
    this.same(`${place}: credits that ended`, reset.forfeited + reset.rolledOver, sum('EXPIRE'));
  }

  /** Whether a grant was taken back, since nobody paid the period whose allowance it was. */
  isRecalled({ source, periodNumber }: GrantState): boolean {
    return source === 'ALLOWANCE' && periodNumber !== null && this.unpaid.has(periodNumber);
  }

  /** A payment for a plan: with each that was paid a plan changed or was renewed. What the account owes is a renewal of its period. */
  addPayment({ id, reason, status, paymentId, periodNumber }: PlanPaymentState): void {
    if (status === 'PAID') this.paid--;
    if (id === this.owed?.planPaymentId) {
      this.isOwedKept = true;
      this.same('what is owed', 'RENEWS', reason);
      this.same('period of what is owed', periodNumber, this.head.period.number);
      this.same('whether what is owed waits', status === 'FAILED', this.owed.waits);
      this.same('status of what is owed', status === 'FAILED' || status === 'PENDING', true);
    }
    this.same(`whether plan payment ${paymentId ?? ''} was made`, status === 'PAID', paymentId !== null);
  }

  finish(): void {
    this.same('plans that payments changed, less those paid', 0, this.paid);
    if (this.owed !== null && !this.isOwedKept) this.wrong(`renewal ${this.owed.planPaymentId} is owed and is gone`);
    const { head, period } = this;
    this.same('plan', head.plan, this.plan ?? head.plan);
    this.same('next plan', head.nextPlan, this.nextPlan);
    this.same('anchor', head.anchorAt, this.anchorAt);
    this.same('period of the anchor', head.anchorPeriod, this.anchorPeriod);
    if (period !== null)
      for (const field of ['number', 'start', 'end'] as const)
        this.same(`${field} of the period`, head.period[field], period[field]);
  }
}
