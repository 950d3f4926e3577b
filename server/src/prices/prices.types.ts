import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { PriceList } from '../catalog/catalog.types.js';
import { Credits, DateTime } from '../kit/scalars.js';
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
