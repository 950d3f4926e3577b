import { Arg, Ctx, Extensions, Mutation, Resolver } from 'type-graphql';
import type { DataSource } from 'typeorm';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { actorOf, assertOperator, assertScope } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';
import type { RequestContext } from '../auth/request-context.js';
import { type Catalog, findPriceList } from '../catalog/catalog.js';
import { showPriceList } from '../catalog/show-price-list.js';
import { forbidden, rateLimited } from '../kit/errors.js';
import { instance } from '../kit/instance.js';
import { paragraphs } from '../kit/paragraphs.js';
import { checkKey } from '../ledger/graph/check-input.js';
import type { Problem } from '../ledger/graph/problem.types.js';
import { showRefusal } from '../ledger/graph/show-refusal.js';
import type { Refusal } from '../ledger/core/outcome.js';
import { findInvalidPrices, readPrices, readPublicationNote } from './check-prices.js';
import { type Publication, type Published, publishPriceList } from './publish-price-list.js';
import { PriceListReceipt, PublishPriceListInput, PublishPriceListResult } from './prices.types.js';

export interface PricesResolverDeps {
  readonly dataSource: DataSource;
  readonly catalog: () => Catalog;
  /** The catalogue with all instants, once it knows the price list of a version that the database was seen to have. */
  readonly reach: (version: number) => Promise<Catalog>;
}

/** Every process reads the whole catalogue again after each publication. */
const PUBLICATIONS_PER_MINUTE = 120;
const COST_OF_A_PUBLICATION = 50;
/** Services and operators share the keys of a mutation; only operators publish. */
const SCOPE = 'publish|server';

/** What operators decide about prices. */
@Resolver()
export class PricesResolver {
  readonly #limit = new RateLimiterMemory({ points: PUBLICATIONS_PER_MINUTE, duration: 60 });
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly deps: PricesResolverDeps) {}

  @Extensions({ cost: COST_OF_A_PUBLICATION })
  @Mutation(() => PublishPriceListResult, {
    description: paragraphs(
      'Operators only: new costs of some operations, in whole credits a unit, for all accounts of a side, from an instant on: now, or later. What is not named keeps its cost. Quotes keep their price until they expire.',
      'Refusals: OperationUnknown (not sold at that instant), InvalidAmount, IdempotencyConflict. Errors: UNAUTHENTICATED, BAD_USER_INPUT naming what is malformed, FORBIDDEN without `prices:write`, RATE_LIMITED, UNAVAILABLE (repeat it with the same key).',
      'Concurrency: publications are made one after the other, and no two processes price one instant differently.',
      'Idempotency: the same key with the same input answers the first decision again, with `replayed: true`; with another input it is IdempotencyConflict. A key counts for one side.',
      'Rules: docs/domain.md, Catalogue; Idempotency.',
    ),
  })
  async publishPriceList(
    @Arg('input', () => PublishPriceListInput) input: PublishPriceListInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<PriceListReceipt | Problem> {
    assertOperator(caller);
    assertScope(caller, 'prices:write');
    const sandbox = sideOfPrices(caller, input.sandbox);
    checkKey(input.idempotencyKey);
    const prices = readPrices(input.prices);
    const note = readPublicationNote(input.note);
    const invalid = findInvalidPrices(prices, note);
    if (invalid !== null) return this.#refuse(invalid);
    await this.#admit(caller);
    const published = await this.#inTurn({
      sandbox,
      effectiveAt: input.effectiveAt ?? null,
      prices: prices.sort((a, b) => (a.operation < b.operation ? -1 : 1)),
      note,
      key: input.idempotencyKey,
      scope: SCOPE,
      actor: actorOf(caller),
    });
    if ('differs' in published) return this.#refuse({ kind: 'IdempotencyConflict', fields: published.differs });
    const { outcome, replayed } = published;
    if (outcome.kind !== 'published') return this.#refuse(outcome);
    const list = findPriceList(await this.deps.reach(outcome.version), outcome.version);
    if (list === null) throw new RangeError(`price list ${outcome.version} was written and is not there`);
    return instance(PriceListReceipt, { priceList: showPriceList(list), replayed });
  }

  async #admit(caller: Caller): Promise<void> {
    try {
      await this.#limit.consume(caller.id);
    } catch (refusal) {
      throw refusal instanceof RateLimiterRes ? rateLimited(refusal.msBeforeNext) : refusal;
    }
  }

  /** One after the other, so that those that wait keep no connection. */
  #inTurn(asked: Publication): Promise<Published> {
    const publish = () => publishPriceList(this.deps.dataSource, asked);
    const published = this.#turn.then(publish, publish);
    this.#turn = published;
    return published;
  }

  #refuse(refusal: Refusal): Problem {
    return showRefusal(this.deps.catalog(), '', refusal, false);
  }
}

/**
 * The side whose prices a caller is about: a sandbox caller's is its own, whatever it says.
 *
 * @returns whether it is that of sandbox accounts
 * @throws FORBIDDEN for who does not see all accounts of that side
 */
function sideOfPrices(caller: Caller, asked: boolean): boolean {
  if (caller.accounts !== 'all') throw forbidden('Prices are those of all accounts, and you see single ones only.');
  const sandbox = asked || !caller.sides.includes('live');
  if (sandbox && !caller.sides.includes('sandbox')) throw forbidden('You do not see sandbox accounts.');
  return sandbox;
}
