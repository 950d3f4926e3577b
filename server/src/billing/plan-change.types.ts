import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { Account } from '../accounts/accounts.types.js';
import type { PlanCode } from '../catalog/catalog.js';
import { Money, Plan, PlanCodeEnum } from '../catalog/catalog.types.js';
import { Credits, DateTime } from '../kit/scalars.js';
import { Balance } from '../ledger/graph/balance.types.js';
import { PaymentDeclined, PaymentsUnavailable } from '../ledger/graph/payment-problem.types.js';
import { IdempotencyConflict } from '../ledger/graph/problem.types.js';

@InputType({ description: 'The plan that an account is to be on.' })
export class ChangePlanInput {
  @Field(() => ID, { description: 'Whose plan.' })
  accountId!: string;

  @Field(() => PlanCodeEnum, {
    description: 'Up: at once. Down: at the boundary. The present plan: takes back what was to take over.',
  })
  plan!: PlanCode;

  @Field(() => String, {
    description:
      '1 to 255 visible ASCII characters. The same key with the same input answers what was decided first; kept at least 30 days.',
  })
  idempotencyKey!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Sandbox accounts only, to try the payment; live owners always pay, services and operators never.',
  })
  checkout!: boolean;

  @Field(() => String, {
    nullable: true,
    description: "Where the checkout leads back to, on an allowed origin; default: the dashboard's billing.",
  })
  returnUrl?: string | null;
}

@ObjectType({ description: 'What `changePlan` would do, by the same function.', simpleResolvers: true })
export class PlanChangePreview {
  @Field(() => Plan, { description: 'The plan that was asked for.' })
  plan!: Plan;

  @Field(() => DateTime, { description: 'From when on it is in force.' })
  effectiveAt!: number;

  @Field(() => Money, {
    nullable: true,
    description: 'What the caller would be charged at once; null: nothing is charged by this service.',
  })
  chargeNow!: Money | null;

  @Field(() => Credits, { description: 'Granted at once.' })
  creditsNow!: number;

  @Field(() => Credits, { description: 'The allowance of each period from then on.' })
  monthlyCreditsAfter!: number;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Until when the credits that are granted at once last; null: none are.',
  })
  creditsNowUntil!: number | null;

  @Field(() => Credits, { description: 'Unheld purchased STANDARD credits that would wait until a paid plan.' })
  waitingAfter!: number;

  @Field(() => Credits, { description: 'Unheld purchased SCAN credits that would wait until a paid plan.' })
  scanWaitingAfter!: number;

  @Field(() => Credits, { description: 'Unheld STANDARD credits that end when it takes effect.' })
  lost!: number;

  @Field(() => Boolean, { description: 'Whether images, audio and video may then be generated.' })
  productionRoomAfter!: boolean;

  @Field(() => Boolean, { description: 'Whether Deep Scans may then be run.' })
  deepScansAfter!: boolean;
}

@ObjectType({ description: 'The account with its plan, and the balance.', simpleResolvers: true })
export class PlanReceipt {
  @Field(() => Account, { description: 'As it is now.' })
  account!: Account;

  @Field(() => Balance, { description: 'STANDARD, as it is now.' })
  balance!: Balance;

  @Field(() => DateTime, { description: 'From when on the plan that was asked for is in force.' })
  effectiveAt!: number;

  @Field(() => Boolean, { description: 'True when this answers a repeated key.' })
  replayed!: boolean;
}

@ObjectType({ description: 'To be paid first; the plan changes when it is.', simpleResolvers: true })
export class PlanPaymentPending {
  @Field(() => Plan, { description: 'The plan that is paid for.' })
  plan!: Plan;

  @Field(() => Money, { description: 'What is to be paid now.' })
  price!: Money;

  @Field(() => String, { description: 'Where it is paid.' })
  checkoutUrl!: string;

  @Field(() => DateTime, { description: 'Until when it can be paid.' })
  expiresAt!: number;

  @Field(() => Boolean, { description: 'True when this answers a repeated key.' })
  replayed!: boolean;
}

export const ChangePlanResult = createUnionType({
  name: 'ChangePlanResult',
  description: 'The account on its plan, what is to be paid first, or why nothing changed.',
  types: () => [PlanReceipt, PlanPaymentPending, PaymentDeclined, PaymentsUnavailable, IdempotencyConflict] as const,
});
