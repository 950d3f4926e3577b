import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { AccountDirectory } from '../accounts/account-directory.js';
import { readAccountId } from '../accounts/account-id.js';
import { Account } from '../accounts/accounts.types.js';
import { assertAccount, assertCaller } from '../auth/caller.js';
import type { RequestContext } from '../auth/request-context.js';
import { type Catalog, cheapestCost, CREDIT_TYPES, type CreditType, priceListAt } from '../catalog/catalog.js';
import type { History } from '../db/history.js';
import { notFound } from '../kit/errors.js';
import { instance } from '../kit/instance.js';
import { paragraphs } from '../kit/paragraphs.js';
import type { ShownAccount } from '../ledger/graph/account-snapshot.js';
import { toActor } from '../ledger/graph/command-input.js';
import type { Problem } from '../ledger/graph/problem.types.js';
import { showBalance } from '../ledger/graph/show-balance.js';
import { showRefusal } from '../ledger/graph/show-refusal.js';
import { balanceOf } from '../ledger/core/balance.js';
import type { Ledger } from '../ledger/core/ledger.js';
import type { AccountState } from '../ledger/core/state.js';
import { rearmsAt, thresholdOf } from './cross-levels.js';
import {
  LowBalanceLevel,
  LowBalanceLevelsReceipt,
  SetLowBalanceLevelsInput,
  SetLowBalanceLevelsResult,
} from './levels.types.js';
import { readLevels } from './read-levels.js';

export interface LevelsResolverDeps {
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly directory: AccountDirectory;
  readonly catalog: () => Catalog;
  readonly history: Pick<History, 'present'>;
  /** Epoch milliseconds: the wall clock, by which prices are chosen. */
  readonly clock: () => number;
}

/** When an account is warned that its credits run low. */
@Resolver(() => Account)
export class LevelsResolver {
  constructor(private readonly deps: LevelsResolverDeps) {}

  @FieldResolver(() => [LowBalanceLevel], {
    description: 'The low-balance rules of both credit types, as they were set.',
  })
  lowBalanceLevels(@Root() { snapshot }: ShownAccount, @Ctx() { caller }: RequestContext): LowBalanceLevel[] {
    assertAccount(caller, snapshot.state, 'credits:read');
    return CREDIT_TYPES.flatMap((creditType) => this.#show(snapshot.state, creditType));
  }

  @Mutation(() => SetLowBalanceLevelsResult, {
    description: paragraphs(
      "Replaces an account's low-balance rules of one credit type: a percent of the base, or absolute credits. A rule whose threshold is at or above what is available starts fired, without an event; the others fire when the balance falls to them.",
      'Refusals: InvalidAmount naming the field. Errors: UNAUTHENTICATED, BAD_USER_INPUT naming what is malformed, NOT_FOUND for an unknown or foreign account, FORBIDDEN without `keys:admin`, UNAVAILABLE (repeat it).',
      'Concurrency: it takes a version of its own, between two movements. Repeating it changes nothing, so it needs no key.',
      'Rules: docs/domain.md, Thresholds, events, notifications.',
    ),
  })
  async setLowBalanceLevels(
    @Arg('input', () => SetLowBalanceLevelsInput) input: SetLowBalanceLevelsInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<LowBalanceLevelsReceipt | Problem> {
    assertCaller(caller);
    const { creditType } = input;
    const { ledger, directory, catalog } = this.deps;
    const accountId = readAccountId(input.accountId, 'accountId');
    assertAccount(caller, await directory.findFor(caller, accountId), 'keys:admin');
    const history = this.deps.history.present.publicId;
    const levels = readLevels(input.levels);
    if ('field' in levels) return showRefusal(catalog(), history, { kind: 'InvalidAmount', ...levels }, false);
    const outcome = await ledger.submit({ type: 'set-levels', accountId, actor: toActor(caller), creditType, levels });
    if (outcome.kind !== 'levels') throw notFound('This account');
    return instance(LowBalanceLevelsReceipt, {
      levels: this.#show(outcome.account, creditType),
      balance: showBalance(balanceOf(outcome.account, creditType), history),
    });
  }

  #show({ credits, sandbox }: AccountState, creditType: CreditType): LowBalanceLevel[] {
    const prices = priceListAt(this.deps.catalog(), this.deps.clock(), sandbox);
    const cheapest = cheapestCost(prices, creditType);
    return credits[creditType].levels.map((rule) => ({
      creditType,
      level: rule.level,
      threshold: thresholdOf(rule) ?? 0,
      percent: rule.percent,
      fired: rule.firedAt !== null,
      rearmsAt: rearmsAt(rule, cheapest),
    }));
  }
}
