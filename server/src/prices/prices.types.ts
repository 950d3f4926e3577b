import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { Operation, PriceList } from '../catalog/catalog.types.js';
import { Credits, DateTime, LocalDate, SafeInt } from '../kit/scalars.js';
import { IdempotencyConflict, InvalidAmount, OperationUnknown } from '../ledger/graph/problem.types.js';

@InputType({ description: 'What one operation costs.' })
export class PriceInput {
  @Field(() => ID, { description: 'Which operation. Example: `image.short`.' })
  operation!: string;

  @Field(() => Credits, { description: 'A unit, 0 to 1,000,000,000.' })
  credits!: number;
}

@InputType({ description: 'New costs of some operations.' })
export class PublishPriceListInput {
  @Field(() => Boolean, { defaultValue: false, description: 'True: prices of sandbox accounts.' })
  sandbox!: boolean;

  @Field(() => String, { description: '1 to 255 visible ASCII characters; of a side.' })
  idempotencyKey!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: "From when on, not in the past by the database's clock. Default: now.",
  })
  effectiveAt?: number | null;

  @Field(() => [PriceInput], { description: '1 to 100, each operation once; what is not named keeps its cost.' })
  prices!: PriceInput[];

  @Field(() => String, { nullable: true, description: 'Why, for the audit log; at most 200 characters.' })
  note?: string | null;
}

@ObjectType({ description: 'A published price list.', simpleResolvers: true })
export class PriceListReceipt {
  @Field(() => PriceList, { description: 'The list, whole.' })
  priceList!: PriceList;

  @Field(() => Boolean, { description: 'True when this answers a repeated key.' })
  replayed!: boolean;
}

export const PublishPriceListResult = createUnionType({
  name: 'PublishPriceListResult',
  types: () => [PriceListReceipt, OperationUnknown, InvalidAmount, IdempotencyConflict] as const,
});

@InputType({ description: 'Costs to try on what was committed.' })
export class PreviewPriceListInput {
  @Field(() => ID, { nullable: true, description: 'One account; default: all accounts of the side.' })
  accountId?: string | null;

  @Field(() => Boolean, { defaultValue: false, description: 'True: sandbox accounts. Not looked at with an account.' })
  sandbox!: boolean;

  @Field(() => [PriceInput], {
    description: '1 to 100, each operation once; what is not named stays as it was charged.',
  })
  prices!: PriceInput[];

  @Field(() => LocalDate, { description: 'The first day: of the account, or UTC without one.' })
  from!: string;

  @Field(() => LocalDate, { description: 'The last day, at most 1,098 in all.' })
  to!: string;
}

@ObjectType({ description: 'One operation.', simpleResolvers: true })
export class PriceListPreviewRow {
  @Field(() => Operation, { description: 'As on the present list.' })
  operation!: Operation;

  @Field(() => SafeInt, { description: 'How many were done.' })
  operations!: number;

  @Field(() => Credits, { description: 'What was committed.' })
  creditsThen!: number;

  @Field(() => Credits, { description: 'What it would have been.' })
  creditsWith!: number;
}

@ObjectType({
  description: 'What costs would have made of what was committed in a span. Its rows sum to it.',
  simpleResolvers: true,
})
export class PriceListPreview {
  @Field(() => SafeInt, { description: 'How many operations were done.' })
  operations!: number;

  @Field(() => Credits, { description: 'What was committed.' })
  creditsThen!: number;

  @Field(() => Credits, { description: 'What it would have been.' })
  creditsWith!: number;

  @Field(() => SafeInt, { description: 'Accounts that committed something.' })
  accounts!: number;

  @Field(() => [PriceListPreviewRow], { description: 'By operation, in the order of the catalogue.' })
  rows!: PriceListPreviewRow[];
}
