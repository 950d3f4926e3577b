import type { DataSource, EntityManager } from 'typeorm';
import type { PlanCode } from '../../catalog/catalog.js';
import type { Price } from '../../ledger/core/billing.js';
import {
  type ChargeOrder,
  type CheckoutOrder,
  type OpenedCheckout,
  type Order,
  type PaymentFact,
  type PaymentProvider,
  PaymentsDown,
  type RefundOrder,
} from '../payment-provider.js';
import { CARDS, findCard, forgetCard } from './sandbox-cards.js';
import { changeOrder, countCall, findDelayed, keepOrder, lockOrder, sandboxNow } from './sandbox-order.js';
import { checkoutPath, closeInTime, customerOf, factOf, takePayment } from './settle-order.js';

export interface SandboxProviderDeps {
  readonly dataSource: DataSource;
  /** A new UUIDv7, lower case with dashes. */
  readonly nextId: () => string;
}

/**
 * The payment provider of sandbox accounts: a real one with a memory of its own, whose buyers choose how it ends.
 *
 * It acts once for each order and refund, as a provider does with idempotency keys, and counts how often it was asked (`sandbox_call`). Its
 * time is the account's own. Addresses are paths below this server. Source: docs/domain.md, Plans, packs, payments, refunds; Test clocks
 */
export class SandboxProvider implements PaymentProvider {
  readonly name = 'sandbox';

  constructor(private readonly deps: SandboxProviderDeps) {}

  async openCheckout(order: CheckoutOrder): Promise<OpenedCheckout> {
    return this.#act(order.accountId, async (manager) => {
      const kept = await keepOrder(manager, order, 'checkout');
      return { ref: kept.orderId, url: checkoutPath(kept), customerRef: customerOf(order.accountId) };
    });
  }

  async closeCheckout({ accountId, orderId }: Order): Promise<void> {
    await this.#act(accountId, async (manager) => {
      const order = await lockOrder(manager, { accountId, id: orderId });
      const isOpen = order?.status === 'OPEN' || order?.status === 'NEEDS_BUYER' || order?.status === 'DELAYED';
      if (order !== null && isOpen) await changeOrder(manager, order, { status: 'CANCELED' });
    });
  }

  async charge(order: ChargeOrder): Promise<PaymentFact> {
    return this.#act(order.accountId, async (manager, now) => {
      // Who has to answer the bank may do so for a day.
      const asked = { ...order, subscribes: null, savesMethod: false, expiresAt: now + 86_400_000 };
      let kept = await keepOrder(manager, asked, 'charge');
      const card = await findCard(manager, order.accountId, order.methodRef);
      if (kept.status === 'OPEN') {
        const behaves = card === null ? 'declines' : CARDS[card.last4];
        if (behaves === 'pays')
          kept = await takePayment(manager, kept, { card: '4242', saves: false }, this.deps.nextId);
        else if (behaves === 'asks') kept = await changeOrder(manager, kept, { status: 'NEEDS_BUYER' });
        else kept = await changeOrder(manager, kept, { status: 'FAILED', declineCode: 'card_declined' });
      }
      return factOf(manager, kept);
    });
  }

  /** An order that it never heard of is canceled: nobody can pay it. */
  async find({ accountId, kind, orderId }: Order): Promise<PaymentFact> {
    return this.#act(accountId, async (manager, now) => {
      const order = await lockOrder(manager, { accountId, id: orderId });
      if (order === null) return { is: 'canceled', accountId, kind, orderId };
      return factOf(manager, await closeInTime(manager, order, now, this.deps.nextId));
    });
  }

  /**
   * Settles the orders of an account that a delay is over of by the account's own time.
   *
   * @returns what became of them, to be told to `fulfil`
   */
  async settleDelayed(accountId: string): Promise<readonly PaymentFact[]> {
    return this.#act(accountId, async (manager, now) => {
      const facts: PaymentFact[] = [];
      for (const id of await findDelayed(manager, accountId, now)) {
        const order = await lockOrder(manager, { accountId, id });
        if (order === null) continue;
        facts.push(await factOf(manager, await closeInTime(manager, order, now, this.deps.nextId)));
      }
      return facts;
    });
  }

  async refund({ accountId, refundId, paymentId, price }: RefundOrder): Promise<{ readonly ref: string }> {
    return this.#act(accountId, async (manager) => {
      await countCall(manager, accountId, `refund:${refundId}`);
      const payments: { amount_minor: string; currency: string }[] = await manager.query(
        '/* sandbox.payment */ SELECT amount_minor, currency FROM sandbox_payment WHERE account_id = $1 AND payment_id = $2 FOR UPDATE',
        [accountId, paymentId],
      );
      const refunds: { refund_id: string; amount_minor: string }[] = await manager.query(
        '/* sandbox.refunds */ SELECT refund_id, amount_minor FROM sandbox_refund WHERE account_id = $1 AND payment_id = $2',
        [accountId, paymentId],
      );
      if (refunds.some(({ refund_id: id }) => id === refundId)) return { ref: `sbre_${refundId}` };
      const [payment] = payments;
      const refunded = refunds.reduce((sum, { amount_minor: amount }) => sum + Number(amount), 0);
      if (payment?.currency !== price.currency || refunded + price.amountMinor > Number(payment.amount_minor))
        throw new PaymentsDown(`payment ${paymentId} of the sandbox has not so much to refund`);
      await manager.query(
        `/* sandbox.refund */ INSERT INTO sandbox_refund (account_id, refund_id, payment_id, amount_minor, currency) VALUES ($1, $2, $3, $4, $5)`,
        [accountId, refundId, paymentId, price.amountMinor, price.currency],
      );
      return { ref: `sbre_${refundId}` };
    });
  }

  async changeSubscription(to: {
    readonly accountId: string;
    readonly subscriptionRef: string;
    readonly plan: PlanCode;
    readonly price: Price;
    readonly renewsAt: number;
  }): Promise<void> {
    await this.#act(to.accountId, (manager) =>
      manager.query(
        `/* sandbox.change_subscription */ UPDATE sandbox_subscription SET plan = $3, amount_minor = $4, currency = $5, renews_at = $6
          WHERE account_id = $1 AND subscription_ref = $2 AND NOT is_ended`,
        [to.accountId, to.subscriptionRef, to.plan, to.price.amountMinor, to.price.currency, new Date(to.renewsAt)],
      ),
    );
  }

  async endSubscription({ accountId, subscriptionRef }: { accountId: string; subscriptionRef: string }): Promise<void> {
    await this.#act(accountId, (manager) =>
      manager.query(
        '/* sandbox.end_subscription */ UPDATE sandbox_subscription SET is_ended = true WHERE account_id = $1 AND subscription_ref = $2',
        [accountId, subscriptionRef],
      ),
    );
  }

  async forgetMethod({ accountId, methodRef }: { accountId: string; methodRef: string }): Promise<void> {
    await this.#act(accountId, (manager) => forgetCard(manager, accountId, methodRef));
  }

  /** Acts for a sandbox account, all of it or nothing. */
  async #act<T>(accountId: string, work: (manager: EntityManager, now: number) => Promise<T>): Promise<T> {
    return this.deps.dataSource.transaction(async (manager) => {
      const now = await sandboxNow(manager, accountId);
      if (now === null) throw new PaymentsDown('the sandbox takes no money of live accounts');
      return work(manager, now);
    });
  }
}
