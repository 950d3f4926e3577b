import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { CreditType } from '../../catalog/catalog.js';
import { CreditTypeEnum } from '../../catalog/catalog.types.js';
import { Credits, DateTime } from '../../kit/scalars.js';
import { Balance, Grant, GrantSourceEnum } from './balance.types.js';
import type { CommitCommand } from '../core/commands/commit.js';
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
import { OperationInput } from './quote.types.js';
import { CommitPolicyEnum, ReservationReceipt, WorkOutcomeEnum } from './reservation.types.js';
import type { GrantSource, WorkOutcome } from '../core/state.js';

export const KEY =
  '1 to 255 visible ASCII characters. The same key with the same input answers what was decided first; kept at least 30 days.';
const MEMBER = 'On whose behalf; service keys only, else the caller.';

@InputType({ description: 'What to hold credits for.' })
export class ReserveCreditsInput {
  @Field(() => ID, { description: 'Whose credits.' })
  accountId!: string;

  @Field(() => String, { description: KEY })
  idempotencyKey!: string;

  @Field(() => String, { nullable: true, description: "Either a quote's token, or operations at today's price." })
  quoteToken?: string | null;

  @Field(() => [OperationInput], { nullable: true, description: '1 to 100 lines, all of one credit type.' })
  operations?: OperationInput[] | null;

  @Field(() => Int, { defaultValue: 900, description: '1 to 86400.' })
  ttlSeconds!: number;

  @Field(() => String, { nullable: true, description: 'What usage is booked to, at most 200 characters.' })
  project?: string | null;

  @Field(() => ID, { nullable: true, description: MEMBER })
  member?: string | null;

  @Field(() => String, { nullable: true, description: "The caller's own note, at most 200 characters." })
  reference?: string | null;
}

@InputType({ description: 'What was done of a reservation.' })
export class CommitReservationInput {
  @Field(() => ID, { description: 'Which reservation.' })
  reservationId!: string;

  @Field(() => String, { description: KEY })
  idempotencyKey!: string;

  @Field(() => Credits, {
    nullable: true,
    description: 'Default: all that is held, or was when it expired. Not together with operations.',
  })
  amount?: number | null;

  @Field(() => [OperationInput], {
    nullable: true,
    description: 'What was done, at the reserved unit prices; the amount is their sum.',
  })
  operations?: OperationInput[] | null;

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'True releases the rest; false keeps it for the next part of a batch.',
  })
  final!: boolean;

  @Field(() => WorkOutcomeEnum, {
    defaultValue: 'SUCCEEDED',
    description: 'Any but SUCCEEDED commits 0 and returns what is held.',
  })
  outcome!: WorkOutcome;

  @Field(() => CommitPolicyEnum, { defaultValue: 'REJECT', description: 'What to do when more was used than is held.' })
  policy!: CommitCommand['policy'];
}

@InputType({ description: 'Which reservation to give back.' })
export class ReleaseReservationInput {
  @Field(() => ID, { description: 'Which reservation.' })
  reservationId!: string;

  @Field(() => String, { description: KEY })
  idempotencyKey!: string;
}

@InputType({ description: 'How long a reservation is to stay open.' })
export class ExtendReservationInput {
  @Field(() => ID, { description: 'Which reservation.' })
  reservationId!: string;

  @Field(() => String, { description: KEY })
  idempotencyKey!: string;

  @Field(() => Int, {
    description: 'From now, 1 to 86400. Never shortens; no reservation outlives 7 days from its opening.',
  })
  ttlSeconds!: number;
}

@InputType({ description: 'What to spend credits on.' })
export class SpendCreditsInput {
  @Field(() => ID, { description: 'Whose credits.' })
  accountId!: string;

  @Field(() => String, { description: KEY })
  idempotencyKey!: string;

  @Field(() => String, { nullable: true, description: "Either a quote's token, or operations at today's price." })
  quoteToken?: string | null;

  @Field(() => [OperationInput], { nullable: true, description: '1 to 100 lines, all of one credit type.' })
  operations?: OperationInput[] | null;

  @Field(() => String, { nullable: true, description: 'What usage is booked to, at most 200 characters.' })
  project?: string | null;

  @Field(() => ID, { nullable: true, description: MEMBER })
  member?: string | null;

  @Field(() => String, { nullable: true, description: "The caller's own note, at most 200 characters." })
  reference?: string | null;
}

@InputType({ description: 'Credits to give to an account.' })
export class GrantCreditsInput {
  @Field(() => ID, { description: 'Who gets them.' })
  accountId!: string;

  @Field(() => String, { description: KEY })
  idempotencyKey!: string;

  @Field(() => Credits, { description: '1 to 1,000,000,000,000.' })
  credits!: number;

  @Field(() => CreditTypeEnum, { defaultValue: 'STANDARD', description: 'What kind of credits.' })
  creditType!: CreditType;

  @Field(() => GrantSourceEnum, { defaultValue: 'PROMOTION', description: 'PROMOTION, BONUS or ADJUSTMENT.' })
  source!: GrantSource;

  @Field(() => DateTime, { nullable: true, description: "Later than the account's now; null: never." })
  expiresAt?: number | null;

  @Field(() => String, { description: 'Shown in the history, 1 to 200 characters.' })
  reason!: string;
}

@InputType({ description: 'Which credits to take back.' })
export class RevokeGrantInput {
  @Field(() => ID, { description: 'Which grant; not one of a purchase, which is refunded.' })
  grantId!: string;

  @Field(() => ID, { description: 'Whose it is.' })
  accountId!: string;

  @Field(() => String, { description: KEY })
  idempotencyKey!: string;

  @Field(() => String, { description: 'Shown in the history, 1 to 200 characters.' })
  reason!: string;
}

@ObjectType({ description: 'The grant, and the balance that granting or revoking it left.', simpleResolvers: true })
export class GrantReceipt {
  @Field(() => Grant, { description: 'As it is now.' })
  grant!: Grant;

  @Field(() => Balance, { description: 'As it is now.' })
  balance!: Balance;

  @Field(() => Boolean, { description: 'True when this answers a repeated key.' })
  replayed!: boolean;
}

const reserving = () =>
  [
    ReservationReceipt,
    InsufficientCredits,
    OperationNotInPlan,
    OperationUnknown,
    BudgetExceeded,
    QuoteNotValid,
    InvalidAmount,
    MixedCreditTypes,
    IdempotencyConflict,
  ] as const;

export const ReserveCreditsResult = createUnionType({
  name: 'ReserveCreditsResult',
  description: 'A hold, or why there is none.',
  types: reserving,
});

export const SpendCreditsResult = createUnionType({
  name: 'SpendCreditsResult',
  description: 'What was spent, or why nothing was.',
  types: reserving,
});

export const CommitReservationResult = createUnionType({
  name: 'CommitReservationResult',
  description: 'What was committed, or why nothing was.',
  types: () =>
    [ReservationReceipt, ReservationClosed, CommitExceedsReservation, InvalidAmount, IdempotencyConflict] as const,
});

export const ReleaseReservationResult = createUnionType({
  name: 'ReleaseReservationResult',
  description: 'What was released, or why nothing was.',
  types: () => [ReservationReceipt, ReservationClosed, IdempotencyConflict] as const,
});

export const ExtendReservationResult = createUnionType({
  name: 'ExtendReservationResult',
  description: 'The reservation with its new end, or why it has none.',
  types: () => [ReservationReceipt, ReservationClosed, InvalidAmount, IdempotencyConflict] as const,
});

export const GrantCreditsResult = createUnionType({
  name: 'GrantCreditsResult',
  description: 'What was granted, or why nothing was.',
  types: () => [GrantReceipt, InvalidAmount, IdempotencyConflict] as const,
});

export const RevokeGrantResult = createUnionType({
  name: 'RevokeGrantResult',
  description: 'What is left of the grant, or why nothing was revoked.',
  types: () => [GrantReceipt, InvalidAmount, IdempotencyConflict] as const,
});
