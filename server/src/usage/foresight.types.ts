import { Field, Float, Int, ObjectType } from 'type-graphql';
import { CreditPack, Money, Plan } from '../catalog/catalog.types.js';
import { Credits, DateTime, LocalDate } from '../kit/scalars.js';

@ObjectType({
  description: 'When what is available will be used up, going by the 14 whole days before today.',
  simpleResolvers: true,
})
export class Forecast {
  @Field(() => Boolean, { description: 'Fewer than 3 of the days had spend: nothing else is said then.' })
  insufficientData!: boolean;

  @Field(() => Float, { nullable: true, description: 'Credits a day: the mean of those days.' })
  burnPerDay!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'At that pace; null when it is not before the reset.' })
  runsOutAt!: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'The 10th percentile of 1,000 futures of those days; null when it is not before the reset.',
  })
  runsOutEarliestAt!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'The 90th percentile, in the same way.' })
  runsOutLatestAt!: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it lasts until the reset at that pace.' })
  lastsUntilReset!: boolean | null;
}

@ObjectType({ description: 'How many of a pack.', simpleResolvers: true })
export class PackCount {
  @Field(() => CreditPack, { description: 'Which.' })
  pack!: CreditPack;

  @Field(() => Int, { description: 'How many, 1 or more.' })
  quantity!: number;
}

@ObjectType({ description: 'What the work would have cost on a plan.', simpleResolvers: true })
export class PlanOption {
  @Field(() => Plan, { description: 'The plan.' })
  plan!: Plan;

  @Field(() => [PackCount], {
    description: 'The cheapest packs that fill the gap, of either kind of credits; empty where it is not covered.',
  })
  packs!: PackCount[];

  @Field(() => Money, {
    nullable: true,
    description: 'For a month of the plan and the packs; null: the price of the plan is by agreement.',
  })
  price!: Money | null;

  @Field(() => Boolean, { description: 'Whether all of the work could have been done.' })
  covers!: boolean;

  @Field(() => Boolean, { description: 'Whether it is the plan in force.' })
  current!: boolean;
}

@ObjectType({ description: 'Which plan suits what the account did in the last 30 days.', simpleResolvers: true })
export class PlanAdvice {
  @Field(() => Boolean, { description: 'Fewer than 10 operations were done: there are no options then.' })
  insufficientData!: boolean;

  @Field(() => LocalDate, { description: "First day, in the account's zone." })
  from!: string;

  @Field(() => LocalDate, { description: 'Inclusive: today.' })
  to!: string;

  @Field(() => Credits, { description: 'STANDARD credits that were committed; scan credits are bought beside them.' })
  credits!: number;

  @Field(() => [PlanOption], { description: 'The cheapest that covers the work first.' })
  options!: PlanOption[];
}
