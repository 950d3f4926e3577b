import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { Money } from '../catalog/catalog.types.js';
import { Credits } from '../kit/scalars.js';
import { RefundNotAllowed } from '../ledger/graph/payment-problem.types.js';
import { IdempotencyConflict } from '../ledger/graph/problem.types.js';
import { Purchase, PurchaseReceipt } from './purchases.types.js';

@InputType({ description: 'A purchase to refund.' })
export class RefundPurchaseInput {
  @Field(() => ID, { description: 'Example: `pur_01jq3…`.' })
  purchaseId!: string;

  @Field(() => String, { description: '1 to 255 visible ASCII characters; the same for a repetition.' })
  idempotencyKey!: string;
}

export const RefundPurchaseResult = createUnionType({
  name: 'RefundPurchaseResult',
  description: 'The purchase after the refund, or why nothing was refunded.',
  types: () => [PurchaseReceipt, RefundNotAllowed, IdempotencyConflict] as const,
});

@ObjectType({ description: 'What a refund would do now.', simpleResolvers: true })
export class RefundPreview {
  @Field(() => Purchase, { description: 'As it is now.' })
  purchase!: Purchase;

  @Field(() => Credits, { description: 'Bought credits that money is given back for. Example: `130`.' })
  refundedCredits!: number;

  @Field(() => Credits, { description: 'What is free of the purchase beyond that, and goes with it. Example: `20`.' })
  revokedCredits!: number;

  @Field(() => Money, { description: 'What the buyer gets back.' })
  money!: Money;

  @Field(() => Credits, { description: "The account's available credits of that type after it." })
  balanceAfter!: number;

  @Field(() => RefundNotAllowed, {
    nullable: true,
    description: 'Why nothing would be refunded; null: something would.',
  })
  notAllowed!: RefundNotAllowed | null;
}
