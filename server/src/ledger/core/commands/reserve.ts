import { dayAt } from '../../../accounts/periods.js';
import { findPriceList, readPlan } from '../../../catalog/catalog.js';
import {
  findAlternatives,
  priceOperations,
  priceQuotedLines,
  type PricedOperations,
  type PricingResult,
  smallestPackFor,
  upgradeFor,
} from '../../../catalog/price-operations.js';
import { compareAge } from '../advance.js';
import { changedReservation } from '../changed-state.js';
import type { CommandBase, CommandKind, Keyed, OperationLine, PresentedQuote } from '../command.js';
import { type Decision, needs, receipt, refuse } from '../decision.js';
import type { NotFound, Refused, ReservationAnswer } from '../outcome.js';
import { enoughAfterHoldsAt } from '../enough-after-holds.js';
import { fillLines, shareAmount } from '../fill-lines.js';
import { GroupDraft } from '../group-draft.js';
import { holdCredits, usableCredits } from '../hold-credits.js';
import { commitHeld } from '../release-held.js';
import type { DecisionContext } from '../rules.js';
import type { AccountState, LoadedAccount, ReservationState } from '../state.js';

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

interface Priced {
  readonly kind: 'priced';
  readonly pricing: PricedOperations;
  readonly priceListVersion: number;
}

/**
 * Decides and holds in one step: price or quote, plan access, balance. With `spend` it commits in the same group.
 *
 * Refusals: QuoteNotValid, OperationUnknown, MixedCreditTypes, OperationNotInPlan, InsufficientCredits.
 * Source: docs/domain.md, Quote, reserve, commit
 */
function decideReserve(
  account: LoadedAccount,
  command: ReserveCommand,
  context: DecisionContext,
): Decision<ReserveAnswer> {
  const { head } = account;
  const priced = price(account, command, context);
  if (priced.kind !== 'priced') return priced;
  const { pricing, priceListVersion } = priced;
  const available = usableCredits(account, pricing.creditType);
  const quotedTotal = command.quote?.payload?.total ?? pricing.total;
  const courtesy = takeCourtesy(
    head,
    { lines: pricing.lines, total: pricing.total, quotedTotal },
    available,
    context.now,
  );
  const total = courtesy ? 0 : pricing.total;
  // A quote never charges more than it said: the courtesy that it promised is used up.
  if (total > quotedTotal) return refuse({ kind: 'QuoteNotValid', reason: 'COURTESY_USED' });
  if (total > available) return refuseInsufficient(account, pricing, priceListVersion, available, context);

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
    heldAtExpiry: null,
    lines: pricing.lines.map(({ operation, quantity, unitCredits, credits }) => ({
      operation: operation.code,
      name: operation.name,
      feature: operation.feature,
      type: operation.type,
      quantity,
      unitCredits,
      credits: courtesy ? 0 : credits,
      committed: 0,
      done: 0,
    })),
    priceListVersion,
    draws,
    project: command.project,
    member: command.member ?? command.actor.member,
    reference: command.reference,
    openedBy: command.actor.holder ?? command.actor.name,
    outcome: null,
    version: draft.version,
    createdAt: context.now,
    expiresAt: context.now + (command.spend ? 0 : command.ttlSeconds * 1000),
    closedAt: null,
  };
  draft.create('reservations', command.spend ? spend(draft, held, head, context.now) : held);
  const group = draft.close(
    command.spend ? 'spend' : 'reserve',
    command.actor.name,
    command.reservationId,
    courtesy ?? undefined,
  );
  return receipt(group, command.reservationId);
}

function spend(draft: GroupDraft, held: ReservationState, head: AccountState, now: number): ReservationState {
  const filled = fillLines(held, shareAmount(held.lines, held.held), dayAt(now, head.timeZone), true, false);
  draft.use(filled.usage);
  return changedReservation(commitHeld(draft, held, held.held), {
    lines: filled.lines,
    status: 'COMMITTED',
    outcome: 'SUCCEEDED',
    closedAt: now,
  });
}

function price(account: LoadedAccount, command: ReserveCommand, context: DecisionContext): Priced | Decision<Refused> {
  const { catalog, prices: list, now } = context;
  const plan = readPlan(catalog, account.head.plan);
  let priceListVersion = list.version;
  let pricing: PricingResult;
  if (command.quote) {
    const { payload } = command.quote;
    if (!payload) return refuse({ kind: 'QuoteNotValid', reason: 'FORGED' });
    if (payload.accountId !== account.head.id) return refuse({ kind: 'QuoteNotValid', reason: 'OTHER_ACCOUNT' });
    if (now >= payload.expiresAt) return refuse({ kind: 'QuoteNotValid', reason: 'EXPIRED' });
    // A list that this process has not read yet: the token has the prices, today's list the names.
    priceListVersion = payload.priceListVersion;
    pricing = priceQuotedLines(catalog, findPriceList(catalog, priceListVersion) ?? list, plan, payload.lines);
  } else pricing = priceOperations(catalog, list, plan, command.operations);
  return pricing.kind === 'Priced' ? { kind: 'priced', pricing, priceListVersion } : refuse(pricing);
}

/**
 * The courtesy: alone in its request, quantity 1, with too few credits, such an operation passes at 0 so many times an
 * account-day. It counts when it is reserved, once.
 *
 * @returns what changes on the account's head, or null when there is no courtesy
 * Source: docs/domain.md, Catalogue
 */
export function takeCourtesy(
  head: AccountState,
  pricing: Pick<PricedOperations, 'lines' | 'total'> & { readonly quotedTotal?: number },
  available: number,
  now: number,
): { readonly courtesyDay: string; readonly courtesyUsed: number } | null {
  const [line] = pricing.lines;
  if (pricing.lines.length !== 1 || line?.quantity !== 1 || line.operation.courtesyPerDay === 0) return null;
  // A quote that said 0 holds, also where the credits have come since.
  const isQuoted = pricing.total > 0 && pricing.quotedTotal === 0;
  if (pricing.total <= available && !isQuoted) return null;
  const day = dayAt(now, head.timeZone);
  const used = head.courtesyDay === day ? head.courtesyUsed : 0;
  return used < line.operation.courtesyPerDay ? { courtesyDay: day, courtesyUsed: used + 1 } : null;
}

function refuseInsufficient(
  account: LoadedAccount,
  pricing: PricedOperations,
  priceListVersion: number,
  available: number,
  context: DecisionContext,
): Decision<Refused> {
  const { head } = account;
  const { catalog } = context;
  const credits = head.credits[pricing.creditType];
  if (credits.held > 0 && !account.allHolds && !account.creditHolds) return needs({ creditHolds: true });
  const plan = readPlan(catalog, head.plan);
  const list = findPriceList(catalog, priceListVersion) ?? context.prices;
  const shortfall = pricing.total - available;
  const holds = [...account.reservations.values()]
    .filter((hold) => hold.status === 'HELD' && hold.held > 0 && hold.creditType === pricing.creditType)
    .sort((a, b) => a.expiresAt - b.expiresAt || compareAge(a, b));
  return refuse({
    kind: 'InsufficientCredits',
    creditType: pricing.creditType,
    needed: pricing.total,
    available,
    held: credits.held,
    shortfall,
    nextResetAt: head.period.end,
    enoughAfterHoldsAt: enoughAfterHoldsAt(
      [...account.grants.values()].filter((grant) => grant.creditType === pricing.creditType),
      holds,
      pricing.total,
      plan,
      context.now,
    ),
    smallestPack: plan.canPurchase ? smallestPackFor(catalog, pricing.creditType, shortfall) : null,
    upgrade:
      pricing.creditType === 'STANDARD'
        ? (upgradeFor(catalog, plan, credits.allowance, shortfall)?.code ?? null)
        : null,
    alternatives: findAlternatives(list, plan, pricing.lines, pricing.total, available),
    holds: holds.slice(0, HOLDS_SHOWN_MAX),
    version: head.version,
  });
}

/** Reserving, and spending in one step. */
export const RESERVE: CommandKind<ReserveCommand, ReserveAnswer> = { decide: decideReserve, cause: 'reserve' };
