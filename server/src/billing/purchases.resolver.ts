import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { type OwnedId, parseOwnedId } from '@aibc/shared/ids';
import type pg from 'pg';
import { Account } from '../accounts/accounts.types.js';
import { assertCaller } from '../auth/caller.js';
import type { RequestContext } from '../auth/request-context.js';
import type { Catalog } from '../catalog/catalog.js';
import type { History } from '../db/history.js';
import { notFound } from '../kit/errors.js';
import { instance } from '../kit/instance.js';
import { type Connection, foreignCursor, malformedCursor, pageOf, readPageRequest } from '../kit/page.js';
import { paragraphs } from '../kit/paragraphs.js';
import type { AccountSnapshot, ShownAccount } from '../ledger/graph/account-snapshot.js';
import type { Problem } from '../ledger/graph/problem.types.js';
import { showBalance } from '../ledger/graph/show-balance.js';
import { showRefundProblem, showRefusal } from '../ledger/graph/show-refusal.js';
import { purchaseCredits, type PurchaseDeps } from './purchase-credits.js';
import { readPurchaseId } from './purchase-id.js';
import { previewRefund, type RefundDeps, refundPurchase } from './refund-purchase.js';
import { RefundPreview, RefundPurchaseInput, RefundPurchaseResult } from './refunds.types.js';
import { findPurchases, listPurchases, type ReadPurchase } from './read-purchases.js';
import { showPurchases } from './show-purchases.js';
import {
  Purchase,
  PurchaseConnection,
  PurchaseCreditsInput,
  PurchaseCreditsResult,
  PurchaseReceipt,
} from './purchases.types.js';
import type { BalanceView } from '../ledger/core/state.js';
import type { AccountReader } from '../ledger/graph/read-account.js';

export interface PurchasesResolverDeps extends PurchaseDeps, RefundDeps {
  readonly accounts: AccountReader;
  /** A pool whose connections see values as `ledgerTypes` says. */
  readonly reader: pg.Pool;
  readonly catalog: () => Catalog;
  readonly history: Pick<History, 'present'>;
}

/** Packs that are bought. */
@Resolver(() => Account)
export class PurchasesResolver {
  constructor(private readonly deps: PurchasesResolverDeps) {}

  @Query(() => Purchase, {
    nullable: true,
    description:
      'A purchase, as it is now. Errors: NOT_FOUND for an unknown or foreign one, BAD_USER_INPUT `id`, FORBIDDEN without `credits:read`.',
  })
  async purchase(
    @Arg('id', () => ID, { description: 'Example: `pur_01jq3…`.' }) id: string,
    @Ctx() { caller }: RequestContext,
  ): Promise<Purchase> {
    assertCaller(caller);
    const owned = readPurchaseId('id', id);
    const snapshot = await this.deps.accounts.read(caller, owned.accountId, 'credits:read');
    const [found] = await this.#show(snapshot, await findPurchases(this.deps.reader, owned.accountId, [owned.id]));
    if (found === undefined) throw notFound('This purchase');
    return found;
  }

  @FieldResolver(() => PurchaseConnection, {
    description:
      'Newest first. Errors: BAD_USER_INPUT `first` (1 to 100) or `after`, NOT_FOUND for a foreign cursor, CURSOR_TOO_OLD for one of another history.',
  })
  async purchases(
    @Root() account: ShownAccount,
    @Arg('first', () => Int, { defaultValue: 50, description: '1 to 100.' }) first: number,
    @Arg('after', () => ID, {
      nullable: true,
      description: 'The cursor after which to go on; default: from the start of the list.',
    })
    after: string | null | undefined,
  ): Promise<Connection<Purchase>> {
    const { snapshot } = account;
    const page = readPageRequest(first, after, snapshot.history);
    const place = page.after === null ? null : parseOwnedId('pur', page.after);
    if (page.after !== null && place === null) throw malformedCursor();
    if (place !== null && place.accountId !== snapshot.state.id) throw foreignCursor();
    const rows = await listPurchases(this.deps.reader, snapshot.state.id, place?.id ?? null, page.first + 1);
    const shown = await this.#show(snapshot, rows);
    return pageOf(
      page,
      shown,
      (purchase) => purchase,
      (purchase) => purchase.id,
    );
  }

  @Mutation(() => PurchaseCreditsResult, {
    description: paragraphs(
      'Begins to buy a pack as it is offered now: a PENDING purchase with a `checkoutUrl` where the buyer pays within 24 hours. Nothing is charged or granted before; the credits, with the bonus, are there the moment it is paid, which PURCHASE_PAID tells.',
      'Refusals: PurchaseNotAllowed (it names the plan that may buy), PackUnknown, PaymentDeclined, PaymentsUnavailable, InvalidAmount `packId` (the account would own more than it may), IdempotencyConflict. Errors: BAD_USER_INPUT naming the field (`returnUrl` for one that is not on an allowed origin), NOT_FOUND for an unknown or foreign account, FORBIDDEN without `credits:purchase`, RATE_LIMITED beyond 60 a minute or 100 unpaid ones of an account, UNAVAILABLE (repeat it with the same key).',
      'Concurrency: a payment counts once, however often and by whom it is told; one that comes after the purchase failed or ended still brings its credits; a second one for the same purchase goes back.',
      'Idempotency: the same key with the same input answers the first decision again, refusals too, with `replayed: true`; purchase and balance are shown as they are now. With another input it is IdempotencyConflict. A key counts for one account, this mutation, and each user apart (services and operators together).',
      'Rules: docs/domain.md, Plans, packs, payments, refunds; Idempotency.',
    ),
  })
  async purchaseCredits(
    @Arg('input', () => PurchaseCreditsInput) input: PurchaseCreditsInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<PurchaseReceipt | Problem> {
    const begun = await purchaseCredits(this.deps, caller, input);
    if (begun.kind === 'refused')
      return showRefusal(this.deps.catalog(), this.deps.history.present.publicId, begun.refusal, begun.replayed);
    return this.#receipt(begun.purchase, begun);
  }

  @Query(() => RefundPreview, {
    description:
      'What `refundPurchase` would do now, by the same function. Writes nothing. Errors: BAD_USER_INPUT `purchaseId`, NOT_FOUND for an unknown or foreign purchase, FORBIDDEN without `credits:read`, UNAVAILABLE.',
  })
  async previewRefund(
    @Arg('purchaseId', () => ID, { description: 'Example: `pur_01jq3…`.' }) purchaseId: string,
    @Ctx() { caller }: RequestContext,
  ): Promise<RefundPreview> {
    const said = await previewRefund(this.deps, caller, purchaseId);
    const { currency } = said.purchase;
    return instance(RefundPreview, {
      purchase: await this.#shown(said.purchase),
      refundedCredits: said.refundedCredits,
      revokedCredits: said.revokedCredits,
      money: { amountMinor: said.amountMinor, currency },
      balanceAfter: said.balanceAfter.available,
      notAllowed: said.problem === null ? null : showRefundProblem(said.problem),
    });
  }

  @Mutation(() => RefundPurchaseResult, {
    description: paragraphs(
      'Gives back what is unused of a purchase within its window: bought credits first, then the bonus; what is then free of it is revoked, and the money goes back to where it came from, `floor(refunded credits so far x price / credits bought)` in all. What holds give back later can be refunded then. At least as much stays as work may still claim whose hold expired within 24 hours.',
      'Refusals: RefundNotAllowed (its `reason` says why), IdempotencyConflict. Errors: BAD_USER_INPUT naming the field, NOT_FOUND for an unknown or foreign purchase, FORBIDDEN without `credits:purchase`, UNAVAILABLE (repeat it with the same key).',
      'Concurrency: decided in one step with everything else of the account; no credit is refunded twice, whatever the keys. Money that cannot be sent now is sent later, once.',
      'Idempotency: the same key with the same input answers the first decision again, refusals too, with `replayed: true`; purchase and balance are shown as they are now. With another input it is IdempotencyConflict. A key counts for one account, this mutation, and each user apart (services and operators together).',
      'Rules: docs/domain.md, Plans, packs, payments, refunds; Idempotency.',
    ),
  })
  async refundPurchase(
    @Arg('input', () => RefundPurchaseInput) input: RefundPurchaseInput,
    @Ctx() { caller }: RequestContext,
  ): Promise<PurchaseReceipt | Problem> {
    const outcome = await refundPurchase(this.deps, caller, input);
    if (outcome.kind === 'refused')
      return showRefusal(this.deps.catalog(), this.deps.history.present.publicId, outcome.refusal, outcome.replayed);
    return this.#receipt(outcome.row, outcome);
  }

  async #receipt(
    of: OwnedId,
    { balance, replayed }: { readonly balance: BalanceView; readonly replayed: boolean },
  ): Promise<PurchaseReceipt> {
    const history = this.deps.history.present.publicId;
    return instance(PurchaseReceipt, {
      purchase: await this.#shown(of),
      balance: showBalance(balance, history),
      replayed,
    });
  }

  async #shown({ accountId, id }: OwnedId): Promise<Purchase> {
    const [snapshot] = await this.deps.accounts.readAll([accountId]);
    if (snapshot === undefined) throw notFound('This account');
    const [purchase] = await this.#show(snapshot, await findPurchases(this.deps.reader, accountId, [id]));
    if (purchase === undefined) throw notFound('This purchase');
    return purchase;
  }

  #show(snapshot: AccountSnapshot, read: readonly ReadPurchase[]): Promise<Purchase[]> {
    return showPurchases(this.deps, snapshot, read);
  }
}
