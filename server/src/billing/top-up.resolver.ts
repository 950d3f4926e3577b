import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Account } from '../accounts/accounts.types.js';
import type { RequestContext } from '../auth/request-context.js';
import type { Catalog, CreditType } from '../catalog/catalog.js';
import { CreditTypeEnum } from '../catalog/catalog.types.js';
import type { History } from '../db/history.js';
import { notFound } from '../kit/errors.js';
import { instance } from '../kit/instance.js';
import { paragraphs } from '../kit/paragraphs.js';
import { purchasesIn } from '../ledger/core/top-up.js';
import type { AccountSnapshot, ShownAccount } from '../ledger/graph/account-snapshot.js';
import type { Problem } from '../ledger/graph/problem.types.js';
import { showRefusal } from '../ledger/graph/show-refusal.js';
import { changeMethod, type MethodDeps, removeMethod } from './change-method.js';
import { previewTopUp, setTopUp, type TopUpDeps } from './set-top-up.js';
import { findShownPurchase, type ShowPurchasesDeps } from './show-purchases.js';
import {
  AutoTopUp,
  AutoTopUpPreview,
  AutoTopUpReceipt,
  PaymentMethod,
  PaymentMethodCheckout,
  PaymentMethodMissing,
  PreviewAutoTopUpResult,
  SetAutoTopUpInput,
  SetAutoTopUpResult,
} from './top-up.types.js';

export interface TopUpResolverDeps extends TopUpDeps, MethodDeps, ShowPurchasesDeps {
  readonly catalog: () => Catalog;
  readonly history: Pick<History, 'present'>;
}

const PURCHASES_PER_PERIOD = 3;

/** Auto top-up, and the payment method that it charges. */
@Resolver(() => Account)
export class TopUpResolver {
  constructor(private readonly deps: TopUpResolverDeps) {}

  @FieldResolver(() => AutoTopUp, { description: 'Buys a pack by itself when credits of this type run low.' })
  autoTopUp(
    @Root() { snapshot }: ShownAccount,
    @Arg('creditType', () => CreditTypeEnum, { defaultValue: 'STANDARD', description: 'Which credits.' })
    creditType: CreditType,
  ): Promise<AutoTopUp> {
    return this.#show(snapshot, creditType);
  }

  @FieldResolver(() => PaymentMethod, {
    nullable: true,
    description: 'The payment method that can be charged without the buyer; null: none is saved.',
  })
  paymentMethod(@Root() { snapshot }: ShownAccount): PaymentMethod | null {
    const method = snapshot.state.billing?.method ?? null;
    if (method === null) return null;
    const { brand, last4, expiresMonth, expiresYear } = method;
    return instance(PaymentMethod, { brand, last4, expiresMonth, expiresYear });
  }

  @Query(() => PreviewAutoTopUpResult, {
    description: paragraphs(
      'What `setAutoTopUp` would do now, by the same function: whether it buys at once, what each purchase costs, the most that a period may cost. Writes nothing.',
      'Refusals: InvalidAmount (`purchasesPerPeriodMax`; `packId` for a pack of other credits), PackUnknown, PurchaseNotAllowed, PaymentMethodMissing, PaymentsUnavailable. Errors: BAD_USER_INPUT naming the field, NOT_FOUND for an unknown or foreign account, FORBIDDEN without `credits:read`, UNAVAILABLE.',
      'Rules: docs/domain.md, Auto top-up.',
    ),
  })
  async previewAutoTopUp(
    @Arg('input', () => SetAutoTopUpInput) input: SetAutoTopUpInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<AutoTopUpPreview | Problem> {
    const said = await previewTopUp(this.deps, caller, input);
    if (said.kind === 'methodMissing') return showMissing(said.checkoutUrl);
    if (said.kind === 'refused')
      return showRefusal(this.deps.catalog(), this.deps.history.present.publicId, said.refusal, said.replayed);
    const { buysNow, price, mostMinor } = said;
    return instance(AutoTopUpPreview, { buysNow, price, mostPerPeriod: { ...price, amountMinor: mostMinor } });
  }

  @Mutation(() => SetAutoTopUpResult, {
    description: paragraphs(
      'Buys the pack by itself when available falls to the threshold; off until an owner turns it on. A reserve, a spend, an addition or a commit that leaves available at or below the threshold, or a refusal for want of credits, begins the purchase in the same step; the saved payment method is charged right after, without the buyer. Turned on at or below the threshold it buys at once.',
      'One purchase is in flight at a time, `purchasesPerPeriodMax` begin in a period, and after a declined one it waits an hour. Three declined in a row, a dispute, the removal of the payment method and a plan that may not buy turn it off (AUTO_TOP_UP_OFF).',
      'Refusals: InvalidAmount (`purchasesPerPeriodMax`; `packId` for a pack of other credits), PackUnknown, PurchaseNotAllowed, PaymentMethodMissing (its checkout saves one), PaymentsUnavailable, IdempotencyConflict. Errors: BAD_USER_INPUT naming the field, NOT_FOUND for an unknown or foreign account, FORBIDDEN without `credits:purchase`, RATE_LIMITED beyond 60 a minute with purchases, UNAVAILABLE (repeat it with the same key).',
      'Concurrency: decided in one step with everything else of the account; however many reserve at once, one purchase begins.',
      'Idempotency: the same key with the same input answers the first decision again, refusals too, with `replayed: true`; auto top-up and purchase are shown as they are now. With another input it is IdempotencyConflict. A key counts for one account, this mutation, and each user apart (services and operators together).',
      'Rules: docs/domain.md, Auto top-up; Idempotency.',
    ),
  })
  async setAutoTopUp(
    @Arg('input', () => SetAutoTopUpInput) input: SetAutoTopUpInput,
    @Arg('idempotencyKey', () => String, {
      description: '1 to 255 visible ASCII characters; the same for a repetition.',
    })
    idempotencyKey: string,
    @Ctx() { caller }: RequestContext,
  ): Promise<AutoTopUpReceipt | Problem> {
    const outcome = await setTopUp(this.deps, caller, input, idempotencyKey);
    if (outcome.kind === 'methodMissing') return showMissing(outcome.checkoutUrl);
    if (outcome.kind === 'refused')
      return showRefusal(this.deps.catalog(), this.deps.history.present.publicId, outcome.refusal, outcome.replayed);
    const [snapshot] = await this.deps.accounts.readAll([outcome.account.id]);
    if (snapshot === undefined) throw notFound('This account');
    return instance(AutoTopUpReceipt, {
      replayed: outcome.replayed,
      autoTopUp: await this.#show(snapshot, outcome.creditType),
      purchase: await findShownPurchase(this.deps, snapshot, outcome.purchaseId),
    });
  }

  @Mutation(() => PaymentMethodCheckout, {
    description: paragraphs(
      'Opens a checkout that saves a payment method in the place of the one before; no purchase, nothing is charged. It is saved when the buyer agrees there, and can then be charged without them by auto top-up.',
      'Errors: BAD_USER_INPUT naming the field (`returnUrl` for one that is not on an allowed origin), NOT_FOUND for an unknown or foreign account, FORBIDDEN without `credits:purchase` or where nobody takes money for the account, RATE_LIMITED beyond 60 a minute with purchases, UNAVAILABLE.',
    ),
  })
  async updatePaymentMethod(
    @Arg('accountId', () => ID, { description: 'Example: `acct_01jq3…`.' }) accountId: string,
    @Arg('returnUrl', () => String, {
      nullable: true,
      description: "Where the checkout leads back to, on an allowed origin; default: the dashboard's billing.",
    })
    returnUrl: string | null | undefined,
    @Ctx() { caller }: RequestContext,
  ): Promise<PaymentMethodCheckout> {
    const checkoutUrl = await changeMethod(this.deps, caller, { accountId, returnUrl });
    return instance(PaymentMethodCheckout, { checkoutUrl });
  }

  @Mutation(() => ID, {
    description: paragraphs(
      'Has the provider forget the saved payment method, and turns auto top-up off, since nothing can be charged (AUTO_TOP_UP_OFF). Without one nothing changes. A purchase in flight stays as it is.',
      'Errors: BAD_USER_INPUT `accountId`, NOT_FOUND for an unknown or foreign account, FORBIDDEN without `credits:purchase`, UNAVAILABLE.',
    ),
  })
  async removePaymentMethod(
    @Arg('accountId', () => ID, { description: 'Example: `acct_01jq3…`.' }) accountId: string,
    @Ctx() { caller }: RequestContext,
  ): Promise<string> {
    await removeMethod(this.deps, caller, accountId);
    return accountId;
  }

  async #show(snapshot: AccountSnapshot, creditType: CreditType): Promise<AutoTopUp> {
    const { state } = snapshot;
    const topUp = state.billing?.topUps[creditType] ?? null;
    return instance(AutoTopUp, {
      creditType,
      enabled: topUp?.offBecause === null,
      offBecause: topUp === null ? 'NEVER_ON' : topUp.offBecause,
      pack: this.deps.catalog().packs.find(({ id }) => id === topUp?.packId) ?? null,
      threshold: topUp?.threshold ?? 0,
      purchasesPerPeriodMax: topUp?.purchasesPerPeriodMax ?? PURCHASES_PER_PERIOD,
      purchasesThisPeriod: topUp === null ? 0 : purchasesIn(topUp, state.period.number),
      pending: await findShownPurchase(this.deps, snapshot, topUp?.pendingId ?? null),
    });
  }
}

function showMissing(checkoutUrl: string): PaymentMethodMissing {
  return instance(PaymentMethodMissing, {
    message: 'No payment method is saved that could be charged without the buyer: save one at the checkout first.',
    checkoutUrl,
  });
}
