import { createUnionType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { CreditPack, Money } from '../catalog/catalog.types.js';
import { connectionOf } from '../kit/page.js';
import { Credits, DateTime } from '../kit/scalars.js';
import type { PurchaseOrigin, PurchaseStatus } from '../ledger/core/purchase.js';
import { Balance, Grant } from '../ledger/graph/balance.types.js';
import {
  PackUnknown,
  PaymentDeclined,
  PaymentsUnavailable,
  PurchaseNotAllowed,
} from '../ledger/graph/payment-problem.types.js';
import { IdempotencyConflict, InvalidAmount } from '../ledger/graph/problem.types.js';

export const PurchaseStatusEnum: { readonly [K in PurchaseStatus]: K } = {
  PENDING: 'PENDING',
  PAID: 'PAID',
  FAILED: 'FAILED',
  CANCELED: 'CANCELED',
  PARTIALLY_REFUNDED: 'PARTIALLY_REFUNDED',
  REFUNDED: 'REFUNDED',
  DISPUTED: 'DISPUTED',
  CHARGED_BACK: 'CHARGED_BACK',
};
registerEnumType(PurchaseStatusEnum, {
  name: 'PurchaseStatus',
  description: 'What became of a purchase.',
  valuesConfig: {
    PENDING: { description: 'Not paid yet: 24 hours long it may be, at `checkoutUrl`.' },
    PAID: { description: 'Paid; its credits are there.' },
    FAILED: { description: 'The payment was declined; nothing was charged. A payment that still comes counts.' },
    CANCELED: { description: 'Given up, or not paid in time. A payment that still comes counts.' },
    PARTIALLY_REFUNDED: { description: 'Some of its credits were given back for money.' },
    REFUNDED: { description: 'All of its credits were given back for money.' },
    DISPUTED: { description: 'The buyer disputes the payment at the bank; what was left of it is revoked.' },
    CHARGED_BACK: { description: 'The bank took the money back for good.' },
  },
});

export const PurchaseOriginEnum: { readonly [K in PurchaseOrigin]: K } = { OWNER: 'OWNER', AUTO: 'AUTO' };
registerEnumType(PurchaseOriginEnum, {
  name: 'PurchaseOrigin',
  description: 'Who began a purchase.',
  valuesConfig: {
    OWNER: { description: 'Somebody who may buy for the account.' },
    AUTO: { description: 'Auto top-up.' },
  },
});

@ObjectType({ description: 'A pack that somebody is buying or bought.', simpleResolvers: true })
export class Purchase {
  @Field(() => ID, { description: 'Example: `pur_01jq3…`.' })
  id!: string;

  @Field(() => ID, { description: 'The account that it is for.' })
  accountId!: string;

  @Field(() => PurchaseOriginEnum, { description: 'Who began it.' })
  origin!: PurchaseOrigin;

  @Field(() => CreditPack, { description: 'As bought; a later change of the pack does not move it.' })
  pack!: CreditPack;

  @Field(() => Credits, { description: 'Credits paid for.' })
  credits!: number;

  @Field(() => Credits, { description: 'Credits on top, free of charge.' })
  bonusCredits!: number;

  @Field(() => Money, { description: 'What was or is to be paid, in minor units.' })
  price!: Money;

  @Field(() => Credits, { description: 'Taken back by a dispute but already spent or held; 0 without one.' })
  unrecovered!: number;

  @Field(() => Money, { description: 'Paid out twice: refunded before and taken by the dispute.' })
  unrecoveredMoney!: Money;

  @Field(() => PurchaseStatusEnum, { description: 'What became of it.' })
  status!: PurchaseStatus;

  @Field(() => Grant, { nullable: true, description: 'The credits paid for; null until it is paid.' })
  grant!: Grant | null;

  @Field(() => Grant, { nullable: true, description: 'The credits on top; null until it is paid, or without any.' })
  bonusGrant!: Grant | null;

  @Field(() => String, { nullable: true, description: 'Where the buyer pays; null: nowhere any more, or not yet.' })
  checkoutUrl!: string | null;

  @Field(() => Boolean, {
    description: 'Whether the bank wants the buyer to confirm the payment, at `checkoutUrl`; only while it is PENDING.',
  })
  needsBuyer!: boolean;

  @Field(() => String, { nullable: true, description: "The provider's receipt." })
  receiptUrl!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was declined. Example: `card_declined`.' })
  declineCode!: string | null;

  @Field(() => DateTime, { description: "When it was begun, on the account's clock." })
  createdAt!: number;

  @Field(() => DateTime, { nullable: true, description: 'When the payment was known.' })
  paidAt!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When its credits expire; null: never, or not paid.' })
  expiresAt!: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Until when what is unused can be given back; work that may still be committed prolongs it.',
  })
  refundableUntil!: number | null;

  @Field(() => Credits, { description: 'How many credits could be given back for money now.' })
  refundableCredits!: number;

  @Field(() => Money, { description: 'The money for them.' })
  refundable!: Money;

  @Field(() => Money, { description: 'Money given back so far.' })
  refunded!: Money;
}

export const PurchaseConnection = connectionOf('Purchase', () => Purchase);

@ObjectType({ description: 'A purchase as it is now.', simpleResolvers: true })
export class PurchaseReceipt {
  @Field(() => Purchase, { description: 'As it is now.' })
  purchase!: Purchase;

  @Field(() => Balance, { description: 'As it is now, of the credit type of the pack.' })
  balance!: Balance;

  @Field(() => Boolean, { description: 'True when this answers a repeated key.' })
  replayed!: boolean;
}

@InputType({ description: 'A pack to buy.' })
export class PurchaseCreditsInput {
  @Field(() => ID, { description: 'Example: `acct_01jq3…`.' })
  accountId!: string;

  @Field(() => ID, { description: 'As in `pack.200`.' })
  packId!: string;

  @Field(() => String, { description: '1 to 255 visible ASCII characters; the same for a repetition.' })
  idempotencyKey!: string;

  @Field(() => String, {
    nullable: true,
    description: "Where the checkout leads back to, on an allowed origin; default: the dashboard's billing.",
  })
  returnUrl?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether the buyer is asked to have the payment method saved, for auto top-up.',
  })
  savePaymentMethod!: boolean;
}

export const PurchaseCreditsResult = createUnionType({
  name: 'PurchaseCreditsResult',
  description: 'The purchase, or why it was not begun.',
  types: () =>
    [
      PurchaseReceipt,
      PurchaseNotAllowed,
      PackUnknown,
      PaymentDeclined,
      PaymentsUnavailable,
      InvalidAmount,
      IdempotencyConflict,
    ] as const,
});
