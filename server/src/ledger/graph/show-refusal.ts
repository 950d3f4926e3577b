import { formatOwnedId } from '@aibc/shared/ids';
import { isolate } from '../../kit/check-text.js';
import { readPlan } from '../../catalog/catalog.js';
import type { Catalog, PlanCode } from '../../catalog/catalog.js';
import { instance } from '../../kit/instance.js';
import { grouped } from '../../kit/grouped.js';
import { creditsAre, creditsIn } from '../core/credits-text.js';
import type { BudgetRefusal, Refusal } from '../core/outcome.js';
import {
  BudgetExceeded,
  CommitExceedsReservation,
  IdempotencyConflict,
  InsufficientCredits,
  InvalidAmount,
  MixedCreditTypes,
  OperationNotInPlan,
  OperationUnknown,
  QuoteNotValid,
  ReservationClosed,
} from './problem.types.js';
import { PackUnknown, PaymentsUnavailable, PurchaseNotAllowed, RefundNotAllowed } from './payment-problem.types.js';
import type { Problem, QuoteProblem } from './problem.types.js';
import { showReservation } from './show-reservation.js';
import type { RefundProblem } from '../core/refundable.js';
import type { WorkOutcome } from '../core/state.js';

const QUOTE_PROBLEMS: Readonly<Record<QuoteProblem, string>> = {
  EXPIRED: 'This quote does not hold any more: ask for a new one.',
  FORGED: 'This is not the token of a quote of ours: ask for a new one.',
  OTHER_ACCOUNT: 'This quote was made for another account: ask for one for this account.',
  COURTESY_USED: 'This quote promised a courtesy, and those of today are used up: ask for a new one.',
};

const WORK_ENDED: Readonly<Record<WorkOutcome, string>> = {
  SUCCEEDED: 'its work was committed',
  FAILED: 'its work failed',
  BLOCKED: 'its work was blocked',
  CANCELED: 'its work was canceled',
};

/** Why nothing can be done with a reservation any more. */
function whyClosed({ asked, reservation }: Extract<Refusal, { kind: 'ReservationClosed' }>): string {
  switch (reservation.status) {
    case 'COMMITTED':
      return `This reservation was closed before: ${WORK_ENDED[reservation.outcome ?? 'SUCCEEDED']}.`;
    case 'RELEASED':
      return 'This reservation was closed before: it was released.';
    case 'EXPIRED':
      return asked === 'commit'
        ? 'This hold expired more than 24 hours ago: it cannot be committed any more.'
        : 'This hold expired and gave back what it held. A commit still lands up to 24 hours after its end.';
    case 'HELD':
      throw new TypeError('an open reservation refuses nothing as closed');
  }
}

function findPlan(catalog: Catalog, code: PlanCode | null) {
  return code === null ? null : readPlan(catalog, code);
}

/**
 * A refusal as the API shows it: the contract's type, a sentence for a person, and the figures of the first decision.
 *
 * @param history  public id of the history that versions count in
 * Source: docs/domain.md, Saying no
 */
export function showRefusal(catalog: Catalog, history: string, refusal: Refusal, replayed: boolean): Problem {
  switch (refusal.kind) {
    case 'InsufficientCredits':
      return showInsufficient(catalog, history, refusal, replayed);
    case 'OperationNotInPlan': {
      const upgrade = findPlan(catalog, refusal.upgrade);
      const plan = readPlan(catalog, refusal.plan);
      return instance(OperationNotInPlan, {
        message: `The ${plan.name} plan does not include ${refusal.operation}${upgrade === null ? '' : `; ${upgrade.name} does`}.`,
        operation: refusal.operation,
        plan: refusal.plan,
        upgrade,
        replayed,
      });
    }
    case 'OperationUnknown':
      return instance(OperationUnknown, {
        message: `There is no operation ${isolate(refusal.operation)}.`,
        operation: refusal.operation,
      });
    case 'MixedCreditTypes':
      return instance(MixedCreditTypes, {
        message: 'These operations are paid with different kinds of credits: ask for each kind on its own.',
      });
    case 'QuoteNotValid':
      return instance(QuoteNotValid, { message: QUOTE_PROBLEMS[refusal.reason], reason: refusal.reason });
    case 'InvalidAmount':
      return instance(InvalidAmount, {
        message: refusal.message,
        field: refusal.field,
        min: refusal.min ?? null,
        max: refusal.max ?? null,
      });
    case 'IdempotencyConflict':
      return instance(IdempotencyConflict, {
        message: `This idempotency key was used before with other input (${refusal.fields.join(', ')}): take a new key for a new request.`,
        fields: [...refusal.fields],
      });
    case 'ReservationClosed':
      return instance(ReservationClosed, {
        message: whyClosed(refusal),
        reservation: showReservation(catalog, refusal.reservation, history),
      });
    case 'CommitExceedsReservation':
      return instance(CommitExceedsReservation, {
        message: refusal.isLate
          ? `${grouped(refusal.requested)} cannot be committed: the hold has expired, and what it held can still be, ${creditsIn(refusal.held, refusal.creditType)} at most.`
          : `${grouped(refusal.requested)} cannot be committed: ${creditsAre(refusal.held, refusal.creditType)} held.`,
        held: refusal.held,
        requested: refusal.requested,
      });
    case 'BudgetExceeded':
      return showBudgetExceeded(refusal, replayed);
    case 'PackUnknown':
      return instance(PackUnknown, { message: `There is no pack ${isolate(refusal.packId)}.` });
    case 'PurchaseNotAllowed':
      return showNotAllowed(catalog, refusal);
    case 'RefundNotAllowed':
      return showRefundProblem(refusal.reason);
    case 'PaymentMethodMissing':
      throw new TypeError('it is shown with its checkout, by whoever opens that');
    case 'PaymentsUnavailable':
      return instance(PaymentsUnavailable, { message: 'Nothing can be paid here yet: no payment provider is set up.' });
  }
}

/** A budget that denies, as the API shows it. */
export function showBudgetExceeded(refusal: BudgetRefusal, replayed: boolean): BudgetExceeded {
  const { accountId, budgetId, name, creditType, limit, consumed, held, needed, resetsAt, version } = refusal;
  const left = Math.max(0, limit - consumed - held);
  return instance(BudgetExceeded, {
    message: `The budget ${isolate(name)} has ${creditsIn(left, creditType)} left of ${grouped(limit)}, and this needs ${grouped(needed)}${
      resetsAt === null ? '' : `; its next window begins at ${new Date(resetsAt).toISOString()}`
    }.`,
    budgetId: formatOwnedId('budget', { accountId, id: budgetId }),
    limit,
    consumed,
    held,
    needed,
    resetsAt,
    version,
    replayed,
  });
}

/** Why no pack is bought on a plan. */
function showNotAllowed(
  catalog: Catalog,
  refusal: Extract<Refusal, { kind: 'PurchaseNotAllowed' }>,
): PurchaseNotAllowed {
  const upgrade = findPlan(catalog, refusal.upgrade);
  const plan = readPlan(catalog, refusal.plan);
  return instance(PurchaseNotAllowed, {
    message: `On the ${plan.name} plan no packs can be bought${upgrade === null ? '' : `; on ${upgrade.name} they can`}.`,
    plan: refusal.plan,
    upgrade,
  });
}

const REFUND_PROBLEMS: Readonly<Record<RefundProblem, string>> = {
  NOT_PAID: 'This purchase was not paid: there is nothing to refund.',
  WINDOW_PASSED: 'The time in which this pack could be refunded is over.',
  NOTHING_UNUSED:
    'Nothing of this purchase is unused: it was spent, is held by work under way, has expired or was refunded.',
  DISPUTED: 'The payment of this purchase is disputed at the bank: nothing is refunded beside that.',
  WORK_MAY_STILL_LAND:
    'Work whose hold expired may still land and takes what is left. Try again within 24 hours, when that is known.',
};

/** Why a purchase is not refunded, as the API shows it. */
export function showRefundProblem(reason: RefundProblem): RefundNotAllowed {
  return instance(RefundNotAllowed, { message: REFUND_PROBLEMS[reason], reason });
}

function showInsufficient(
  catalog: Catalog,
  history: string,
  refusal: Extract<Refusal, { kind: 'InsufficientCredits' }>,
  replayed: boolean,
): InsufficientCredits {
  const { kind: _, upgrade, holds, needed, available, held, shortfall, creditType, setAside = 0, ...figures } = refusal;
  const kept = setAside === 0 ? '' : `, ${grouped(setAside)} of them set aside for other work`;
  const onHold = held === 0 ? '' : ` while ${grouped(held)} ${held === 1 ? 'is' : 'are'} on hold`;
  return instance(InsufficientCredits, {
    message: `This needs ${creditsIn(needed, creditType)} and ${grouped(available)} ${available === 1 ? 'is' : 'are'} available${kept}${onHold}: ${grouped(shortfall)} too few.`,
    creditType,
    needed,
    available,
    held,
    shortfall,
    setAside,
    nextResetAt: figures.nextResetAt,
    enoughAfterHoldsAt: figures.enoughAfterHoldsAt,
    smallestPack: figures.smallestPack,
    upgrade: findPlan(catalog, upgrade),
    alternatives: [...figures.alternatives],
    holds: holds.map((hold) => showReservation(catalog, hold, history)),
    version: figures.version,
    replayed,
  });
}
