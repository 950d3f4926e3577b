import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { assertCaller } from '../../auth/caller.js';
import type { RequestContext } from '../../auth/request-context.js';
import { badUserInput } from '../../kit/errors.js';
import { grouped } from '../../kit/grouped.js';
import { paragraphs } from '../../kit/paragraphs.js';
import { addToReservation } from './add-to-reservation.js';
import { AddToReservationInput, AddToReservationResult } from './add-to-reservation.types.js';
import {
  CommitReservationInput,
  CommitReservationResult,
  ExtendReservationInput,
  ExtendReservationResult,
  GrantCreditsInput,
  GrantCreditsResult,
  type GrantReceipt,
  ReleaseReservationInput,
  ReleaseReservationResult,
  ReserveCreditsInput,
  ReserveCreditsResult,
  RevokeGrantInput,
  RevokeGrantResult,
  SpendCreditsInput,
  SpendCreditsResult,
} from './ledger.types.js';
import { reserveCredits, spendCredits } from './reserve-credits.js';
import type { Problem } from './problem.types.js';
import type { Shown } from './show-outcome.js';
import {
  commitReservation,
  extendReservation,
  grantCredits,
  releaseReservation,
  revokeGrant,
} from './submit-commands.js';
import type { SubmitDeps } from './submit-commands.js';

const INPUTS_MAX = 256;
const MALFORMED =
  'BAD_USER_INPUT naming what is malformed, NOT_FOUND for an unknown or foreign id, UNAVAILABLE (repeat it with the same key)';
const HOLDER =
  'FORBIDDEN without `credits:reserve`, or when somebody else opened it and the caller is no service or operator';
const SPENDER = 'FORBIDDEN without `credits:reserve` or for another member';
const RESERVING =
  'InsufficientCredits, OperationNotInPlan, OperationUnknown, MixedCreditTypes, BudgetExceeded, QuoteNotValid, InvalidAmount, IdempotencyConflict';
const KEYED =
  'Idempotency: the same key with the same input answers the first decision again, refusals too, with `replayed: true`; what it shows of the account is as it is now. With another input it is IdempotencyConflict. A key counts for one account, this mutation, and each user apart (services and operators together). What the input alone shows to be wrong, and errors, keep no key.';
const RULES = 'Rules: docs/domain.md, Quote, reserve, commit; Idempotency.';

/** Everything that moves credits. */
@Resolver()
export class LedgerResolver {
  constructor(private readonly deps: SubmitDeps) {}

  @Mutation(() => ReserveCreditsResult, {
    description: paragraphs(
      "Takes credits out of available before the work, in one atomic step: prices the operations, or takes the prices of a quote; checks plan, balance and budgets; holds the whole price, or nothing. Credits are whole numbers. The hold ends `ttlSeconds` from now on the account's clock, unless it is committed, released or extended before; then what it holds comes back.",
      `Refusals: ${RESERVING}. Errors: ${MALFORMED}, ${SPENDER}.`,
      'Concurrency: what is asked of one account is decided one after the other, so that holds never exceed the balance: of 50 at once of 5 credits on a balance of 100, exactly 20 succeed.',
      KEYED,
      RULES,
    ),
  })
  reserveCredits(
    @Arg('input', () => ReserveCreditsInput) input: ReserveCreditsInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<Shown> {
    return reserveCredits(this.deps, caller, input);
  }

  @Mutation(() => CommitReservationResult, {
    description: paragraphs(
      'Turns held credits into spent ones: an `amount`, or the `operations` that were done at their reserved prices, else all that is held. `final: true` releases the rest and closes the reservation; `final: false` keeps it for the next part. An `outcome` other than SUCCEEDED commits 0 and releases everything. More than held is refused, or under `policy: IF_AVAILABLE` taken from what is available; what is missing is `uncollected`, never a debt.',
      `Refusals: ReservationClosed (it says how it was closed), CommitExceedsReservation, InvalidAmount, IdempotencyConflict. Errors: ${MALFORMED}, ${HOLDER}.`,
      'Concurrency: a reservation is closed once; of a commit, a release and the expiry the first wins. A commit up to 24 hours after the hold expired still lands, once: at most what was held, from what is available then.',
      KEYED,
      RULES,
    ),
  })
  commitReservation(
    @Arg('input', () => CommitReservationInput) input: CommitReservationInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<Shown> {
    return commitReservation(this.deps, caller, input);
  }

  @Mutation(() => ReleaseReservationResult, {
    description: paragraphs(
      'Gives all that is held back and closes the reservation as RELEASED. The credits are available again at once; those of a grant that has ended meanwhile expire.',
      `Refusals: ReservationClosed, IdempotencyConflict. Errors: ${MALFORMED}, ${HOLDER}.`,
      'Concurrency: of a release, a commit and the expiry the first closes it; the others are told which that was.',
      KEYED,
      RULES,
    ),
  })
  releaseReservation(
    @Arg('input', () => ReleaseReservationInput) input: ReleaseReservationInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<Shown> {
    return releaseReservation(this.deps, caller, input);
  }

  @Mutation(() => ExtendReservationResult, {
    description: paragraphs(
      'Keeps a hold open for longer: it then ends `ttlSeconds` from now. Never to an earlier end, nor beyond 7 days from its opening. What it holds stays as it is.',
      `Refusals: ReservationClosed, InvalidAmount \`ttlSeconds\` with the range that is left, IdempotencyConflict. Errors: ${MALFORMED}, ${HOLDER}.`,
      'Concurrency: at its end a hold is expired; an extension that comes later is told so.',
      KEYED,
      RULES,
    ),
  })
  extendReservation(
    @Arg('input', () => ExtendReservationInput) input: ExtendReservationInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<Shown> {
    return extendReservation(this.deps, caller, input);
  }

  @Mutation(() => AddToReservationResult, {
    description: paragraphs(
      'Adds lines to an open hold, for work that turned out larger: priced by a quote or at the list in force, checked and held like a new reservation, on the same hold, with its project, member and end. What it holds stays as it is, and a refusal changes nothing. At most 100 lines in all, of one credit type; no courtesy. Each line keeps the price list that it was priced on.',
      `Refusals: ReservationClosed, ${RESERVING}. Errors: ${MALFORMED}, ${HOLDER}.`,
      'Concurrency: of an addition and what closes the hold the first decides; an addition that comes later is told how it was closed.',
      KEYED,
      RULES,
    ),
  })
  addToReservation(
    @Arg('input', () => AddToReservationInput) input: AddToReservationInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<Shown> {
    return addToReservation(this.deps, caller, input);
  }

  @Mutation(() => [ReserveCreditsResult], {
    nullable: 'items',
    description: paragraphs(
      '`reserveCredits` for 1 to 256 inputs; a result each, in their order. The fast path for servers. Each input is decided for itself: one that is refused undoes no other, and one that cannot be answered (BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, UNAVAILABLE) is null with an error at its index.',
      'Refusals of each input: as of `reserveCredits`. Errors of all: UNAUTHENTICATED, BAD_USER_INPUT `inputs` for none or more than 256.',
      'Concurrency: inputs for one account are decided in their order, as if each had been sent after the one before it; commands of others may come between them.',
      'Idempotency: keys are shared with `reserveCredits`; a key twice in one list: the second is a replay.',
      RULES,
    ),
  })
  reserveMany(
    @Arg('inputs', () => [ReserveCreditsInput]) inputs: ReserveCreditsInput[],
    @Ctx() { caller }: RequestContext,
  ): Promise<(Shown | Error)[]> {
    assertCaller(caller);
    return answerEach(inputs, (input) => reserveCredits(this.deps, caller, input));
  }

  @Mutation(() => [CommitReservationResult], {
    nullable: 'items',
    description: paragraphs(
      '`commitReservation` for 1 to 256 inputs; a result each, in their order. Each input is decided for itself: one that is refused undoes no other, and one that cannot be answered (BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, UNAVAILABLE) is null with an error at its index.',
      'Refusals of each input: as of `commitReservation`. Errors of all: UNAUTHENTICATED, BAD_USER_INPUT `inputs` for none or more than 256.',
      'Concurrency: inputs for one account are decided in their order, as if each had been sent after the one before it; commands of others may come between them.',
      'Idempotency: keys are shared with `commitReservation`; a key twice in one list: the second is a replay.',
      RULES,
    ),
  })
  commitMany(
    @Arg('inputs', () => [CommitReservationInput]) inputs: CommitReservationInput[],
    @Ctx() { caller }: RequestContext,
  ): Promise<(Shown | Error)[]> {
    assertCaller(caller);
    return answerEach(inputs, (input) => commitReservation(this.deps, caller, input));
  }

  @Mutation(() => SpendCreditsResult, {
    description: paragraphs(
      'Reserve and commit in one step, for work that is done at once: the whole price is spent, or nothing. The reservation in the answer is COMMITTED already.',
      `Refusals: ${RESERVING}. Errors: ${MALFORMED}, ${SPENDER}.`,
      'Concurrency: as of `reserveCredits`; what is spent never exceeds the balance.',
      KEYED,
      RULES,
    ),
  })
  spendCredits(
    @Arg('input', () => SpendCreditsInput) input: SpendCreditsInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<Shown> {
    return spendCredits(this.deps, caller, input);
  }

  @Mutation(() => GrantCreditsResult, {
    description: paragraphs(
      'Operators only: promotional, bonus or correcting credits, 1 to 1,000,000,000,000 at once. They are available at once and end at `expiresAt` or never; a GRANT_ADDED event says so.',
      `Refusals: InvalidAmount naming the field (\`credits\` also when the account would own more than 1,000,000,000,000,000 unspent ones), IdempotencyConflict. Errors: ${MALFORMED}, FORBIDDEN without \`credits:grant\`, which an operator's token has unless its \`scope\` leaves it out or its role is not owner.`,
      'Concurrency: the limits hold together with everything else that is asked of the account meanwhile.',
      KEYED,
      'Rules: docs/domain.md, Grants and burn order; Idempotency.',
    ),
  })
  grantCredits(
    @Arg('input', () => GrantCreditsInput) input: GrantCreditsInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<GrantReceipt | Problem> {
    return grantCredits(this.deps, caller, input);
  }

  @Mutation(() => RevokeGrantResult, {
    description: paragraphs(
      'Operators only: takes back what is unheld of a grant, at once. Open holds keep what they hold; what they give back later is taken back then. A grant of which nothing is left to take (revoked before, spent, or ended) is answered as it is, and nothing changes.',
      `Refusals: InvalidAmount \`grantId\` for what a purchase brought, which is refunded, or \`reason\`; IdempotencyConflict. Errors: ${MALFORMED}, FORBIDDEN without \`credits:grant\`.`,
      'Concurrency: of a reserve and a revoke at once the first that is decided has the credits.',
      KEYED,
      'Rules: docs/domain.md, Grants and burn order; Idempotency.',
    ),
  })
  revokeGrant(
    @Arg('input', () => RevokeGrantInput) input: RevokeGrantInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<GrantReceipt | Problem> {
    return revokeGrant(this.deps, caller, input);
  }
}

/**
 * Submits all inputs at once, so that they share the ledger's batches.
 *
 * @returns a result for each input, in their order. An input that fails has an Error as its result, so that GraphQL answers null with an error
 * at its index and the others stand
 * @throws BAD_USER_INPUT `inputs` for none or more than 256
 * Source: docs/domain.md, Idempotency; docs/api.md, Answers
 */
async function answerEach<Input>(
  inputs: readonly Input[],
  answer: (input: Input) => Promise<Shown>,
): Promise<(Shown | Error)[]> {
  if (inputs.length < 1 || inputs.length > INPUTS_MAX)
    throw badUserInput('inputs', `Give 1 to ${INPUTS_MAX} inputs, not ${grouped(inputs.length)}.`);
  return Promise.all(
    inputs.map((input) =>
      answer(input).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error)))),
    ),
  );
}
