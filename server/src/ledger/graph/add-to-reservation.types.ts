import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { KEY } from './ledger.types.js';
import {
  BudgetExceeded,
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
import { ReservationReceipt } from './reservation.types.js';

@InputType({ description: 'What else to hold credits for, on a hold that is open.' })
export class AddToReservationInput {
  @Field(() => ID, { description: 'Which reservation.' })
  reservationId!: string;

  @Field(() => String, { description: KEY })
  idempotencyKey!: string;

  @Field(() => String, { nullable: true, description: "Either a quote's token, or operations at today's price." })
  quoteToken?: string | null;

  @Field(() => [OperationInput], {
    nullable: true,
    description: '1 to 100 lines with those of the reservation, all of its credit type.',
  })
  operations?: OperationInput[] | null;
}

export const AddToReservationResult = createUnionType({
  name: 'AddToReservationResult',
  description: 'The hold with what was added, or why nothing was.',
  types: () =>
    [
      ReservationReceipt,
      ReservationClosed,
      InsufficientCredits,
      OperationNotInPlan,
      OperationUnknown,
      BudgetExceeded,
      QuoteNotValid,
      InvalidAmount,
      MixedCreditTypes,
      IdempotencyConflict,
    ] as const,
});
