import type { AccountState, Buckets, CreditState, GrantState, ReservationLine, ReservationState } from './state.js';

/*
 * Changed states are built field by field, so that all states of a kind have one hidden class in V8. Each object spread would make a class of
 * its own, and decisions became a sixth slower (docs/decisions/writer-speed.md). A field
 * that is forgotten here does not compile. `ledger/rows` makes the same states from rows, with their fields in the same order.
 *
 * A field that may be null is compared with undefined, since null is a change; for the others `??` does the same and is faster.
 */

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
/** What changes; what is left out or undefined stays, null is written as null. */
export type Changes<T> = { readonly [K in keyof T]?: T[K] | undefined };

export type AccountChanges = Changes<Omit<AccountState, 'id' | 'sandbox'>>;

export function changedAccount(head: AccountState, changes: AccountChanges): AccountState {
  return {
    id: head.id,
    sandbox: head.sandbox,
    plan: changes.plan ?? head.plan,
    nextPlan: changes.nextPlan === undefined ? head.nextPlan : changes.nextPlan,
    timeZone: changes.timeZone ?? head.timeZone,
    anchorAt: changes.anchorAt ?? head.anchorAt,
    anchorPeriod: changes.anchorPeriod ?? head.anchorPeriod,
    period: changes.period ?? head.period,
    clockAt: changes.clockAt === undefined ? head.clockAt : changes.clockAt,
    version: changes.version ?? head.version,
    changedAt: changes.changedAt ?? head.changedAt,
    courtesyDay: changes.courtesyDay === undefined ? head.courtesyDay : changes.courtesyDay,
    courtesyUsed: changes.courtesyUsed ?? head.courtesyUsed,
    projectsDay: changes.projectsDay === undefined ? head.projectsDay : changes.projectsDay,
    projectsDayVersion: changes.projectsDayVersion ?? head.projectsDayVersion,
    operations: changes.operations ?? head.operations,
    noticed: changes.noticed === undefined ? head.noticed : changes.noticed,
    dueAt: changes.dueAt ?? head.dueAt,
    billing: changes.billing === undefined ? head.billing : changes.billing,
    budgets: changes.budgets ?? head.budgets,
    spending: changes.spending === undefined ? head.spending : changes.spending,
    credits: changes.credits ?? head.credits,
  };
}

export function copyCredits(credits: CreditState): Mutable<CreditState> {
  return {
    granted: credits.granted,
    available: credits.available,
    held: credits.held,
    spent: credits.spent,
    expired: credits.expired,
    refunded: credits.refunded,
    revoked: credits.revoked,
    used: credits.used,
    allowance: credits.allowance,
    allowanceLeft: credits.allowanceLeft,
    purchased: credits.purchased,
    promotional: credits.promotional,
    waiting: credits.waiting,
    levels: credits.levels,
  };
}

/** What may change of a grant beside its credits. */
type GrantMarks = Pick<GrantState, 'waits' | 'recalled'>;
/** A grant that can be changed: its credits and its marks. What else it says never changes: a changed row is written without it. */
export type GrantDraft = Omit<GrantState, keyof Buckets | keyof GrantMarks> & Mutable<Buckets & GrantMarks>;

export function copyGrant(grant: GrantState): GrantDraft {
  return {
    id: grant.id,
    creditType: grant.creditType,
    source: grant.source,
    priority: grant.priority,
    granted: grant.granted,
    available: grant.available,
    held: grant.held,
    spent: grant.spent,
    expired: grant.expired,
    refunded: grant.refunded,
    revoked: grant.revoked,
    effectiveAt: grant.effectiveAt,
    expiresAt: grant.expiresAt,
    createdAt: grant.createdAt,
    periodNumber: grant.periodNumber,
    reason: grant.reason,
    purchaseId: grant.purchaseId,
    waits: grant.waits,
    recalled: grant.recalled,
  };
}

export type ReservationChanges = Changes<
  Omit<
    ReservationState,
    | 'accountId'
    | 'id'
    | 'creditType'
    | 'priceListVersion'
    | 'project'
    | 'member'
    | 'reference'
    | 'openedBy'
    | 'createdAt'
  >
>;

export function changedReservation(from: ReservationState, changes: ReservationChanges): ReservationState {
  return {
    accountId: from.accountId,
    id: from.id,
    creditType: from.creditType,
    status: changes.status ?? from.status,
    reserved: changes.reserved ?? from.reserved,
    held: changes.held ?? from.held,
    committed: changes.committed ?? from.committed,
    released: changes.released ?? from.released,
    uncollected: changes.uncollected ?? from.uncollected,
    counted: changes.counted === undefined ? from.counted : changes.counted,
    heldAtExpiry: changes.heldAtExpiry === undefined ? from.heldAtExpiry : changes.heldAtExpiry,
    lines: changes.lines ?? from.lines,
    priceListVersion: from.priceListVersion,
    draws: changes.draws ?? from.draws,
    project: from.project,
    member: from.member,
    reference: from.reference,
    openedBy: from.openedBy,
    outcome: changes.outcome === undefined ? from.outcome : changes.outcome,
    version: changes.version ?? from.version,
    createdAt: from.createdAt,
    expiresAt: changes.expiresAt ?? from.expiresAt,
    closedAt: changes.closedAt === undefined ? from.closedAt : changes.closedAt,
  };
}

export function changedLine(
  line: ReservationLine,
  { committed, done }: Pick<ReservationLine, 'committed' | 'done'>,
): ReservationLine {
  return {
    operation: line.operation,
    name: line.name,
    feature: line.feature,
    type: line.type,
    quantity: line.quantity,
    unitCredits: line.unitCredits,
    credits: line.credits,
    committed,
    done,
    added: line.added,
  };
}
