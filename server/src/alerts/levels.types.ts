import { createUnionType, Field, Float, ID, InputType, ObjectType } from 'type-graphql';
import type { CreditType } from '../catalog/catalog.js';
import { CreditTypeEnum } from '../catalog/catalog.types.js';
import { Credits } from '../kit/scalars.js';
import type { BalanceView } from '../ledger/core/state.js';
import { Balance, BalanceLevelEnum } from '../ledger/graph/balance.types.js';
import { InvalidAmount } from '../ledger/graph/problem.types.js';

@ObjectType({ description: 'A low-balance rule of an account.', simpleResolvers: true })
export class LowBalanceLevel {
  @Field(() => CreditTypeEnum, { description: 'Of which kind of credits.' })
  creditType!: CreditType;

  @Field(() => BalanceLevelEnum, { description: 'How bad it is: LOW, CRITICAL or EMPTY.' })
  level!: BalanceView['level'];

  @Field(() => Credits, {
    description:
      'Fires when what is available falls to this or below. A percent is of the most that was available and held since the last reset or change of the plan, rounded down; 0 also while there was nothing, when it does not fire.',
  })
  threshold!: number;

  @Field(() => Float, { nullable: true, description: 'As it was set; null: an amount was.' })
  percent!: number | null;

  @Field(() => Boolean, { description: 'Whether it has fired, and is not armed again.' })
  fired!: boolean;

  @Field(() => Credits, {
    description:
      'Once fired it is armed again when available rises to this or above: the threshold, and a margin so that one credit more or less does not warn twice. A reset arms it again above the threshold itself.',
  })
  rearmsAt!: number;
}

@InputType({ description: 'A low-balance rule: either a percent or an amount. EMPTY needs neither.' })
export class LowBalanceLevelInput {
  @Field(() => BalanceLevelEnum, { description: 'LOW, CRITICAL or EMPTY.' })
  level!: BalanceView['level'];

  @Field(() => Float, {
    nullable: true,
    description: 'More than 0 and less than 100, at most four decimals.',
  })
  percent?: number | null;

  @Field(() => Credits, { nullable: true, description: 'At or below so many credits.' })
  credits?: number | null;
}

@InputType({ description: "What replaces an account's low-balance rules of one credit type." })
export class SetLowBalanceLevelsInput {
  @Field(() => ID, { description: 'Whose.' })
  accountId!: string;

  @Field(() => CreditTypeEnum, { defaultValue: 'STANDARD', description: 'Of which kind of credits.' })
  creditType!: CreditType;

  @Field(() => [LowBalanceLevelInput], {
    description: '1 to 6, none twice. EMPTY is always there: left out, it is added.',
  })
  levels!: LowBalanceLevelInput[];
}

@ObjectType({
  description: 'The rules as they are now, and the balance with its level by them.',
  simpleResolvers: true,
})
export class LowBalanceLevelsReceipt {
  @Field(() => [LowBalanceLevel], { description: 'Of the credit type that was set.' })
  levels!: LowBalanceLevel[];

  @Field(() => Balance, { description: 'Of the credit type that was set.' })
  balance!: Balance;
}

export const SetLowBalanceLevelsResult = createUnionType({
  name: 'SetLowBalanceLevelsResult',
  description: 'The rules, or why they cannot be so.',
  types: () => [LowBalanceLevelsReceipt, InvalidAmount] as const,
});
