import { createUnionType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { CreditType } from '../catalog/catalog.js';
import { CreditPack, CreditTypeEnum, Money } from '../catalog/catalog.types.js';
import { Credits } from '../kit/scalars.js';
import { PackUnknown, PaymentsUnavailable, PurchaseNotAllowed } from '../ledger/graph/payment-problem.types.js';
import type { TopUpOff } from '../ledger/core/billing.js';
import { IdempotencyConflict, InvalidAmount, Problem } from '../ledger/graph/problem.types.js';
import { Purchase } from './purchases.types.js';

const AutoTopUpOffEnum: { readonly [K in TopUpOff | 'NEVER_ON']: K } = {
  NEVER_ON: 'NEVER_ON',
  TURNED_OFF: 'TURNED_OFF',
  DECLINED: 'DECLINED',
  DISPUTED: 'DISPUTED',
  NO_PAYMENT_METHOD: 'NO_PAYMENT_METHOD',
  PLAN: 'PLAN',
};
registerEnumType(AutoTopUpOffEnum, {
  name: 'AutoTopUpOff',
  description: 'Why auto top-up is off.',
  valuesConfig: {
    NEVER_ON: { description: 'Nobody has turned it on yet.' },
    TURNED_OFF: { description: 'Somebody turned it off.' },
    DECLINED: { description: 'Three payments in a row were declined.' },
    DISPUTED: { description: 'A payment was disputed at the bank.' },
    NO_PAYMENT_METHOD: { description: 'The payment method was removed.' },
    PLAN: { description: 'The plan may not buy packs.' },
  },
});

@ObjectType({
  description: 'The saved payment method, as far as the provider tells of it. No card data ever reaches this service.',
  simpleResolvers: true,
})
export class PaymentMethod {
  @Field(() => String, { description: 'Example: `visa`.' })
  brand!: string;

  @Field(() => String, { description: 'The last four digits.' })
  last4!: string;

  @Field(() => Int, { description: '1 to 12: it can be charged until the end of this month.' })
  expiresMonth!: number;

  @Field(() => Int, { description: 'Of that month. Example: 2031.' })
  expiresYear!: number;
}

@ObjectType({ description: 'Buys a pack by itself when credits run low.', simpleResolvers: true })
export class AutoTopUp {
  @Field(() => CreditTypeEnum, { description: 'Which credits it looks after.' })
  creditType!: CreditType;

  @Field(() => Boolean, { description: 'Whether it is on.' })
  enabled!: boolean;

  @Field(() => AutoTopUpOffEnum, { nullable: true, description: 'Why it is off; null while it is on.' })
  offBecause!: TopUpOff | 'NEVER_ON' | null;

  @Field(() => CreditPack, { nullable: true, description: 'What it buys; null when nobody has said so yet.' })
  pack!: CreditPack | null;

  @Field(() => Credits, { description: 'It buys when what is available is at or below this.' })
  threshold!: number;

  @Field(() => Int, { description: 'The most that it buys in a period.' })
  purchasesPerPeriodMax!: number;

  @Field(() => Int, { description: 'What it has begun to buy in this period; declined purchases do not count.' })
  purchasesThisPeriod!: number;

  @Field(() => Purchase, {
    nullable: true,
    description:
      'The purchase in flight: nothing else is bought until it ends. At its `checkoutUrl` the bank wants the buyer.',
  })
  pending!: Purchase | null;
}

@InputType({ description: 'How auto top-up of a credit type is to be.' })
export class SetAutoTopUpInput {
  @Field(() => ID, { description: 'Example: `acct_01jq3…`.' })
  accountId!: string;

  @Field(() => CreditTypeEnum, { defaultValue: 'STANDARD', description: 'Which credits it looks after.' })
  creditType!: CreditType;

  @Field(() => Boolean, { description: 'False turns it off; pack, threshold and cap then stay as they are.' })
  enabled!: boolean;

  @Field(() => ID, { nullable: true, description: 'What it buys, as in `pack.200`. Needed to turn it on.' })
  packId?: string | null;

  @Field(() => Credits, {
    nullable: true,
    description: 'It buys when what is available is at or below this. Needed to turn it on.',
  })
  threshold?: number | null;

  @Field(() => Int, { defaultValue: 3, description: 'The most that it buys in a period, 1 to 20.' })
  purchasesPerPeriodMax!: number;
}

@ObjectType({ description: 'What `setAutoTopUp` would do.', simpleResolvers: true })
export class AutoTopUpPreview {
  @Field(() => Boolean, {
    description: 'True: it would buy at once, since available is at or below the threshold already.',
  })
  buysNow!: boolean;

  @Field(() => Money, { description: 'What each purchase costs.' })
  price!: Money;

  @Field(() => Money, { description: 'The most that it spends in a period.' })
  mostPerPeriod!: Money;
}

@ObjectType({ description: 'How auto top-up is now.', simpleResolvers: true })
export class AutoTopUpReceipt {
  @Field(() => Boolean, { description: 'True when this answers a repeated key.' })
  replayed!: boolean;

  @Field(() => AutoTopUp, { description: 'As it is now.' })
  autoTopUp!: AutoTopUp;

  @Field(() => Purchase, {
    nullable: true,
    description: 'Begun at once, when available was at or below the threshold already.',
  })
  purchase!: Purchase | null;
}

@ObjectType({
  implements: Problem,
  description: 'No payment method is saved that could be charged without the buyer.',
  simpleResolvers: true,
})
export class PaymentMethodMissing extends Problem {
  @Field(() => String, { description: 'Leads to a checkout that saves one. Nothing is charged there.' })
  checkoutUrl!: string;
}

@ObjectType({ description: 'A checkout that saves a payment method and charges nothing.', simpleResolvers: true })
export class PaymentMethodCheckout {
  @Field(() => String, { description: 'Where the buyer agrees; from then on the method is the one that is saved.' })
  checkoutUrl!: string;
}

export const PreviewAutoTopUpResult = createUnionType({
  name: 'PreviewAutoTopUpResult',
  description: 'What it would do, or why it cannot be set.',
  types: () =>
    [
      AutoTopUpPreview,
      InvalidAmount,
      PackUnknown,
      PurchaseNotAllowed,
      PaymentMethodMissing,
      PaymentsUnavailable,
    ] as const,
});

export const SetAutoTopUpResult = createUnionType({
  name: 'SetAutoTopUpResult',
  description: 'How auto top-up is now, or why it was not set.',
  types: () =>
    [
      AutoTopUpReceipt,
      InvalidAmount,
      PackUnknown,
      PurchaseNotAllowed,
      PaymentMethodMissing,
      PaymentsUnavailable,
      IdempotencyConflict,
    ] as const,
});
