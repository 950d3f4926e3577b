import { Field, ID, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import type { CreditType, PlanCode } from '../../catalog/catalog.js';
import { CreditPack, CreditTypeEnum, Operation, Plan, PlanCodeEnum } from '../../catalog/catalog.types.js';
import { Credits, DateTime, SafeInt } from '../../kit/scalars.js';
import type { Refusal } from '../core/outcome.js';
import { Reservation } from './reservation.types.js';

export type QuoteProblem = Extract<Refusal, { kind: 'QuoteNotValid' }>['reason'];

export const QuoteProblemEnum: { readonly [K in QuoteProblem]: K } = {
  EXPIRED: 'EXPIRED',
  FORGED: 'FORGED',
  OTHER_ACCOUNT: 'OTHER_ACCOUNT',
  COURTESY_USED: 'COURTESY_USED',
};
registerEnumType(QuoteProblemEnum, {
  name: 'QuoteProblem',
  description: "What is wrong with a quote's token.",
  valuesConfig: {
    EXPIRED: { description: 'Its 10 minutes are over: quote again.' },
    FORGED: { description: 'It is not one that was given out.' },
    OTHER_ACCOUNT: { description: 'It was given out for another account.' },
    COURTESY_USED: { description: 'It promised a courtesy, and the day has used them up since: quote again.' },
  },
});

@InterfaceType({
  description:
    'Why not, in data. Every refusal has a message for a person; the rest is for a program. New kinds may come: select `... on Problem { message }`.',
})
export abstract class Problem {
  @Field(() => String, { description: 'One sentence for a person, with the numbers.' })
  message!: string;
}

const REPLAYED = 'True when this answers a repeated key.';

@ObjectType({
  implements: Problem,
  description: 'The balance does not pay for it. Nothing was held.',
  simpleResolvers: true,
})
export class InsufficientCredits extends Problem {
  @Field(() => CreditTypeEnum, { description: 'What kind of credits is missing.' })
  creditType!: CreditType;

  @Field(() => Credits, { description: 'What it costs.' })
  needed!: number;

  @Field(() => Credits, { description: 'What was available.' })
  available!: number;

  @Field(() => Credits, { description: 'What open reservations held.' })
  held!: number;

  @Field(() => Credits, { description: '`needed - available`.' })
  shortfall!: number;

  @Field(() => Credits, { description: 'Of what is available, how much is set aside for other work.' })
  setAside!: number;

  @Field(() => DateTime, { description: 'When the next allowance comes.' })
  nextResetAt!: number;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When open reservations will have freed enough on their own, by what is free then; null when they will not.',
  })
  enoughAfterHoldsAt!: number | null;

  @Field(() => CreditPack, {
    nullable: true,
    description: 'The smallest pack that covers the shortfall; null when none does or the plan may not buy.',
  })
  smallestPack!: CreditPack | null;

  @Field(() => Plan, {
    nullable: true,
    description: 'The plan whose upgrade would cover the shortfall; null when none would.',
  })
  upgrade!: Plan | null;

  @Field(() => [Operation], { description: 'Cheaper ways to do the same kind of work that the balance can pay for.' })
  alternatives!: Operation[];

  @Field(() => [Reservation], {
    description: 'Open reservations that hold the rest, soonest to end first, at most 10.',
  })
  holds!: Reservation[];

  @Field(() => SafeInt, { description: 'The account version it was decided at.' })
  version!: number;

  @Field(() => Boolean, { description: REPLAYED })
  replayed!: boolean;
}

@ObjectType({ implements: Problem, description: 'The plan does not include an operation.', simpleResolvers: true })
export class OperationNotInPlan extends Problem {
  @Field(() => ID, { description: 'Which operation.' })
  operation!: string;

  @Field(() => PlanCodeEnum, { description: 'The plan it was asked on.' })
  plan!: PlanCode;

  @Field(() => Plan, { nullable: true, description: 'The cheapest plan that includes it.' })
  upgrade!: Plan | null;

  @Field(() => Boolean, { description: REPLAYED })
  replayed!: boolean;
}

@ObjectType({ implements: Problem, description: 'No operation has this code.', simpleResolvers: true })
export class OperationUnknown extends Problem {
  @Field(() => ID, { description: 'The code as given.' })
  operation!: string;
}

@ObjectType({
  implements: Problem,
  description: 'The operations are paid with different credit types: ask for each apart.',
  simpleResolvers: true,
})
export class MixedCreditTypes extends Problem {}

@ObjectType({ implements: Problem, description: 'A budget of the account would be exceeded.', simpleResolvers: true })
export class BudgetExceeded extends Problem {
  @Field(() => ID, { description: 'Which budget.' })
  budgetId!: string;

  @Field(() => Credits, { description: 'What its window may cost.' })
  limit!: number;

  @Field(() => Credits, { description: 'Committed in the window.' })
  consumed!: number;

  @Field(() => Credits, { description: 'Held in the window.' })
  held!: number;

  @Field(() => Credits, { description: 'What was asked for.' })
  needed!: number;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the next window begins; null: never, it is for a lifetime.',
  })
  resetsAt!: number | null;

  @Field(() => SafeInt, { description: 'The account version it was decided at.' })
  version!: number;

  @Field(() => Boolean, { description: REPLAYED })
  replayed!: boolean;
}

@ObjectType({ implements: Problem, description: "A quote's token cannot be used: quote again.", simpleResolvers: true })
export class QuoteNotValid extends Problem {
  @Field(() => QuoteProblemEnum, { description: 'Why not.' })
  reason!: QuoteProblem;
}

@ObjectType({ implements: Problem, description: 'A well-typed value is out of its range.', simpleResolvers: true })
export class InvalidAmount extends Problem {
  @Field(() => String, { description: 'The input field at fault. Example: `operations[0].quantity`.' })
  field!: string;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'The least that it may be, where it is a number with a lower bound.',
  })
  min!: number | null;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'The most that it may be, where it is a number with an upper bound.',
  })
  max!: number | null;
}

@ObjectType({
  implements: Problem,
  description: 'The idempotency key was used for something else. Nothing was done.',
  simpleResolvers: true,
})
export class IdempotencyConflict extends Problem {
  @Field(() => [String], { description: 'The input fields that differ from the first use of this key.' })
  fields!: string[];
}

@ObjectType({ implements: Problem, description: 'The reservation was closed before.', simpleResolvers: true })
export class ReservationClosed extends Problem {
  @Field(() => Reservation, { description: 'As it is now: `status` says how it ended.' })
  reservation!: Reservation;
}

@ObjectType({
  implements: Problem,
  description: 'More was to be committed than is held, under the policy REJECT.',
  simpleResolvers: true,
})
export class CommitExceedsReservation extends Problem {
  @Field(() => Credits, { description: 'What is held, or was when it expired.' })
  held!: number;

  @Field(() => Credits, { description: 'What was to be committed.' })
  requested!: number;
}
