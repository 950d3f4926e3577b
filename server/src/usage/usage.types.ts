import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { CreditType, Feature, OperationType } from '../catalog/catalog.js';
import { CreditTypeEnum, FeatureEnum, OperationTypeEnum } from '../catalog/catalog.types.js';
import { Credits, LocalDate, SafeInt } from '../kit/scalars.js';

/** What usage can be broken down by. */
export type UsageDimension = 'FEATURE' | 'TYPE' | 'OPERATION' | 'DAY' | 'PROJECT' | 'MEMBER';

export const UsageDimensionEnum: { readonly [K in UsageDimension]: K } = {
  FEATURE: 'FEATURE',
  TYPE: 'TYPE',
  OPERATION: 'OPERATION',
  DAY: 'DAY',
  PROJECT: 'PROJECT',
  MEMBER: 'MEMBER',
};
registerEnumType(UsageDimensionEnum, {
  name: 'UsageDimension',
  description: 'What usage is broken down by. Each breakdown sums to the total.',
  valuesConfig: {
    FEATURE: { description: 'The part of the platform.' },
    TYPE: { description: 'The kind of work.' },
    OPERATION: { description: 'The priced thing.' },
    DAY: { description: "The day of the commit, in the account's zone." },
    PROJECT: {
      description:
        'As named when it was reserved; null: none; `(other)`: all beyond the first 1,000 projects of a day.',
    },
    MEMBER: { description: 'On whose behalf.' },
  },
});

@InputType({ description: 'Which usage, and how to break it down.' })
export class UsageInput {
  @Field(() => ID, { description: 'Whose usage.' })
  accountId!: string;

  @Field(() => CreditTypeEnum, { defaultValue: 'STANDARD', description: 'What kind of credits.' })
  creditType!: CreditType;

  @Field(() => LocalDate, { description: 'First day.' })
  from!: string;

  @Field(() => LocalDate, { description: 'Inclusive. Not before `from`, at most 1,098 days in all.' })
  to!: string;

  @Field(() => [UsageDimensionEnum], {
    defaultValue: ['DAY'],
    description: 'Any set of dimensions; empty: one row for everything.',
  })
  groupBy!: UsageDimension[];

  @Field(() => FeatureEnum, { nullable: true, description: 'Only this feature.' })
  feature?: Feature | null;

  @Field(() => OperationTypeEnum, { nullable: true, description: 'Only this kind of work.' })
  type?: OperationType | null;

  @Field(() => ID, { nullable: true, description: 'Only this operation, by its code. Example: `image.short`.' })
  operation?: string | null;

  @Field(() => String, { nullable: true, description: 'Only this project; empty: only what belongs to none.' })
  project?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only on behalf of this member.' })
  member?: string | null;
}

@ObjectType({
  description: 'Usage of one combination of the dimensions asked for; the others are null.',
  simpleResolvers: true,
})
export class UsageRow {
  @Field(() => LocalDate, { nullable: true, description: "In the account's zone." })
  day!: string | null;

  @Field(() => FeatureEnum, { nullable: true, description: 'The part of the platform.' })
  feature!: Feature | null;

  @Field(() => OperationTypeEnum, { nullable: true, description: 'The kind of work.' })
  type!: OperationType | null;

  @Field(() => ID, { nullable: true, description: "The operation's code." })
  operation!: string | null;

  @Field(() => String, { nullable: true, description: 'Null also for work that belongs to no project.' })
  project!: string | null;

  @Field(() => ID, { nullable: true, description: 'On whose behalf.' })
  member!: string | null;

  @Field(() => Credits, { description: 'Committed.' })
  credits!: number;

  @Field(() => SafeInt, { description: 'How many operations were done, also those that cost nothing.' })
  operations!: number;
}

@ObjectType({ description: 'Committed credits over a span of days.', simpleResolvers: true })
export class UsageReport {
  @Field(() => Credits, { description: 'Committed in the span; the sum of the rows.' })
  total!: number;

  @Field(() => SafeInt, { description: 'Operations done in the span; the sum of the rows.' })
  operations!: number;

  @Field(() => [UsageRow], {
    description: 'Only what there is, ordered by day, feature, type, operation, project, member.',
  })
  rows!: UsageRow[];

  @Field(() => Credits, { description: 'The same span just before.' })
  previousTotal!: number;
}
