import { LATE_COMMIT_MS } from '../late-commit.js';
import { isolate } from '../../../kit/check-text.js';
import { changedReservation } from '../changed-state.js';
import { beyondLines, countBeyond } from '../count-lines.js';
import { byHolder, type HoldAnswer } from './by-holder.js';
import type { CommandBase, CommandKind, Keyed, OperationLine } from '../command.js';
import { type Decided, receipt, refuse, refuseAmount, refuseClosed } from '../decision.js';
import { fillLines, type LineShare, priceDone, shareAmount, shareOperations } from '../fill-lines.js';
import { GroupDraft } from '../group-draft.js';
import { holdCredits, usableCredits } from '../hold-credits.js';
import { commitHeld, releaseHeld } from '../release-held.js';
import type { DecisionContext } from '../rules.js';
import { keptForOthers } from '../set-asides.js';
import type { LoadedAccount, ReservationState, WorkOutcome } from '../state.js';

/** Turns (part of) a reservation into spent credits. */
export interface CommitCommand extends CommandBase {
  readonly type: 'commit';
  readonly keyed: Keyed;
  readonly reservationId: string;
  readonly amount: number | null;
  readonly operations: readonly OperationLine[] | null;
  readonly final: boolean;
  readonly outcome: WorkOutcome;
  readonly policy: 'REJECT' | 'IF_AVAILABLE';
}

/** The credits that a commit asks for; a refusal when it names an operation that was not reserved. */
function askedAmount(
  command: CommitCommand,
  reservation: ReservationState,
  held: number,
): number | Decided<HoldAnswer> {
  if (command.outcome !== 'SUCCEEDED') return 0;
  if (!command.operations) return command.amount ?? held;
  const { lines } = reservation;
  for (const [index, { operation }] of command.operations.entries())
    if (!lines.some((line) => line.operation === operation))
      return refuseAmount(`operations[${index}].operation`, `${isolate(operation)} is not in this reservation.`);
  return priceDone(lines, command.operations).reduce((sum, { credits }) => sum + credits, 0);
}

function shares(command: CommitCommand, reservation: ReservationState, credits: number): LineShare[] {
  return command.operations
    ? shareOperations(reservation.lines, command.operations, credits)
    : shareAmount(reservation.lines, credits);
}

/**
 * Turns (part of) a reservation into spent credits.
 *
 * A hold: at most what is held, or more under `IF_AVAILABLE`, then the difference is held first from what is available, not set
 * aside for other work, and left by hard budgets, and the uncovered rest recorded as `uncollected`. So is what operations cost beyond what their lines hold, where a budget leaves
 * no room for it. An expired hold, up to 24 h later, once: at most what it held, from what is
 * available now, always final. Any outcome but SUCCEEDED commits 0 and gives everything back.
 *
 * Refusals: ReservationClosed, CommitExceedsReservation, InvalidAmount.
 * Source: docs/domain.md, Quote, reserve, commit
 */
function decideCommit(
  account: LoadedAccount,
  reservation: ReservationState,
  command: CommitCommand,
  context: DecisionContext,
): Decided<HoldAnswer> {
  if (reservation.status === 'HELD') return commitHold(account, reservation, command, context);
  const isLate = reservation.status === 'EXPIRED' && context.now <= reservation.expiresAt + LATE_COMMIT_MS;
  return isLate ? commitLate(account, reservation, command, context) : refuseClosed(reservation, 'commit');
}

function refuseExcess({ status, creditType }: ReservationState, held: number, requested: number): Decided<HoldAnswer> {
  return refuse({ kind: 'CommitExceedsReservation', held, requested, isLate: status === 'EXPIRED', creditType });
}

function commitHold(
  account: LoadedAccount,
  reservation: ReservationState,
  command: CommitCommand,
  context: DecisionContext,
): Decided<HoldAnswer> {
  const asked = askedAmount(command, reservation, reservation.held);
  if (typeof asked !== 'number') return asked;
  const excess = Math.max(0, asked - reservation.held);
  if (excess > 0 && command.policy === 'REJECT') return refuseExcess(reservation, reservation.held, asked);
  const coverable = Math.min(excess, usableBeyond(account, reservation, command, asked, context.now));
  const asks = shares(command, reservation, asked - excess + coverable);
  const { shares: booked, counted } =
    account.head.budgets === 0
      ? { shares: asks, counted: reservation.counted }
      : countBeyond(account, reservation, asks, context.now);
  const amount = booked === asks ? asked - excess + coverable : booked.reduce((sum, { credits }) => sum + credits, 0);
  const covered = Math.max(0, amount - reservation.held);

  const draft = new GroupDraft(account, context);
  const draws = holdCredits(
    account,
    draft,
    reservation.creditType,
    covered,
    reservation.id,
    context,
    reservation.draws,
  );
  const held =
    covered === 0
      ? reservation
      : changedReservation(reservation, {
          reserved: reservation.reserved + covered,
          held: reservation.held + covered,
          draws,
        });
  let next = commitHeld(draft, held, amount);
  const closes = command.final || command.outcome !== 'SUCCEEDED' || next.held === 0;
  const lines = fillLines(next, booked, closes && command.outcome === 'SUCCEEDED', command.operations !== null);
  if (closes) next = releaseHeld(draft, next, context.now);
  draft.put(
    'reservations',
    changedReservation(next, {
      lines,
      counted,
      uncollected: reservation.uncollected + asked - amount,
      version: draft.version,
      status: closes ? 'COMMITTED' : undefined,
      outcome: closes ? command.outcome : undefined,
      closedAt: closes ? context.now : undefined,
    }),
  );
  return receipt(draft.close('commit', command.actor.name, reservation.id), reservation.id);
}

/** What a commit may take beyond its hold: what is available and not set aside for other work. */
function usableBeyond(
  account: LoadedAccount,
  reservation: ReservationState,
  command: CommitCommand,
  asked: number,
  now: number,
): number {
  const usable = usableCredits(account.head, reservation.creditType);
  if (account.head.budgets === 0 || asked <= reservation.held) return usable;
  const lines = beyondLines(reservation, shares(command, reservation, asked));
  return usable - keptForOthers(account, reservation, lines, now);
}

function commitLate(
  account: LoadedAccount,
  reservation: ReservationState,
  command: CommitCommand,
  context: DecisionContext,
): Decided<HoldAnswer> {
  const heldAtExpiry = reservation.heldAtExpiry ?? 0;
  const asked = askedAmount(command, reservation, heldAtExpiry);
  if (typeof asked !== 'number') return asked;
  if (asked > heldAtExpiry && command.policy === 'REJECT') return refuseExcess(reservation, heldAtExpiry, asked);
  const amount = Math.min(asked, heldAtExpiry, usableCredits(account.head, reservation.creditType));

  const draft = new GroupDraft(account, context);
  const draws = holdCredits(account, draft, reservation.creditType, amount, reservation.id, context, reservation.draws);
  const next = commitHeld(
    draft,
    changedReservation(reservation, { reserved: reservation.reserved + amount, held: amount, draws }),
    amount,
  );
  const lines = fillLines(
    next,
    shares(command, reservation, amount),
    command.outcome === 'SUCCEEDED',
    command.operations !== null,
  );
  draft.put(
    'reservations',
    changedReservation(next, {
      lines,
      status: 'COMMITTED',
      outcome: command.outcome,
      uncollected: reservation.uncollected + asked - amount,
      version: draft.version,
      closedAt: context.now,
    }),
  );
  return receipt(draft.close('commit', command.actor.name, reservation.id), reservation.id);
}

export const COMMIT: CommandKind<CommitCommand, HoldAnswer> = {
  decide: byHolder(decideCommit),
  cause: 'commit',
  reservationOf: ({ reservationId }) => reservationId,
};
