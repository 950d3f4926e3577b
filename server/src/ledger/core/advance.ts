import { boundary } from '../../accounts/periods.js';
import { readPlan } from '../../catalog/catalog.js';
import { beginPeriod, endsWithPeriod, takeOver } from './begin-period.js';
import { changedReservation } from './changed-state.js';
import { nextNotice } from './expiry-notice.js';
import type { Group } from './group.js';
import { GroupDraft } from './group-draft.js';
import { releaseHeld } from './release-held.js';
import { isPastDue, renewed } from './renewal.js';
import { changedPurchase, isOpenPurchase, type PurchaseState } from './purchase.js';
import type { DecisionContext } from './rules.js';
import { SYSTEM } from './system.js';
import type { GrantState, LoadedAccount, Period, ReservationState } from './state.js';

/** Something of an account that ends at an instant, or of whose end a notice comes then. */
export type Due =
  | { readonly kind: 'hold'; readonly at: number; readonly reservation: ReservationState }
  | { readonly kind: 'purchase'; readonly at: number; readonly purchase: PurchaseState }
  | { readonly kind: 'grant'; readonly at: number; readonly grant: GrantState }
  | { readonly kind: 'notice'; readonly at: number; readonly grant: GrantState; readonly days: number }
  | { readonly kind: 'period'; readonly at: number };

const ORDER = { hold: 0, purchase: 1, grant: 2, notice: 3, period: 4 } as const;

/** Negative when `a` is older than `b`: by createdAt, then id. */
export function compareAge(
  a: { readonly createdAt: number; readonly id: string },
  b: { readonly createdAt: number; readonly id: string },
): number {
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : Number(a.id > b.id));
}

/** Whether `a` closes before `b`: what ends sooner; at one instant holds, then purchases, then grants, then expiry notices, then the period; among equals the older. */
function closesBefore(a: Due, b: Due): boolean {
  if (a.at !== b.at) return a.at < b.at;
  if (a.kind === 'hold' && b.kind === 'hold') return compareAge(a.reservation, b.reservation) < 0;
  if (a.kind === 'purchase' && b.kind === 'purchase') return compareAge(a.purchase, b.purchase) < 0;
  if ((a.kind === 'grant' || a.kind === 'notice') && b.kind === a.kind) return compareAge(a.grant, b.grant) < 0;
  return ORDER[a.kind] < ORDER[b.kind];
}

/**
 * Everything of an account that ends, as far as it is loaded: its open holds, its purchases that nobody has paid, its grants with something free, its period.
 *
 * The first of them is exact when the holds that are due and the next one are loaded.
 */
function* ends(account: LoadedAccount): Generator<Due> {
  for (const reservation of account.reservations.values())
    if (reservation.status === 'HELD') yield { kind: 'hold', at: reservation.expiresAt, reservation };
  if (account.purchases.size > 0)
    for (const purchase of account.purchases.values())
      if (isOpenPurchase(purchase)) yield { kind: 'purchase', at: purchase.endsAt, purchase };
  for (const grant of account.grants.values()) {
    if (grant.expiresAt === null || grant.available === 0 || endsWithPeriod(grant, account.head.period)) continue;
    yield { kind: 'grant', at: grant.expiresAt, grant };
    const notice = nextNotice(account.head, grant);
    if (notice !== null) yield { kind: 'notice', at: notice.at, grant, days: notice.days };
  }
  yield { kind: 'period', at: account.head.period.end };
}

/**
 * The next thing that ends. Things that end at one instant close in one order, the same in every process, whatever it has
 * loaded and in which order: holds, purchases never paid, grants, expiry notices, the period; among equals by createdAt, then id.
 *
 * Source: docs/domain.md, Periods and resets
 */
export function nextEnd(account: LoadedAccount): Due {
  let first: Due = { kind: 'period', at: account.head.period.end };
  for (const due of ends(account)) if (closesBefore(due, first)) first = due;
  return first;
}

/**
 * Closes one thing that is due, as an entry group of its own at the instant it ended.
 *
 * Everything due is closed before any command is decided, in time order, so that an answer never depends on whether a
 * worker ran.
 *
 * @param at  of the instant at which it ended
 * Source: docs/domain.md, Periods and resets
 */
export function closeDue(account: LoadedAccount, due: Due, at: DecisionContext): Group {
  switch (due.kind) {
    case 'hold':
      return expireHold(account, due.reservation, at);
    case 'purchase':
      return endPurchase(account, due.purchase, at);
    case 'grant':
      return expireGrant(account, due.grant, at);
    case 'notice':
      return announceExpiry(account, due.grant, due.days, at);
    case 'period':
      return resetPeriod(account, at);
  }
}

function expireHold(account: LoadedAccount, reservation: ReservationState, context: DecisionContext): Group {
  const draft = new GroupDraft(account, context);
  const released = releaseHeld(draft, reservation, context.now);
  draft.put(
    'reservations',
    changedReservation(released, {
      status: 'EXPIRED',
      heldAtExpiry: reservation.held,
      version: draft.version,
      closedAt: context.now,
    }),
  );
  draft.tell('RESERVATION_EXPIRED', reservation.creditType, {
    reservationId: reservation.id,
    credits: reservation.held,
  });
  return draft.close('expire-reservation', SYSTEM, reservation.id);
}

/** Nobody paid in time. The provider is still asked: a payment that was made and not told grants all the same. */
function endPurchase(account: LoadedAccount, purchase: PurchaseState, context: DecisionContext): Group {
  const draft = new GroupDraft(account, context);
  draft.put('purchases', changedPurchase(purchase, { status: 'CANCELED', needsBuyer: false, version: draft.version }));
  return draft.close('end-purchase', SYSTEM, null);
}

function expireGrant(account: LoadedAccount, grant: GrantState, context: DecisionContext): Group {
  const draft = new GroupDraft(account, context);
  draft.move('EXPIRE', grant.id, grant.available, null);
  draft.tell('GRANT_EXPIRED', grant.creditType, { grantId: grant.id, credits: grant.available });
  return draft.close('expire-grant', SYSTEM, null);
}

/** Says that what is free of a grant will end. Nothing moves. */
function announceExpiry(account: LoadedAccount, grant: GrantState, days: number, context: DecisionContext): Group {
  const draft = new GroupDraft(account, context);
  draft.tell('GRANT_EXPIRING', grant.creditType, { grantId: grant.id, credits: grant.available, days });
  const noticed = { at: context.now, createdAt: grant.createdAt, grantId: grant.id };
  return draft.close('announce-expiry', SYSTEM, null, { noticed });
}

/** The period ends and the next begins, with the plan that takes over. */
function resetPeriod(account: LoadedAccount, context: DecisionContext): Group {
  const { head } = account;
  const number = head.period.number + 1;
  const period: Period = {
    number,
    start: head.period.end,
    end: boundary(head.anchorAt, number - head.anchorPeriod + 1, head.timeZone),
  };
  const draft = new GroupDraft(account, context);
  const plan = head.nextPlan ?? head.plan;
  if (head.nextPlan !== null) takeOver(draft, head.plan, plan);
  const begun = readPlan(context.catalog, plan);
  const grantId = beginPeriod(account, draft, period, begun, context, isPastDue(head));
  const billing = renewed(head, draft, { period, plan: begun, grantId }, context);
  return draft.close('reset-period', SYSTEM, null, { period, nextPlan: null, billing }, { start: true });
}
