import { createUnionType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { CreditType, Feature, OperationType } from '../catalog/catalog.js';
import { CreditTypeEnum, FeatureEnum, OperationTypeEnum } from '../catalog/catalog.types.js';
import { connectionOf } from '../kit/page.js';
import { Credits, DateTime, SafeInt } from '../kit/scalars.js';
import type { BudgetState, BudgetWindow } from '../ledger/core/budget.js';
import { IdempotencyConflict, InvalidAmount } from '../ledger/graph/problem.types.js';
import type { ShownAccount } from '../ledger/graph/account-snapshot.js';

export const BudgetWindowEnum = {
  HOUR: 'HOUR',
  DAY: 'DAY',
  WEEK: 'WEEK',
  PERIOD: 'PERIOD',
  LIFETIME: 'LIFETIME',
} as const;
registerEnumType(BudgetWindowEnum, {
  name: 'BudgetWindow',
  description: "How long what is used of a budget counts, in the account's time zone.",
  valuesConfig: {
    HOUR: { description: 'From hour to hour.' },
    DAY: { description: 'From midnight to midnight.' },
    WEEK: { description: 'From Monday to Monday.' },
    PERIOD: { description: 'From reset to reset.' },
    LIFETIME: { description: 'For ever.' },
  },
});

@InputType({ description: 'What a budget is to say.' })
export class SetBudgetInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The budget to change: its name, limit and hard. Left out: one is made. Example: `budget_01jq3…`.',
  })
  id?: string | null;

  @Field(() => ID, { description: 'Whose credits.' })
  accountId!: string;

  @Field(() => String, { description: '1 to 200 characters.' })
  name!: string;

  @Field(() => CreditTypeEnum, { defaultValue: 'STANDARD', description: 'What kind of credits.' })
  creditType!: CreditType;

  @Field(() => String, { nullable: true, description: 'Work of this project only, at most 200 characters.' })
  project?: string | null;

  @Field(() => ID, { nullable: true, description: 'Work of this member only.' })
  member?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Counts every member apart, each up to the limit. A budget that names a member and is otherwise about the same takes its place for that member.',
  })
  eachMember!: boolean;

  @Field(() => FeatureEnum, { nullable: true, description: 'Work of this feature only.' })
  feature?: Feature | null;

  @Field(() => OperationTypeEnum, { nullable: true, description: 'Work of this type only.' })
  type?: OperationType | null;

  @Field(() => BudgetWindowEnum, { defaultValue: 'PERIOD', description: 'How long what is used counts.' })
  window!: BudgetWindow;

  @Field(() => Credits, { description: 'What its window may cost, or what is kept.' })
  limit!: number;

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'True denies what goes beyond the limit, false only warns.',
  })
  hard!: boolean;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Keeps credits for its project or member instead of capping it.',
  })
  setAside!: boolean;
}

@ObjectType({ description: 'How much of a budget is used, by one member or by all together.', simpleResolvers: true })
export class BudgetUse {
  @Field(() => ID, { nullable: true, description: 'Whose use; null: all that the budget is about.' })
  member!: string | null;

  @Field(() => Credits, { description: 'Committed in this window.' })
  consumed!: number;

  @Field(() => Credits, { description: 'On hold in this window.' })
  held!: number;

  @Field(() => Credits, { description: 'What is left of the limit; never below 0.' })
  remaining!: number;
}

export const BudgetUseConnection = connectionOf('BudgetUse', () => BudgetUse);

@ObjectType({ description: 'A limit of some work, or credits kept for it.' })
export class Budget {
  @Field(() => ID, { description: 'Example: `budget_01jq3…`.', simple: true })
  id!: string;

  @Field(() => String, { description: 'As it was named.', simple: true })
  name!: string;

  @Field(() => CreditTypeEnum, { description: 'What kind of credits.', simple: true })
  creditType!: CreditType;

  @Field(() => String, { nullable: true, description: 'Work of this project only; null: of any.', simple: true })
  project!: string | null;

  @Field(() => ID, { nullable: true, description: 'Work of this member only; null: of any.', simple: true })
  member!: string | null;

  @Field(() => FeatureEnum, { nullable: true, description: 'Work of this feature only; null: of any.', simple: true })
  feature!: Feature | null;

  @Field(() => OperationTypeEnum, {
    nullable: true,
    description: 'Work of this type only; null: of any.',
    simple: true,
  })
  type!: OperationType | null;

  @Field(() => Boolean, {
    description:
      "A counter for every member; consumed, held and remaining are then the asking member's own, or the fullest member's for others.",
    simple: true,
  })
  eachMember!: boolean;

  @Field(() => BudgetWindowEnum, { description: 'How long what is used counts.', simple: true })
  window!: BudgetWindow;

  @Field(() => Credits, { description: 'What its window may cost, or what is kept.', simple: true })
  limit!: number;

  @Field(() => Boolean, { description: 'True denies, false only warns.', simple: true })
  hard!: boolean;

  @Field(() => Boolean, { description: 'Keeps credits for its subject instead of capping it.', simple: true })
  setAside!: boolean;

  @Field(() => Credits, { description: 'Committed in this window.', simple: true })
  consumed!: number;

  @Field(() => Credits, { description: 'On hold in this window.', simple: true })
  held!: number;

  @Field(() => Credits, { description: 'What is left of the limit; never below 0.', simple: true })
  remaining!: number;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the next window begins; null: never, it is for a lifetime.',
    simple: true,
  })
  resetsAt!: number | null;
}

/** A budget as it was read, with what its further fields need. */
export type ShownBudget = Budget & { readonly state: BudgetState; readonly account: ShownAccount['snapshot'] };

@ObjectType({ description: 'A budget that was made or changed.', simpleResolvers: true })
export class BudgetReceipt {
  @Field(() => Budget, { description: 'As it is now.' })
  budget!: Budget;

  @Field(() => Boolean, { description: 'True when this answers a repeated key.' })
  replayed!: boolean;
}

export const SetBudgetResult = createUnionType({
  name: 'SetBudgetResult',
  description: 'A budget, or why it was not set.',
  types: () => [BudgetReceipt, InvalidAmount, IdempotencyConflict] as const,
});

@ObjectType({ description: 'What a budget would have denied one member.', simpleResolvers: true })
export class BudgetPreviewMember {
  @Field(() => ID, { description: 'Whom.' })
  member!: string;

  @Field(() => SafeInt, { description: 'How many operations.' })
  deniedOperations!: number;

  @Field(() => Credits, { description: 'What they cost.' })
  deniedCredits!: number;
}

@ObjectType({
  description:
    'What a budget would have denied. Reservations pass or fall with all their lines that it is about, each in the window in which it was opened.',
  simpleResolvers: true,
})
export class BudgetPreview {
  @Field(() => DateTime, { description: "30 days of 24 hours before `to`, on the account's clock." })
  from!: number;

  @Field(() => DateTime, { description: "The account's now." })
  to!: number;

  @Field(() => SafeInt, { description: 'Operations done that it is about.' })
  operations!: number;

  @Field(() => Credits, { description: 'What they cost.' })
  credits!: number;

  @Field(() => SafeInt, { description: 'Those of them that it would have denied.' })
  deniedOperations!: number;

  @Field(() => Credits, { description: 'What those cost.' })
  deniedCredits!: number;

  @Field(() => [BudgetPreviewMember], {
    description: 'Members of whom it would have denied something, the most first.',
  })
  byMember!: BudgetPreviewMember[];
}

export const PreviewBudgetResult = createUnionType({
  name: 'PreviewBudgetResult',
  description: 'What a budget would have denied, or why that cannot be said.',
  types: () => [BudgetPreview, InvalidAmount] as const,
});
