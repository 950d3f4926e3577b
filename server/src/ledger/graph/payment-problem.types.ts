import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { PlanCode } from '../../catalog/catalog.js';
import { Plan, PlanCodeEnum } from '../../catalog/catalog.types.js';
import type { RefundProblem } from '../core/refundable.js';
import { Problem } from './problem.types.js';

const RefundProblemEnum: { readonly [K in RefundProblem]: K } = {
  NOT_PAID: 'NOT_PAID',
  WINDOW_PASSED: 'WINDOW_PASSED',
  NOTHING_UNUSED: 'NOTHING_UNUSED',
  DISPUTED: 'DISPUTED',
  WORK_MAY_STILL_LAND: 'WORK_MAY_STILL_LAND',
};
registerEnumType(RefundProblemEnum, {
  name: 'RefundProblem',
  description: 'Why nothing of a purchase is refunded.',
  valuesConfig: {
    NOT_PAID: { description: 'It is not paid, or was given up.' },
    WINDOW_PASSED: { description: 'The time in which the pack can be refunded is over.' },
    NOTHING_UNUSED: {
      description:
        'All of it was spent, is on hold, has expired or was refunded. What holds give back can be refunded then.',
    },
    DISPUTED: { description: 'Its payment is disputed at the bank, or was taken back by it.' },
    WORK_MAY_STILL_LAND: {
      description:
        'Holds that expired within 24 hours may still claim what is left: try again later. The window waits for them.',
    },
  },
});

@ObjectType({ implements: Problem, description: 'No pack has this id.', simpleResolvers: true })
export class PackUnknown extends Problem {}

@ObjectType({ implements: Problem, description: 'The plan may not buy packs.', simpleResolvers: true })
export class PurchaseNotAllowed extends Problem {
  @Field(() => PlanCodeEnum, { description: 'The plan that the account was on.' })
  plan!: PlanCode;

  @Field(() => Plan, { nullable: true, description: 'The cheapest plan that may buy them.' })
  upgrade!: Plan | null;
}

@ObjectType({
  implements: Problem,
  description: 'No payment provider is configured for live accounts.',
  simpleResolvers: true,
})
export class PaymentsUnavailable extends Problem {}

@ObjectType({ implements: Problem, description: 'Nothing of this purchase is refunded now.', simpleResolvers: true })
export class RefundNotAllowed extends Problem {
  @Field(() => RefundProblemEnum, { description: 'Why.' })
  reason!: RefundProblem;
}

@ObjectType({
  implements: Problem,
  description: 'The payment was declined. Nothing was charged.',
  simpleResolvers: true,
})
export class PaymentDeclined extends Problem {
  @Field(() => String, { description: "The provider's word for why. Example: `insufficient_funds`." })
  declineCode!: string;
}
