import { findPriceList, readPlan } from '../../../catalog/catalog.js';
import { findAlternatives, offersCovering } from '../../../catalog/price-operations.js';
import { type AssessedWork, assessWork } from '../assess-work.js';
import { compareAge } from '../advance.js';
import { changedReservation } from '../changed-state.js';
import { countLines, UNCOUNTED } from '../count-lines.js';
import { missingTallies } from '../missing-tallies.js';
import type { CommandBase, CommandKind, Keyed, OperationLine, PresentedQuote } from '../command.js';
import { type Decision, needs, receipt, refuse } from '../decision.js';
import type { NotFound, Refused, ReservationAnswer } from '../outcome.js';
import { enoughAfterHoldsAt } from '../enough-after-holds.js';
import { fillLines, shareAmount } from '../fill-lines.js';
import { GroupDraft } from '../group-draft.js';
import { holdCredits } from '../hold-credits.js';
import { refuseShort } from '../refuse-short.js';
import { commitHeld } from '../release-held.js';
import type { DecisionContext } from '../rules.js';
import { keptFor } from '../set-asides.js';
import type { LoadedAccount, ReservationLine, ReservationState } from '../state.js';

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

const HOLDS_SHOWN_MAX = 10;

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
  const assessed = assessWork(
    head,
    command,
    context,
    head.budgets === 0 ? null : keptFor(account, { project: command.project, member }, context.now),
  );
  if (assessed.kind !== 'assessed') return refuse(assessed);
  const { pricing, priceListVersion, courtesy, total, available } = assessed;
  if (total > available) return refuseInsufficient(account, assessed, command.actor.name, context);

  const lines = linesOf(assessed);
  const { creditType } = pricing;
  const allowed =
    head.budgets === 0
      ? UNCOUNTED
      : countLines(account, { creditType, project: command.project, member }, lines, context.now);
  if (allowed.kind !== 'counted') return refuse(allowed);

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
    counted: allowed.counted,
    heldAtExpiry: null,
    lines,
    priceListVersion,
    draws,
    project: command.project,
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

/** The priced lines as a reservation keeps them; a courtesy pays for its line. */
function linesOf({ pricing, courtesy }: AssessedWork): ReservationLine[] {
  return pricing.lines.map(({ operation, quantity, unitCredits, credits }) => ({
    operation: operation.code,
    name: operation.name,
    feature: operation.feature,
    type: operation.type,
    quantity,
    unitCredits,
    credits: courtesy ? 0 : credits,
    committed: 0,
    done: 0,
  }));
}

function spend(draft: GroupDraft, held: ReservationState, now: number): ReservationState {
  return changedReservation(commitHeld(draft, held, held.held), {
    lines: fillLines(held, shareAmount(held.lines, held.held), true, false),
    status: 'COMMITTED',
    outcome: 'SUCCEEDED',
    closedAt: now,
  });
}

function refuseInsufficient(
  account: LoadedAccount,
  { pricing, priceListVersion, available, setAside }: AssessedWork,
  actor: string,
  context: DecisionContext,
): Decision<Refused> {
  const { head } = account;
  const { catalog } = context;
  const credits = head.credits[pricing.creditType];
  if (credits.held > 0 && !account.allHolds && !account.creditHolds) return needs({ creditHolds: true });
  const plan = readPlan(catalog, head.plan);
  const list = findPriceList(catalog, priceListVersion) ?? context.prices;
  const shortfall = pricing.total - available;
  const offers = offersCovering(catalog, plan, pricing.creditType, credits.allowance, shortfall);
  const holds = [...account.reservations.values()]
    .filter((hold) => hold.status === 'HELD' && hold.held > 0 && hold.creditType === pricing.creditType)
    .sort((a, b) => a.expiresAt - b.expiresAt || compareAge(a, b));
  const refusal = {
    kind: 'InsufficientCredits',
    creditType: pricing.creditType,
    needed: pricing.total,
    available: available + setAside,
    setAside,
    held: credits.held,
    shortfall,
    nextResetAt: head.period.end,
    enoughAfterHoldsAt: enoughAfterHoldsAt(
      [...account.grants.values()].filter((grant) => grant.creditType === pricing.creditType),
      holds,
      pricing.total + setAside,
      plan,
      context.now,
    ),
    smallestPack: offers.smallestPack,
    upgrade: offers.upgrade?.code ?? null,
    alternatives: findAlternatives(list, plan, pricing.lines, pricing.total, available),
    holds: holds.slice(0, HOLDS_SHOWN_MAX),
    version: head.version,
  } as const;
  return refuseShort(account, refusal, actor, context);
}

/** Reserving, and spending in one step. */
export const RESERVE: CommandKind<ReserveCommand, ReserveAnswer> = {
  decide: decideReserve,
  cause: 'reserve',
  memberOf: ({ member, actor }) => member ?? actor.member,
};
