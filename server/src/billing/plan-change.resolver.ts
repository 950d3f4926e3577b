import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { RequestContext } from '../auth/request-context.js';
import type { PlanCode } from '../catalog/catalog.js';
import { PlanCodeEnum } from '../catalog/catalog.types.js';
import { paragraphs } from '../kit/paragraphs.js';
import type { Problem } from '../ledger/graph/problem.types.js';
import { changePlan, type ChangePlanDeps, previewPlanChange } from './change-plan.js';
import { ChangePlanInput, ChangePlanResult, PlanChangePreview, type PlanReceipt } from './plan-change.types.js';

/** On which plan an account is. */
@Resolver()
export class PlanChangeResolver {
  constructor(private readonly deps: ChangePlanDeps) {}

  @Query(() => PlanChangePreview, {
    description: paragraphs(
      'What `changePlan` would do for the caller, by the same function: what it grants and charges at once, from when on it is in force, what would wait, what would end. Writes nothing.',
      'Errors: NOT_FOUND for an unknown or foreign account, BAD_USER_INPUT for a malformed id, FORBIDDEN without `credits:read`.',
      'Concurrency: it is of the account as it is now; only `changePlan` decides.',
      'Rules: docs/domain.md, Plans.',
    ),
  })
  previewPlanChange(
    @Arg('accountId', () => ID, { description: 'Example: `acct_01jq3…`.' }) accountId: string,
    @Arg('plan', () => PlanCodeEnum, { description: 'The plan that it would be on.' }) plan: PlanCode,
    @Arg('checkout', () => Boolean, {
      defaultValue: false,
      description: 'Of a sandbox account: as if `changePlan` were asked with `checkout`.',
    })
    checkout: boolean,
    @Ctx() { caller }: RequestContext,
  ): Promise<PlanChangePreview> {
    return previewPlanChange(this.deps, caller, { accountId, plan, checkout });
  }

  @Mutation(() => ChangePlanResult, {
    description: paragraphs(
      'Puts an account on another plan. Up: at once, within the period; what its allowance is above the most that the plan granted in this period is granted until the boundary. Down: at the boundary (`Account.nextPlan`), taken back by asking for the present plan. From FREE to a paid plan: at once, with a period of its own from now on; what waited is usable again. Open holds and budgets stay as they are.',
      'Refusals: PaymentsUnavailable (an owner of a live account pays, and no provider is configured), PaymentDeclined, IdempotencyConflict. Errors: BAD_USER_INPUT naming what is malformed, NOT_FOUND for an unknown or foreign account, FORBIDDEN without `credits:purchase`, UNAVAILABLE (repeat it with the same key).',
      'Concurrency: changes are decided one after the other, each on the plan that the one before left. What is so already is answered as it is, and nothing changes.',
      'Idempotency: the same key with the same input answers the first decision again with `replayed: true`; account and balance are shown as they are now. With another input it is IdempotencyConflict.',
      'Rules: docs/domain.md, Plans; Idempotency.',
    ),
  })
  changePlan(
    @Arg('input', () => ChangePlanInput) input: ChangePlanInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<PlanReceipt | Problem> {
    return changePlan(this.deps, caller, input);
  }
}
