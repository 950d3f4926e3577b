import { findPriceList, readPlan } from '../../catalog/catalog.js';
import { findAlternatives, offersCovering } from '../../catalog/price-operations.js';
import { compareAge } from './advance.js';
import { type AssessedWork, assessWork } from './assess-work.js';
import type { CountedLine } from './budget.js';
import type { OperationLine, PresentedQuote } from './command.js';
import { countLines, UNCOUNTED } from './count-lines.js';
import { type Decided, type Needing, needs, refuse } from './decision.js';
import { enoughAfterHoldsAt } from './enough-after-holds.js';
import type { Refused } from './outcome.js';
import { refuseShort } from './refuse-short.js';
import type { DecisionContext } from './rules.js';
import { keptFor } from './set-asides.js';
import type { AddedLine, LoadedAccount, ReservationLine, ReservationState } from './state.js';

const HOLDS_SHOWN_MAX = 10;

/** For whom and where work is to be held. */
export interface WorkPlace {
  readonly project: string | null;
  readonly member: string;
  /** The open hold that it is added to; null: it opens one. */
  readonly hold: ReservationState | null;
  /** Who asks, as entries name who acted. */
  readonly actor: string;
}

/** Work that may be held now. */
export interface CheckedWork {
  readonly kind: 'checked';
  readonly assessed: AssessedWork;
  /** As a reservation keeps them. */
  readonly lines: readonly ReservationLine[];
  /** Which counters of budgets lines count in: those of the hold, then these. */
  readonly counted: readonly CountedLine[] | null;
}

/**
 * Prices work and checks plan, set-asides, balance and budgets: the one way to a hold, whether the work opens it or is added to it.
 *
 * What is added has the credit type of its hold, and no courtesy passes.
 *
 * The tallies of the work's member have to be there (`missingTallies`).
 *
 * @returns QuoteNotValid, OperationUnknown, MixedCreditTypes, OperationNotInPlan, InsufficientCredits or BudgetExceeded where it may not be held;
 * to name the holds in the way, InsufficientCredits may first need them loaded
 * Source: docs/domain.md, Quote, reserve, commit
 */
export function checkWork(
  account: LoadedAccount,
  work: { readonly operations: readonly OperationLine[]; readonly quote: PresentedQuote | null },
  place: WorkPlace,
  context: DecisionContext,
): CheckedWork | Decided<Refused> | Needing {
  const { head } = account;
  const { hold, project, member } = place;
  const kept = head.budgets === 0 ? null : keptFor(account, place, context.now);
  const assessed = assessWork(head, work, context, kept, hold === null);
  if (assessed.kind !== 'assessed') return refuse(assessed);
  const { creditType } = assessed.pricing;
  if (hold !== null && hold.creditType !== creditType) return refuse({ kind: 'MixedCreditTypes' });
  if (assessed.total > assessed.available) return refuseInsufficient(account, assessed, place, context);
  const { priceListVersion } = assessed;
  const lines = linesOf(assessed, hold === null ? null : { version: head.version + 1, priceListVersion });
  const allowed =
    head.budgets === 0 && (hold === null || hold.counted === null)
      ? UNCOUNTED
      : countLines(account, { creditType, project, member }, lines, context.now, hold);
  if (allowed.kind !== 'counted') return refuse(allowed);
  return { kind: 'checked', assessed, lines, counted: allowed.counted };
}

/** The priced lines as a reservation keeps them; a courtesy pays for its line. */
function linesOf({ pricing, courtesy }: AssessedWork, added: AddedLine | null): ReservationLine[] {
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
    added,
  }));
}

function refuseInsufficient(
  account: LoadedAccount,
  { pricing, priceListVersion, available, setAside }: AssessedWork,
  { actor, hold: own }: WorkPlace,
  context: DecisionContext,
): Decided<Refused> | Needing {
  const { head } = account;
  const { catalog } = context;
  const credits = head.credits[pricing.creditType];
  if (credits.held > 0 && !account.allHolds && !account.creditHolds) return needs({ creditHolds: true });
  const plan = readPlan(catalog, head.plan);
  const list = findPriceList(catalog, priceListVersion) ?? context.prices;
  const shortfall = pricing.total - available;
  const offers = offersCovering(catalog, plan, pricing.creditType, credits.allowance, shortfall);
  // With its own hold the work would end as well: that one is not in the way.
  const holds = [...account.reservations.values()]
    .filter((hold) => hold.status === 'HELD' && hold.held > 0 && hold.creditType === pricing.creditType)
    .filter((hold) => hold.id !== own?.id)
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
