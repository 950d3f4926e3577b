import { Arg, Ctx, Extensions, FieldResolver, Resolver, Root } from 'type-graphql';
import type { DataSource } from 'typeorm';
import { Account } from '../accounts/accounts.types.js';
import { assertAccount, assertCaller } from '../auth/caller.js';
import type { HeavyReads } from '../auth/heavy-reads.js';
import type { RequestContext } from '../auth/request-context.js';
import type { Catalog, CreditType } from '../catalog/catalog.js';
import { CreditTypeEnum } from '../catalog/catalog.types.js';
import type { ShownAccount } from '../ledger/graph/account-snapshot.js';
import { Forecast, PlanAdvice } from './foresight.types.js';
import { readForecast, readPlanAdvice } from './read-foresight.js';

export interface ForesightResolverDeps {
  /** The pool of heavy reads. */
  readonly dataSource: DataSource;
  readonly heavyReads: HeavyReads;
  /** The catalogue with all instants, once it knows the price list of a version that the database was seen to have. */
  readonly reach: (version: number) => Promise<Catalog>;
}

/** Some days of usage, summed. */
const COST = 30;

/** How long credits last, and which plan suits. */
@Resolver(() => Account)
export class ForesightResolver {
  constructor(private readonly deps: ForesightResolverDeps) {}

  @Extensions({ cost: COST })
  @FieldResolver(() => Forecast, {
    description:
      'When what is available will be used up, going by the 14 whole days before today; equal questions on one day get equal answers. Errors: FORBIDDEN without `credits:read`, RATE_LIMITED for too many reports at once.',
  })
  forecast(
    @Arg('creditType', () => CreditTypeEnum, { defaultValue: 'STANDARD', description: 'What kind of credits.' })
    creditType: CreditType,
    @Root() { snapshot }: ShownAccount,
    @Ctx() { caller }: RequestContext,
  ): Promise<Forecast> {
    assertCaller(caller);
    assertAccount(caller, snapshot.state, 'credits:read');
    return this.deps.heavyReads.run(caller, () => readForecast(this.deps.dataSource, snapshot, creditType));
  }

  @Extensions({ cost: COST })
  @FieldResolver(() => PlanAdvice, {
    description:
      'What each plan, with the cheapest packs, would have cost and covered for what the account did in the last 30 days. Errors: FORBIDDEN without `credits:read`, RATE_LIMITED for too many reports at once.',
  })
  planAdvice(@Root() { snapshot }: ShownAccount, @Ctx() { caller }: RequestContext): Promise<PlanAdvice> {
    assertCaller(caller);
    assertAccount(caller, snapshot.state, 'credits:read');
    return this.deps.heavyReads.run(caller, async () =>
      readPlanAdvice(this.deps.dataSource, await this.deps.reach(snapshot.newestList), snapshot),
    );
  }
}
