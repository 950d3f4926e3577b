import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { PlanCode } from '../catalog/catalog.js';
import { Plan, PlanCodeEnum } from '../catalog/catalog.types.js';
import { connectionOf } from '../kit/page.js';
import { DateTime } from '../kit/scalars.js';

@ObjectType({ description: 'One billing cycle `[start, end)`.', simpleResolvers: true })
export class Period {
  @Field(() => Int, {
    description: 'Only grows, and is never used twice; the period that starts at the billing anchor is number 0.',
  })
  number!: number;

  @Field(() => DateTime, { description: 'Its first instant.' })
  start!: number;

  @Field(() => DateTime, { description: 'The reset: the next period starts here.' })
  end!: number;
}

@ObjectType({
  description: 'Who owns credits: a workspace with a plan, a time zone and a billing anchor.',
  simpleResolvers: true,
})
export class Account {
  @Field(() => ID, { description: 'Example: `acct_01jq3…`.' })
  id!: string;

  @Field(() => String, { nullable: true, description: "The platform's own id, if it gave one." })
  externalId!: string | null;

  @Field(() => String, { description: 'For a person to read, 1 to 200 characters.' })
  name!: string;

  @Field(() => Plan, { description: 'The plan it is on now.' })
  plan!: Plan;

  @Field(() => Plan, {
    nullable: true,
    description: 'The plan that takes over at the boundary; null: the present one stays.',
  })
  nextPlan!: Plan | null;

  @Field(() => String, { description: 'IANA name; days and boundaries are counted in it. Example: `Europe/Berlin`.' })
  timeZone!: string;

  @Field(() => Boolean, {
    description: 'Whether it is for trying things out: it has a clock of its own and never meets live accounts.',
  })
  sandbox!: boolean;

  @Field(() => DateTime, { description: "The account's time: the wall clock, or a sandbox account's own." })
  now!: number;

  @Field(() => Period, { description: 'The billing cycle that contains `now`.' })
  period!: Period;
}

export const AccountConnection = connectionOf('Account', () => Account);

@InputType({ description: 'The account to open.' })
export class CreateAccountInput {
  @Field(() => String, {
    nullable: true,
    description:
      "The platform's own id, unique, 1 to 200 characters; a second call with it and the same input answers the first account.",
  })
  externalId?: string | null;

  @Field(() => String, { description: '1 to 200 characters.' })
  name!: string;

  @Field(() => PlanCodeEnum, {
    defaultValue: 'FREE',
    description: 'The plan it starts on; its allowance is there at once.',
  })
  plan!: PlanCode;

  @Field(() => String, { defaultValue: 'UTC', description: 'IANA name. Example: `Europe/Berlin`.' })
  timeZone!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: "Default: now. Periods are counted from here; not later than the account's own now.",
  })
  billingAnchor?: number | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether it is a sandbox account, with a clock of its own.',
  })
  sandbox!: boolean;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Sandbox only: where its clock starts, in the years 2000 to 2199. Default: the wall clock.',
  })
  now?: number | null;
}

@InputType({ description: "Where to move a sandbox account's clock." })
export class AdvanceTestClockInput {
  @Field(() => ID, { description: 'A sandbox account.' })
  accountId!: string;

  @Field(() => DateTime, {
    description:
      "Not before its now, at most 24 months (in the account's time zone) after it, in the years 2000 to 2199.",
  })
  to!: number;
}
