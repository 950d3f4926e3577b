import { LINES_MAX } from '@aibc/shared/amounts';
import { changedReservation } from '../changed-state.js';
import { checkWork } from '../check-work.js';
import type { CommandBase, CommandKind, Keyed, OperationLine, PresentedQuote } from '../command.js';
import { type Decision, receipt, refuseAmount, refuseClosed } from '../decision.js';
import { GroupDraft } from '../group-draft.js';
import { holdCredits } from '../hold-credits.js';
import type { DecisionContext } from '../rules.js';
import type { LoadedAccount, ReservationState } from '../state.js';
import { byHolder, type HoldAnswer } from './by-holder.js';

/** Adds priced operations to an open hold. */
export interface AddCommand extends CommandBase {
  readonly type: 'add';
  readonly keyed: Keyed;
  readonly reservationId: string;
  readonly quote: PresentedQuote | null;
  readonly operations: readonly OperationLine[];
}

/**
 * Adds lines to an open hold, by the checks of a reserve: what they cost is drawn in burn order beside what the hold has, on the same hold with
 * the same end. What is there stays as it is, and a refusal changes nothing.
 *
 * The work is of the hold's project and member. Each line keeps the price list that it was priced on.
 *
 * @returns the reservation with the lines behind its own; or a refusal: ReservationClosed, InvalidAmount for more than 100 lines in all, and those
 * of a reserve; MixedCreditTypes also where the lines are paid with other credits than the hold's
 * Source: docs/domain.md, Quote, reserve, commit
 */
function decideAdd(
  account: LoadedAccount,
  reservation: ReservationState,
  command: AddCommand,
  context: DecisionContext,
): Decision<HoldAnswer> {
  if (reservation.status !== 'HELD') return refuseClosed(reservation, 'add');
  const tooMany = refuseTooMany(reservation, command);
  if (tooMany !== null) return tooMany;
  const { project, member } = reservation;
  const { actor } = command;
  const checked = checkWork(account, command, { project, member, hold: reservation, actor: actor.name }, context);
  if (checked.kind !== 'checked') return checked;
  const { lines, counted } = checked;
  const { total } = checked.assessed;
  const draft = new GroupDraft(account, context);
  const { id, creditType, draws } = reservation;
  const added = changedReservation(reservation, {
    reserved: reservation.reserved + total,
    held: reservation.held + total,
    counted,
    lines: [...reservation.lines, ...lines],
    draws: holdCredits(account, draft, creditType, total, id, context, draws),
    version: draft.version,
  });
  draft.put('reservations', added);
  return receipt(draft.close('add', actor.name, id), id);
}

function refuseTooMany({ lines }: ReservationState, { operations, quote }: AddCommand) {
  const asked = quote?.payload?.lines.length ?? operations.length;
  const max = LINES_MAX - lines.length;
  if (asked <= max) return null;
  const field = quote === null ? 'operations' : 'quoteToken';
  return refuseAmount(field, `A reservation has at most ${LINES_MAX} lines, and this one has ${lines.length}.`, {
    min: Math.min(1, max),
    max,
  });
}

/** Adding to a hold. */
export const ADD: CommandKind<AddCommand, HoldAnswer> = {
  decide: byHolder(decideAdd),
  cause: 'add',
  reservationOf: ({ reservationId }) => reservationId,
};
