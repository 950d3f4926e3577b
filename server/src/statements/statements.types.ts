import { Field, ID, ObjectType } from 'type-graphql';
import type { CreditType } from '../catalog/catalog.js';
import { CreditTypeEnum } from '../catalog/catalog.types.js';
import { Credits, DateTime, SafeInt } from '../kit/scalars.js';

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
