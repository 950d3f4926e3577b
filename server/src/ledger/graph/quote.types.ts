import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { CreditType } from '../../catalog/catalog.js';
import { CreditPack, CreditTypeEnum, Operation, Plan } from '../../catalog/catalog.types.js';
import { Credits, DateTime } from '../../kit/scalars.js';
import { Balance } from './balance.types.js';
import {
  BudgetExceeded,
  InvalidAmount,
  MixedCreditTypes,
  OperationNotInPlan,
  OperationUnknown,
} from './problem.types.js';

@InputType({ description: 'So many of one operation.' })
export class OperationInput {
  @Field(() => ID, { description: 'Its code. Example: `image.short`.' })
  operation!: string;

  @Field(() => Int, { defaultValue: 1, description: '1 to 10,000.' })
  quantity!: number;
}

@InputType({ description: 'What to price.' })
export class QuoteInput {
  @Field(() => ID, { description: 'Whose balance to compare with.' })
  accountId!: string;

  @Field(() => [OperationInput], { description: '1 to 100 lines, all of one credit type.' })
  operations!: OperationInput[];

  @Field(() => String, {
    nullable: true,
    description: 'For budgets and set-asides, as in a reserve; at most 200 characters.',
  })
  project?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'For budgets and set-asides, as in a reserve: whom services and operators ask for, else the caller.',
  })
  member?: string | null;
}

@ObjectType({ description: 'A line of a quote.', simpleResolvers: true })
export class QuoteLine {
  @Field(() => Operation, { description: 'The operation.' })
  operation!: Operation;

  @Field(() => Int, { description: 'How many were asked for.' })
  quantity!: number;

  @Field(() => Credits, { description: 'What one costs.' })
  unitCredits!: number;

  @Field(() => Credits, { description: '`quantity x unitCredits`; 0 when a courtesy pays for it.' })
  credits!: number;

  @Field(() => Int, {
    description: 'How many of them, at most the quantity asked, what this work may use pays after the lines before it.',
  })
  affordableQuantity!: number;
}

@ObjectType({ description: 'A binding price, held for 10 minutes.', simpleResolvers: true })
export class Quote {
  @Field(() => String, { description: 'Reserves at this price until it expires. Signed and bound to the account.' })
  token!: string;

  @Field(() => DateTime, { description: "10 minutes from now, on the account's clock; at this instant it is expired." })
  expiresAt!: number;

  @Field(() => Int, { description: 'The price list it was priced on.' })
  priceListVersion!: number;

  @Field(() => CreditTypeEnum, { description: 'What it is paid with.' })
  creditType!: CreditType;

  @Field(() => [QuoteLine], { description: 'In the order asked.' })
  lines!: QuoteLine[];

  @Field(() => Credits, { description: 'What it costs in all.' })
  total!: number;

  @Field(() => Balance, { description: 'As it is now.' })
  balance!: Balance;

  @Field(() => Boolean, {
    description:
      'Whether what this work may use pays for it now: what is available, less what is set aside for other work.',
  })
  sufficient!: boolean;

  @Field(() => Boolean, {
    description: 'Whether a reserve of exactly this would succeed now: sufficient, and no budget denies it.',
  })
  allowed!: boolean;

  @Field(() => BudgetExceeded, {
    nullable: true,
    description: 'The hard budget that denies it; null when none does.',
  })
  blockedBy!: BudgetExceeded | null;

  @Field(() => Credits, {
    description: 'Of what is available, how much is set aside for other work, as far as the caller may know of it.',
  })
  setAside!: number;

  @Field(() => Credits, { description: 'What is missing; 0 when sufficient.' })
  shortfall!: number;

  @Field(() => Credits, { description: 'What would be available after reserving it; 0 when not sufficient.' })
  availableAfter!: number;

  @Field(() => Boolean, { description: "Whether the balance's level would then be anything but OK." })
  lowAfter!: boolean;

  @Field(() => [Operation], {
    description: 'Cheaper ways to do the same kind of work that what this work may use can pay for.',
  })
  alternatives!: Operation[];

  @Field(() => CreditPack, {
    nullable: true,
    description:
      'The smallest pack that covers the shortfall; null when sufficient, when none does or the plan may not buy.',
  })
  smallestPack!: CreditPack | null;

  @Field(() => Plan, {
    nullable: true,
    description: 'The plan whose upgrade would cover the shortfall; null when sufficient or when none would.',
  })
  upgrade!: Plan | null;
}

export const QuoteResult = createUnionType({
  name: 'QuoteResult',
  description: 'A quote, or why there is none.',
  types: () => [Quote, OperationUnknown, OperationNotInPlan, InvalidAmount, MixedCreditTypes] as const,
});
