import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { assertCaller } from '../auth/caller.js';
import type { RequestContext } from '../auth/request-context.js';
import { DateTime } from '../kit/scalars.js';
import { priceListAt } from './catalog.js';
import type * as catalog from './catalog.js';
import { CreditPack, Plan, PriceList } from './catalog.types.js';
import type { PriceClock } from './price-gate.js';
import { showPriceList } from './show-price-list.js';

export interface CatalogResolverDeps {
  readonly catalog: () => catalog.Catalog;
  /** By which prices are chosen. */
  readonly priceClock: () => Promise<PriceClock>;
  /** The catalogue with all instants, once it knows the price list of a version that the database was seen to have. */
  readonly reach: (version: number) => Promise<catalog.Catalog>;
}

/** What is sold and what it costs, the same for every caller. */
@Resolver()
export class CatalogResolver {
  constructor(private readonly deps: CatalogResolverDeps) {}

  @Query(() => [Plan], { description: 'Every plan, smallest first. Any scope will do.' })
  plans(@Ctx() { caller }: RequestContext): Plan[] {
    assertCaller(caller);
    return [...this.deps.catalog().plans.values()];
  }

  @Query(() => PriceList, {
    description:
      'The price list in force at an instant, by default now. A future instant gives what is known today. Any scope will do. Errors: BAD_USER_INPUT for an instant that is none.',
  })
  async priceList(
    @Ctx() { caller }: RequestContext,
    @Arg('at', () => DateTime, { nullable: true, description: "Default: now, by the database's clock." })
    at: number | null | undefined,
    @Arg('sandbox', () => Boolean, {
      defaultValue: false,
      description: "True: the prices of sandbox accounts; they too go by the wall clock, and not by the account's own.",
    })
    sandbox: boolean,
  ): Promise<PriceList> {
    assertCaller(caller);
    const { now, newestList } = await this.deps.priceClock();
    return showPriceList(priceListAt(await this.deps.reach(newestList), at ?? now, sandbox));
  }

  @Query(() => [CreditPack], { description: 'Every pack, smallest first within its credit type. Any scope will do.' })
  creditPacks(@Ctx() { caller }: RequestContext): CreditPack[] {
    assertCaller(caller);
    return [...this.deps.catalog().packs];
  }
}
