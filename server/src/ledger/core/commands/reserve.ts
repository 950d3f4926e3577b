import { changedReservation } from '../changed-state.js';
import { checkWork } from '../check-work.js';
import { missingTallies } from '../missing-tallies.js';
import type { CommandBase, CommandKind, Keyed, OperationLine, PresentedQuote } from '../command.js';
import { type Decision, receipt } from '../decision.js';
import type { NotFound, Refused, ReservationAnswer } from '../outcome.js';
import { fillLines, shareAmount } from '../fill-lines.js';
import { GroupDraft } from '../group-draft.js';
import { holdCredits } from '../hold-credits.js';
import { commitHeld } from '../release-held.js';
import type { DecisionContext } from '../rules.js';
import type { LoadedAccount, ReservationState } from '../state.js';

/** Holds credits for priced operations; `spend` commits them in the same step. */
export interface ReserveCommand extends CommandBase {
  readonly type: 'reserve';
  readonly keyed: Keyed;
  readonly reservationId: string;
  readonly quote: PresentedQuote | null;
  readonly operations: readonly OperationLine[];
  readonly ttlSeconds: number;
  readonly project: string | null;
  readonly member: string | null;
  readonly reference: string | null;
  /** Reserve and commit in one step. */
  readonly spend: boolean;
}

export type ReserveAnswer = ReservationAnswer | Refused | NotFound;

/**
 * Decides and holds in one step: price or quote, plan access, balance, budgets. With `spend` it commits in the same group.
 *
 * The credits come from the account's usable grants in burn order; the reservation remembers how many came from which. A price of 0, a courtesy's
 * too, makes a reservation that holds nothing.
 *
 * @returns the reservation, HELD until `ttlSeconds` from now, or COMMITTED with `spend`; or a refusal: QuoteNotValid, OperationUnknown,
 * MixedCreditTypes, OperationNotInPlan, InsufficientCredits, BudgetExceeded. To name the holds in the way, InsufficientCredits may first need
 * them loaded; budgets need the counters of the work's member
 * Source: docs/domain.md, Quote, reserve, commit; Grants and burn order
 */
function decideReserve(
  account: LoadedAccount,
  command: ReserveCommand,
  context: DecisionContext,
): Decision<ReserveAnswer> {
  const { head } = account;
  const member = command.member ?? command.actor.member;
  const missing = head.budgets === 0 ? null : missingTallies(account, [member]);
  if (missing !== null) return missing;
  const { project } = command;
  const checked = checkWork(account, command, { project, member, hold: null, actor: command.actor.name }, context);
  if (checked.kind !== 'checked') return checked;
  const { assessed, lines, counted } = checked;
  const { pricing, priceListVersion, courtesy, total } = assessed;

  const draft = new GroupDraft(account, context);
  const draws = holdCredits(account, draft, pricing.creditType, total, command.reservationId, context);
  const held: ReservationState = {
    accountId: head.id,
    id: command.reservationId,
    creditType: pricing.creditType,
    status: 'HELD',
    reserved: total,
    held: total,
    committed: 0,
    released: 0,
    uncollected: 0,
    counted,
    heldAtExpiry: null,
    lines,
    priceListVersion,
    draws,
    project,
    member,
    reference: command.reference,
    openedBy: command.actor.holder ?? command.actor.name,
    outcome: null,
    version: draft.version,
    createdAt: context.now,
    expiresAt: context.now + (command.spend ? 0 : command.ttlSeconds * 1000),
    closedAt: null,
  };
  draft.create('reservations', command.spend ? spend(draft, held, context.now) : held);
  const group = draft.close(
    command.spend ? 'spend' : 'reserve',
    command.actor.name,
    command.reservationId,
    courtesy ?? undefined,
  );
  return receipt(group, command.reservationId);
}

function spend(draft: GroupDraft, held: ReservationState, now: number): ReservationState {
  return changedReservation(commitHeld(draft, held, held.held), {
    lines: fillLines(held, shareAmount(held.lines, held.held), true, false),
    status: 'COMMITTED',
    outcome: 'SUCCEEDED',
    closedAt: now,
  });
}

/** Reserving, and spending in one step. */
export const RESERVE: CommandKind<ReserveCommand, ReserveAnswer> = {
  decide: decideReserve,
  cause: 'reserve',
  memberOf: ({ member, actor }) => member ?? actor.member,
};
