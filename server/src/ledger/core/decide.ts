import { boundary, periodAt } from '../../accounts/periods.js';
import { ACCOUNT_UNSPENT_CREDITS_MAX, MAX_CREDITS } from '@aibc/shared/amounts';
import { grouped } from '../../kit/grouped.js';
import { newAllowance } from './advance.js';
import { balanceOf } from './balance.js';
import { priorityOf } from './burn-order.js';
import { changedReservation } from './changed-state.js';
import type { Actor, Command, ExtendCommand, GrantCommand, OpenCommand, ReleaseCommand } from './command.js';
import { decideCommit } from './decide-commit.js';
import { decideReserve } from './decide-reserve.js';
import { type Decision, receipt, refuseAmount, refuseClosed } from './decision.js';
import { GroupDraft } from './group-draft.js';
import { releaseHeld } from './release-held.js';
import type { DecisionContext } from './rules.js';
import type { AccountState, CreditState, GrantState, LoadedAccount, ReservationState } from './state.js';

/** No hold outlives this, counted from its opening. */
const HOLD_LIFE_MAX_MS = 7 * 86_400_000;
/** The longest that one call holds. */
const TTL_SECONDS_MAX = 86_400;
/** The furthest that one call moves a test clock, in months of the account's time zone. */
const CLOCK_MONTHS_MAX = 24;
const CLOCK_END = Date.UTC(2200, 0, 1);

/**
 * Decides a command on an account whose due things are closed. Pure: the same state, command and time give the same
 * decision; it changes nothing it was given.
 *
 * @returns the group to write and the answer, or `needsHolds`
 * Source: docs/domain.md
 */
export function decide(
  account: LoadedAccount,
  command: Exclude<Command, OpenCommand>,
  context: DecisionContext,
): Decision {
  switch (command.type) {
    case 'reserve':
      return decideReserve(account, command, context);
    case 'commit':
    case 'release':
    case 'extend': {
      const reservation = account.reservations.get(command.reservationId);
      if (!reservation) return { group: null, outcome: { kind: 'notFound' }, keeps: false };
      if (!isHolder(command.actor, reservation)) return { group: null, outcome: { kind: 'forbidden' }, keeps: false };
      if (command.type === 'commit') return decideCommit(account, command, context);
      if (reservation.status !== 'HELD') return refuseClosed(reservation, command.type);
      return command.type === 'release'
        ? decideRelease(account, command, reservation, context)
        : decideExtend(account, command, reservation, context);
    }
    case 'grant':
      return decideGrant(account, command, context);
    case 'clock':
      return decideClock(account, command.to, context);
    case 'advance':
      return { group: null, outcome: { kind: 'account', account: account.head, now: context.now }, keeps: false };
  }
}

/** Who opened it, a service or an operator. */
function isHolder({ closesAny, name, holder }: Actor, { openedBy }: ReservationState): boolean {
  return closesAny || name === openedBy || holder === openedBy;
}

function decideRelease(
  account: LoadedAccount,
  command: ReleaseCommand,
  reservation: ReservationState,
  context: DecisionContext,
): Decision {
  const draft = new GroupDraft(account, context);
  const released = releaseHeld(draft, reservation, context.now);
  draft.putReservation(
    changedReservation(released, {
      status: 'RELEASED',
      outcome: 'CANCELED',
      version: draft.version,
      closedAt: context.now,
    }),
  );
  return receipt(draft.close('release', command.actor.name, reservation.id));
}

/** Never shortened, and no hold outlives 7 days from its opening. Source: docs/domain.md, Quote, reserve, commit */
function decideExtend(
  account: LoadedAccount,
  command: ExtendCommand,
  reservation: ReservationState,
  context: DecisionContext,
): Decision {
  const expiresAt = context.now + command.ttlSeconds * 1000;
  const last = reservation.createdAt + HOLD_LIFE_MAX_MS;
  const range = {
    min: Math.ceil((reservation.expiresAt - context.now) / 1000),
    max: Math.min(TTL_SECONDS_MAX, Math.floor((last - context.now) / 1000)),
  };
  if (expiresAt < reservation.expiresAt)
    return refuseAmount('ttlSeconds', 'A hold is never shortened: it ends later than that already.', range);
  if (expiresAt > last) return refuseAmount('ttlSeconds', 'No hold outlives 7 days from its opening.', range);
  const draft = new GroupDraft(account, context);
  draft.putReservation(changedReservation(reservation, { expiresAt, version: draft.version }));
  return receipt(draft.close('extend', command.actor.name, reservation.id));
}

function decideGrant(account: LoadedAccount, command: GrantCommand, context: DecisionContext): Decision {
  const { head } = account;
  if (command.expiresAt !== null && command.expiresAt <= context.now)
    return refuseAmount('expiresAt', 'A grant expires later than now, or never.');
  const { STANDARD, SCAN } = head.credits;
  const unspent = STANDARD.available + STANDARD.held + SCAN.available + SCAN.held;
  if (unspent + command.credits > ACCOUNT_UNSPENT_CREDITS_MAX)
    return refuseAmount(
      'credits',
      `An account has at most ${grouped(ACCOUNT_UNSPENT_CREDITS_MAX)} unspent credits; this one has ${grouped(unspent)}.`,
      { max: ACCOUNT_UNSPENT_CREDITS_MAX - unspent },
    );
  const grantedMax = MAX_CREDITS - head.credits[command.creditType].granted;
  if (command.credits > grantedMax)
    return refuseAmount('credits', `An account is granted at most ${grouped(MAX_CREDITS)} credits in all.`, {
      max: grantedMax,
    });
  const draft = new GroupDraft(account, context);
  draft.addGrant({
    id: command.grantId,
    creditType: command.creditType,
    source: command.source,
    priority: priorityOf(command.source),
    granted: 0,
    available: 0,
    held: 0,
    spent: 0,
    expired: 0,
    refunded: 0,
    revoked: 0,
    effectiveAt: context.now,
    expiresAt: command.expiresAt,
    createdAt: context.now,
    periodNumber: null,
    reason: command.reason,
  });
  draft.move('GRANT', command.grantId, command.credits, null);
  draft.tell('GRANT_ADDED', command.creditType, { grantId: command.grantId, credits: command.credits });
  const group = draft.close('grant', command.actor.name, null);
  return {
    group,
    keeps: true,
    outcome: {
      kind: 'granted',
      grant: { ...(group.grants.get(command.grantId) as GrantState), accountId: head.id },
      balance: balanceOf(group.head, command.creditType),
      replayed: false,
    },
  };
}

/** Checks a clock's move; the caller closes what falls due on the way. To where it is: nothing changes. */
function decideClock(account: LoadedAccount, to: number, context: DecisionContext): Decision {
  const { head } = account;
  if (head.clockAt === null) return refuseAmount('accountId', 'A live account has no clock of its own.');
  if (to < context.now) return refuseAmount('to', 'A clock only moves forward.');
  const last = boundary(context.now, CLOCK_MONTHS_MAX, head.timeZone);
  if (to > last)
    return refuseAmount(
      'to',
      `A clock moves at most ${CLOCK_MONTHS_MAX} months a call, counted in the account's time zone (${head.timeZone}): to ${new Date(last).toISOString()} now.`,
    );
  if (to >= CLOCK_END) return refuseAmount('to', 'A clock stays within the years 2000 to 2199.');
  return { group: null, outcome: { kind: 'account', account: head, now: to }, keeps: false };
}

function emptyCredits(levels: CreditState['levels'], allowance: number): CreditState {
  return {
    granted: 0,
    available: 0,
    held: 0,
    spent: 0,
    expired: 0,
    refunded: 0,
    revoked: 0,
    used: 0,
    allowance,
    allowanceLeft: 0,
    purchased: 0,
    promotional: 0,
    waiting: 0,
    levels,
  };
}

/**
 * Births an account inside the period its anchor gives, with that period's allowance and nothing earlier. No events.
 *
 * @returns the empty account and the group that fills it; refused when the anchor is later than the account's own now
 * Source: docs/domain.md, Periods and resets
 */
export function decideOpen(
  command: OpenCommand,
  context: DecisionContext,
): { readonly account: LoadedAccount; readonly decision: Exclude<Decision, 'needsHolds'> } | null {
  const { now, rules } = context;
  const anchorAt = command.billingAnchor ?? now;
  if (anchorAt > now) return null;
  const period = periodAt(anchorAt, 0, now, command.timeZone);
  const base = { plan: command.plan, period };
  const allowance = newAllowance(base, period, context);
  const head: AccountState = {
    ...base,
    id: command.accountId,
    sandbox: command.sandbox,
    timeZone: command.timeZone,
    anchorAt,
    anchorPeriod: 0,
    clockAt: command.sandbox ? now : null,
    version: 0,
    changedAt: now,
    courtesyDay: null,
    courtesyUsed: 0,
    projectsDay: null,
    projectsDayVersion: 0,
    dueAt: period.end,
    credits: {
      STANDARD: emptyCredits(rules.defaultLevels(allowance.credits), allowance.credits),
      SCAN: emptyCredits(rules.defaultLevels(0), 0),
    },
  };
  const account: LoadedAccount = {
    head,
    grants: new Map(),
    reservations: new Map(),
    allHolds: true,
    creditHolds: true,
    before: null,
    writtenDueAt: null,
    keptDigest: 0,
    projects: null,
    closed: 'all',
  };
  const draft = new GroupDraft(account, context);
  if (allowance.credits > 0) {
    draft.addGrant(allowance.grant);
    draft.move('GRANT', allowance.grant.id, allowance.credits, null);
  }
  const group = draft.close('open', command.actor.name, null);
  return { account, decision: { group, outcome: { kind: 'account', account: group.head, now }, keeps: false } };
}
