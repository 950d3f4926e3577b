import { Field, Float, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Period } from '../accounts/accounts.types.js';
import type { CreditType, PlanCode } from '../catalog/catalog.js';
import { CreditTypeEnum, PlanCodeEnum } from '../catalog/catalog.types.js';
import { connectionOf } from '../kit/page.js';
import { Credits, DateTime } from '../kit/scalars.js';
import { EVENT_MEANINGS, type EventType } from '../ledger/core/events.js';
import { Balance, BalanceLevelEnum } from '../ledger/graph/balance.types.js';
import type { BalanceView } from '../ledger/core/state.js';

export const EventTypeEnum = Object.fromEntries(Object.keys(EVENT_MEANINGS).map((type) => [type, type])) as {
  readonly [K in EventType]: K;
};
registerEnumType(EventTypeEnum, {
  name: 'EventType',
  description: 'What happened. The list grows: expect values you do not know.',
  valuesConfig: Object.fromEntries(
    Object.entries(EVENT_MEANINGS).map(([type, description]) => [type, { description }]),
  ),
});

@ObjectType({ description: 'What a period change did.', simpleResolvers: true })
export class PeriodReset {
  @Field(() => Period, { description: 'The period that began.' })
  period!: Period;

  @Field(() => Credits, { description: 'Of the old allowance, unused and gone.' })
  forfeited!: number;

  @Field(() => Credits, { description: 'Of the old allowance, taken along; 0 unless the plan says so.' })
  rolledOver!: number;

  @Field(() => Credits, { description: 'The new allowance.' })
  granted!: number;

  @Field(() => DateTime, { description: 'When the period that began ends.' })
  nextResetAt!: number;
}

@ObjectType({
  description: 'An hour in which far more was spent than usual, and who spent most of it.',
  simpleResolvers: true,
})
export class SpendAnomaly {
  @Field(() => DateTime, { description: 'When that hour began: hours are those of UTC.' })
  hour!: number;

  @Field(() => Credits, { description: 'Spent in it.' })
  credits!: number;

  @Field(() => Float, {
    description: 'The mean of the other hours in which something was spent, of the 14 days before.',
  })
  usual!: number;

  @Field(() => ID, {
    nullable: true,
    description:
      'Member, project and operation for which most of it was spent together; of an hour with very many commits, of the last ten thousand.',
  })
  member!: string | null;

  @Field(() => String, { nullable: true, description: 'Null: none was named.' })
  project!: string | null;

  @Field(() => ID, { nullable: true, description: 'Example: `image.long`.' })
  operation!: string | null;
}

@ObjectType({
  description:
    'Something that happened to an account, written together with what caused it. Each has a place in the order of its account and in that of all accounts; delivered at least once, so use `id` to tell repeats.',
  simpleResolvers: true,
})
export class CreditEvent {
  @Field(() => ID, { description: 'Also the cursor: pass it as `after` to go on from here. Example: `evt_01jq3…`.' })
  id!: string;

  @Field(() => EventTypeEnum, { description: 'What happened.' })
  type!: EventType;

  @Field(() => ID, { description: 'To which account. Example: `acct_01jq3…`.' })
  accountId!: string;

  @Field(() => CreditTypeEnum, { description: 'To which kind of credits.' })
  creditType!: CreditType;

  @Field(() => DateTime, { description: "When, on the account's clock." })
  at!: number;

  @Field(() => BalanceLevelEnum, {
    nullable: true,
    description: 'BALANCE_LOW: the level reached. BALANCE_RECOVERED: the rule that is armed again.',
  })
  level!: BalanceView['level'] | null;

  @Field(() => Credits, {
    nullable: true,
    description: 'BALANCE_LOW, BALANCE_RECOVERED: the credits at or below which that rule fires.',
  })
  threshold!: number | null;

  @Field(() => Balance, {
    description: 'As it was when the event happened; its `version` tells whether it is still the newest.',
  })
  balance!: Balance;

  @Field(() => ID, {
    nullable: true,
    description:
      'RESERVATION_EXPIRED: which. BALANCE_LOW, BALANCE_RECOVERED: the one that moved the balance, if one did.',
  })
  reservationId!: string | null;

  @Field(() => ID, { nullable: true, description: 'GRANT_ADDED, GRANT_EXPIRING, GRANT_EXPIRED: which.' })
  grantId!: string | null;

  @Field(() => ID, { nullable: true, description: 'PURCHASE_PAID, PURCHASE_REFUNDED: which.' })
  purchaseId!: string | null;

  @Field(() => ID, { nullable: true, description: 'BUDGET_LOW, BUDGET_EXHAUSTED: which.' })
  budgetId!: string | null;

  @Field(() => Credits, {
    nullable: true,
    description:
      'GRANT_ADDED, GRANT_EXPIRING, GRANT_EXPIRED, RESERVATION_EXPIRED, PURCHASE_PAID, PURCHASE_REFUNDED: how many.',
  })
  credits!: number | null;

  @Field(() => PeriodReset, { nullable: true, description: 'PERIOD_RESET: the figures.' })
  reset!: PeriodReset | null;

  @Field(() => PlanCodeEnum, { nullable: true, description: 'PLAN_CHANGED: the plan from here on.' })
  plan!: PlanCode | null;

  @Field(() => SpendAnomaly, { nullable: true, description: 'SPEND_ANOMALY: the figures.' })
  anomaly!: SpendAnomaly | null;

  @Field(() => ID, {
    description:
      'The history in which it was written: `id` and `balance.version` belong to it. Example: `hist_01jq3…`.',
  })
  history!: string;

  @Field(() => String, { description: 'One sentence for a person.' })
  message!: string;
}

@ObjectType({ description: 'What time it is for an account.', simpleResolvers: true })
export class AccountClock {
  @Field(() => ID, { description: 'Whose it is.' })
  accountId!: string;

  @Field(() => DateTime, { description: "The account's time, as `Account.now`." })
  now!: number;

  @Field(() => DateTime, { description: "The server's wall clock at the same moment." })
  wallClock!: number;

  @Field(() => Boolean, {
    description:
      'Whether it runs on by itself, as a live account does; a sandbox account stands until its test clock moves.',
  })
  runs!: boolean;
}

export const CreditEventConnection = connectionOf('CreditEvent', () => CreditEvent);
