import { Arg, Ctx, Extensions, Mutation, Query, Resolver } from 'type-graphql';
import type { DataSource } from 'typeorm';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { actorOf, assertOperator, assertScope } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';
import type { RequestContext } from '../auth/request-context.js';
import { type Catalog, findPriceList } from '../catalog/catalog.js';
import { showPriceList } from '../catalog/show-price-list.js';
import { rateLimited } from '../kit/errors.js';
import { instance } from '../kit/instance.js';
import { paragraphs } from '../kit/paragraphs.js';
import { checkKey } from '../ledger/graph/check-input.js';
import type { Problem } from '../ledger/graph/problem.types.js';
import { showRefusal } from '../ledger/graph/show-refusal.js';
import type { Refusal } from '../ledger/core/outcome.js';
import { findInvalidPrices, readPrices, readPublicationNote } from './check-prices.js';
import { sideOfPrices } from './side-of-prices.js';
import { type Publication, type Published, publishPriceList } from './publish-price-list.js';
import { PreviewPrices, type PreviewPricesDeps } from './preview-prices.js';
import {
  PreviewPriceListInput,
  PriceListPreview,
  PriceListReceipt,
  PublishPriceListInput,
  PublishPriceListResult,
} from './prices.types.js';

export interface PricesResolverDeps extends PreviewPricesDeps {
  readonly dataSource: DataSource;
  readonly catalog: () => Catalog;
}

/** Every process reads the whole catalogue again after each publication. */
const PUBLICATIONS_PER_MINUTE = 120;
const COST_OF_A_PUBLICATION = 50;
/** It may read 100,000 reservations. */
const COST_OF_A_PREVIEW = 400;
/** Services and operators share the keys of a mutation; only operators publish. */
const SCOPE = 'publish|server';

/** What operators decide about prices. */
@Resolver()
export class PricesResolver {
  readonly #limit = new RateLimiterMemory({ points: PUBLICATIONS_PER_MINUTE, duration: 60 });
  readonly #previews: PreviewPrices;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly deps: PricesResolverDeps) {
    this.#previews = new PreviewPrices(deps);
  }

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

  @Extensions({ cost: COST_OF_A_PREVIEW })
  @Query(() => PriceListPreview, {
    description:
      'Operators only: what costs would have made of what was committed in a span of days, line by line. Writes nothing. Errors: NOT_FOUND for an unknown or foreign account, BAD_USER_INPUT `from`, `to` or naming a price, FORBIDDEN without `prices:write`, RATE_LIMITED for too many reports at once.',
  })
  async previewPriceList(
    @Arg('input', () => PreviewPriceListInput) input: PreviewPriceListInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<PriceListPreview> {
    assertOperator(caller);
    return this.#previews.read(caller, input);
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
