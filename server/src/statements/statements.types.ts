import { Field, ID, ObjectType } from 'type-graphql';
import { Period } from '../accounts/accounts.types.js';
import type { CreditType, PlanCode } from '../catalog/catalog.js';
import { CreditTypeEnum, PlanCodeEnum } from '../catalog/catalog.types.js';
import { connectionOf } from '../kit/page.js';
import { Credits, DateTime, LocalDate, SafeInt } from '../kit/scalars.js';
import type { GrantSource } from '../ledger/core/state.js';
import { GrantSourceEnum } from '../ledger/graph/balance.types.js';

@ObjectType({ description: 'What an account had of one credit type at an instant of its past.', simpleResolvers: true })
export class BalanceAt {
  @Field(() => ID, { description: 'Whose it was.' })
  accountId!: string;

  @Field(() => CreditTypeEnum, { description: 'What kind of credits.' })
  creditType!: CreditType;

  @Field(() => DateTime, { description: "The instant asked for, on the account's clock." })
  at!: number;

  @Field(() => SafeInt, {
    description: "The account's version at that instant; 0: it was not there yet, and had nothing.",
  })
  version!: number;

  @Field(() => Credits, { description: 'Could be reserved.' })
  available!: number;

  @Field(() => Credits, { description: 'Was held by open reservations.' })
  held!: number;

  @Field(() => Credits, {
    description: 'Was owned but not usable on the plan of then, or not yet paid; not in `available`.',
  })
  waiting!: number;
}

@ObjectType({ description: 'Credits that came from one source.', simpleResolvers: true })
export class SourceCredits {
  @Field(() => GrantSourceEnum, { description: 'Where they came from.' })
  source!: GrantSource;

  @Field(() => Credits, { description: 'How many, at least 1.' })
  credits!: number;
}

@ObjectType({
  description:
    'One billing cycle of an account, of one credit type. What closes at its end (expiries of holds and grants, the rest of the allowance) belongs to it; its successor’s grants and all that follows belong to the successor. Periods sum to the statement of the same span.',
  simpleResolvers: true,
})
export class PeriodReport {
  @Field(() => Period, {
    description: 'Which; its end is earlier than planned where a change from FREE to a paid plan ended it.',
  })
  period!: Period;

  @Field(() => PlanCodeEnum, { description: 'The plan in force at its end, or now.' })
  plan!: PlanCode;

  @Field(() => Credits, { description: 'Granted by the plan: allowance and upgrades.' })
  allowance!: number;

  @Field(() => [SourceCredits], { description: 'All that was granted, by source; sources of nothing are left out.' })
  granted!: SourceCredits[];

  @Field(() => Credits, { description: 'Committed.' })
  spent!: number;

  @Field(() => Credits, { description: 'Expired, with what was forfeited and what rolled over.' })
  expired!: number;

  @Field(() => Credits, { description: 'Of what expired: unused when the period ended. 0 while it is open.' })
  forfeited!: number;

  @Field(() => Credits, {
    description: 'Of what expired: granted again in the next period, where the plan carries over. 0 while it is open.',
  })
  rolledOver!: number;

  @Field(() => Credits, { description: 'Of purchases that were refunded.' })
  refunded!: number;

  @Field(() => Credits, { description: 'Taken back.' })
  revoked!: number;

  @Field(() => SafeInt, { description: 'How many operations were done, also those that cost nothing.' })
  operations!: number;

  @Field(() => Boolean, { description: 'Whether it is the present one.' })
  open!: boolean;
}

export const PeriodReportConnection = connectionOf('PeriodReport', () => PeriodReport);

@ObjectType({
  description:
    '`opening + granted - spent - expired - refunded - revoked = closing`; opening and closing are all that is owned: available + held + waiting.',
  simpleResolvers: true,
})
export class Statement {
  @Field(() => LocalDate, { description: 'First day.' })
  from!: string;

  @Field(() => LocalDate, { description: 'Last day, inclusive.' })
  to!: string;

  @Field(() => CreditTypeEnum, { description: 'What kind of credits.' })
  creditType!: CreditType;

  @Field(() => Credits, { description: 'Owned when the first day began; 0 before the account was there.' })
  opening!: number;

  @Field(() => [SourceCredits], { description: 'By source; sources of nothing are left out.' })
  granted!: SourceCredits[];

  @Field(() => Credits, { description: 'Committed.' })
  spent!: number;

  @Field(() => Credits, { description: 'Ended unused.' })
  expired!: number;

  @Field(() => Credits, { description: 'Of purchases that were refunded.' })
  refunded!: number;

  @Field(() => Credits, { description: 'Taken back.' })
  revoked!: number;

  @Field(() => Credits, { description: 'Owned when the last day ended, or now if it has not ended.' })
  closing!: number;
}

@ObjectType({
  description: 'Unspent bought credits of one type that were paid for in one currency.',
  simpleResolvers: true,
})
export class LiabilityRow {
  @Field(() => CreditTypeEnum, { description: 'What kind of credits.' })
  creditType!: CreditType;

  @Field(() => String, { description: 'ISO 4217. Example: `USD`.' })
  currency!: string;

  @Field(() => Credits, {
    description: 'Bought and neither spent nor gone: free, held or waiting. Without bonuses, which nobody paid for.',
  })
  unspentCredits!: number;

  @Field(() => SafeInt, {
    description: "What was paid for them, in minor units: by each purchase's own price and credits, rounded down.",
  })
  paidMinor!: number;

  @Field(() => SafeInt, { description: 'Of how many purchases something is left.' })
  purchases!: number;
}

@ObjectType({
  description: 'Unspent bought credits of all accounts of a side, and what was paid for them.',
  simpleResolvers: true,
})
export class LiabilityReport {
  @Field(() => LocalDate, { description: 'At the end of this UTC day.' })
  at!: string;

  @Field(() => [LiabilityRow], { description: 'Only what there is, by credit type and currency.' })
  rows!: LiabilityRow[];
}
