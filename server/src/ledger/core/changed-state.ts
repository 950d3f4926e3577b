import type { AccountState, Buckets, CreditState, GrantState, ReservationLine, ReservationState } from './state.js';

/*
 * States made from states, field by field: all of a kind then have one shape, whoever made them. A spread makes a shape
 * of its own wherever it stands, and the engine's inner loops became a sixth slower over them (docs/decisions). A field
 * that is forgotten here does not compile. `ledger/rows` makes the same states from rows, with their fields in the same order.
 */

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
/** What changes; what is left out or undefined stays, null is written as null. */
export type Changes<T> = { readonly [K in keyof T]?: T[K] | undefined };

export type AccountChanges = Changes<Omit<AccountState, 'id' | 'sandbox'>>;

export function changedAccount(head: AccountState, changes: AccountChanges): AccountState {
  return {
    id: head.id,
    sandbox: head.sandbox,
    plan: changes.plan === undefined ? head.plan : changes.plan,
    timeZone: changes.timeZone === undefined ? head.timeZone : changes.timeZone,
    anchorAt: changes.anchorAt === undefined ? head.anchorAt : changes.anchorAt,
    anchorPeriod: changes.anchorPeriod === undefined ? head.anchorPeriod : changes.anchorPeriod,
    period: changes.period === undefined ? head.period : changes.period,
    clockAt: changes.clockAt === undefined ? head.clockAt : changes.clockAt,
    version: changes.version === undefined ? head.version : changes.version,
    changedAt: changes.changedAt === undefined ? head.changedAt : changes.changedAt,
    courtesyDay: changes.courtesyDay === undefined ? head.courtesyDay : changes.courtesyDay,
    courtesyUsed: changes.courtesyUsed === undefined ? head.courtesyUsed : changes.courtesyUsed,
    projectsDay: changes.projectsDay === undefined ? head.projectsDay : changes.projectsDay,
    projectsDayVersion: changes.projectsDayVersion === undefined ? head.projectsDayVersion : changes.projectsDayVersion,
    dueAt: changes.dueAt === undefined ? head.dueAt : changes.dueAt,
    credits: changes.credits === undefined ? head.credits : changes.credits,
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

/** A grant whose credits can be moved. What else it says never changes: a changed row is written without it. */
export type GrantDraft = Omit<GrantState, keyof Buckets> & Mutable<Buckets>;

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
    status: changes.status === undefined ? from.status : changes.status,
    reserved: changes.reserved === undefined ? from.reserved : changes.reserved,
    held: changes.held === undefined ? from.held : changes.held,
    committed: changes.committed === undefined ? from.committed : changes.committed,
    released: changes.released === undefined ? from.released : changes.released,
    uncollected: changes.uncollected === undefined ? from.uncollected : changes.uncollected,
    heldAtExpiry: changes.heldAtExpiry === undefined ? from.heldAtExpiry : changes.heldAtExpiry,
    lines: changes.lines === undefined ? from.lines : changes.lines,
    priceListVersion: from.priceListVersion,
    draws: changes.draws === undefined ? from.draws : changes.draws,
    project: from.project,
    member: from.member,
    reference: from.reference,
    openedBy: from.openedBy,
    outcome: changes.outcome === undefined ? from.outcome : changes.outcome,
    version: changes.version === undefined ? from.version : changes.version,
    createdAt: from.createdAt,
    expiresAt: changes.expiresAt === undefined ? from.expiresAt : changes.expiresAt,
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
  };
}
