import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { assertCaller } from '../../auth/caller.js';
import type { RequestContext } from '../../auth/request-context.js';
import { badUserInput } from '../../kit/errors.js';
import { grouped } from '../../kit/grouped.js';
import {
  CommitReservationInput,
  CommitReservationResult,
  ExtendReservationInput,
  ExtendReservationResult,
  GrantCreditsInput,
  GrantCreditsResult,
  ReleaseReservationInput,
  ReleaseReservationResult,
  ReserveCreditsInput,
  ReserveCreditsResult,
  SpendCreditsInput,
  SpendCreditsResult,
} from './ledger.types.js';
import type { Shown } from './show-outcome.js';
import {
  commitReservation,
  extendReservation,
  grantCredits,
  releaseReservation,
  reserveCredits,
  spendCredits,
} from './submit-commands.js';
import type { SubmitDeps } from './submit-commands.js';

const INPUTS_MAX = 256;
const HOLDER =
  'FORBIDDEN without `credits:reserve`, or when somebody else opened it and the caller is no service or operator';
const MALFORMED =
  'BAD_USER_INPUT naming what is malformed, NOT_FOUND for an unknown or foreign id, UNAVAILABLE (retry with the same key)';

/** Everything that moves credits. */
@Resolver()
export class LedgerResolver {
  constructor(private readonly deps: SubmitDeps) {}

  @Mutation(() => ReserveCreditsResult, {
    description: `Takes credits out of available before the work, in one atomic step. Errors: ${MALFORMED}, FORBIDDEN without \`credits:reserve\` or for another member.`,
  })
  reserveCredits(
    @Arg('input', () => ReserveCreditsInput) input: ReserveCreditsInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<Shown> {
    return reserveCredits(this.deps, caller, input);
  }

  @Mutation(() => CommitReservationResult, {
    description: `Turns held credits into spent ones. A commit up to 24 hours after the hold expired still lands. Errors: ${MALFORMED}, ${HOLDER}.`,
  })
  commitReservation(
    @Arg('input', () => CommitReservationInput) input: CommitReservationInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<Shown> {
    return commitReservation(this.deps, caller, input);
  }

  @Mutation(() => ReleaseReservationResult, {
    description: `Gives all that is held back. Errors: ${MALFORMED}, ${HOLDER}.`,
  })
  releaseReservation(
    @Arg('input', () => ReleaseReservationInput) input: ReleaseReservationInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<Shown> {
    return releaseReservation(this.deps, caller, input);
  }

  @Mutation(() => ExtendReservationResult, {
    description: `Keeps a hold open for longer; never for less. Errors: ${MALFORMED}, ${HOLDER}.`,
  })
  extendReservation(
    @Arg('input', () => ExtendReservationInput) input: ExtendReservationInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<Shown> {
    return extendReservation(this.deps, caller, input);
  }

  @Mutation(() => [ReserveCreditsResult], {
    nullable: 'items',
    description:
      'At most 256 inputs; a result each, in order. The fast path for servers. An input that cannot be answered (NOT_FOUND, FORBIDDEN, UNAVAILABLE) is null with an error at its index; the others stand. Errors: BAD_USER_INPUT `inputs` for none or more than 256.',
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
    description:
      'As `commitReservation`, for at most 256 inputs; a result each, in order; otherwise like `reserveMany`.',
  })
  commitMany(
    @Arg('inputs', () => [CommitReservationInput]) inputs: CommitReservationInput[],
    @Ctx() { caller }: RequestContext,
  ): Promise<(Shown | Error)[]> {
    assertCaller(caller);
    return answerEach(inputs, (input) => commitReservation(this.deps, caller, input));
  }

  @Mutation(() => SpendCreditsResult, {
    description: `Reserve and commit in one step. Errors: ${MALFORMED}, FORBIDDEN without \`credits:reserve\` or for another member.`,
  })
  spendCredits(
    @Arg('input', () => SpendCreditsInput) input: SpendCreditsInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<Shown> {
    return spendCredits(this.deps, caller, input);
  }

  @Mutation(() => GrantCreditsResult, {
    description: `Operators only: promotional, bonus or correcting credits. Errors: ${MALFORMED}, FORBIDDEN without \`credits:grant\`, which an operator's token has unless its \`scope\` leaves it out or its role is not owner.`,
  })
  grantCredits(
    @Arg('input', () => GrantCreditsInput) input: GrantCreditsInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<Shown> {
    return grantCredits(this.deps, caller, input);
  }
}

/**
 * Answers all inputs at once, so that they share the ledger's batches. One that fails is an error in its place, given as a value, so that the
 * others stand.
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
