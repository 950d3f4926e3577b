import type { DataSource, EntityManager } from 'typeorm';
import type { PaymentFact } from '../payment-provider.js';
import { type CardNumber } from './sandbox-cards.js';
import {
  changeOrder,
  isSecretOf,
  lockOrder,
  parseCheckoutToken,
  type SandboxOrder,
  sandboxNow,
} from './sandbox-order.js';
import { closeInTime, factOf, takePayment } from './settle-order.js';

/** How a buyer of the sandbox has a checkout end. Source: docs/api.md, The sandbox's checkout */
export const OUTCOMES = [
  'succeed',
  'decline',
  'cancel',
  'delay_paid',
  'delay_failed',
  'duplicate',
  'event_first',
  'never',
  'needs_buyer',
  'dispute',
  'dispute_won',
  'dispute_lost',
] as const;
export type CheckoutOutcome = (typeof OUTCOMES)[number];

export function isOutcome(value: unknown): value is CheckoutOutcome {
  return (OUTCOMES as readonly unknown[]).includes(value);
}

const DELAY_MS = 3_600_000;
const DISPUTED = { dispute: 'OPEN', dispute_won: 'WON', dispute_lost: 'LOST' } as const;
const DISPUTE_FACT = { OPEN: 'disputed', WON: 'disputeWon', LOST: 'disputeLost' } as const;

export type CheckoutAnswer =
  /** There is no such checkout. */
  | { readonly kind: 'unknown' }
  /** It cannot end so any more. */
  | { readonly kind: 'closed'; readonly order: SandboxOrder }
  | { readonly kind: 'done'; readonly order: SandboxOrder };

export interface SandboxCheckoutDeps {
  readonly dataSource: DataSource;
  readonly nextId: () => string;
  /** Does what a fact means, durably. */
  readonly tell: (fact: PaymentFact) => Promise<unknown>;
}

/** What the buyer chose. */
export interface Choice {
  readonly outcome: CheckoutOutcome;
  readonly card: CardNumber;
  /** Whether the buyer agrees to have the card saved, if it is asked for. */
  readonly saves: boolean;
}

/** The checkouts of the sandbox, as those who have their address see them. */
export class SandboxCheckout {
  constructor(private readonly deps: SandboxCheckoutDeps) {}

  /** @returns null for an address that is none of a checkout's */
  async read(token: string): Promise<SandboxOrder | null> {
    return this.deps.dataSource.transaction((manager) =>
      this.#find(manager, token).then((found) => found?.order ?? null),
    );
  }

  /**
   * Has a checkout end as the buyer chose, and tells what became of it as a provider would: once as the redirect does, or twice at once
   * (`duplicate`), before the redirect (`event_first`), or never. Resolves when what was told is done.
   *
   * Repeating a choice tells the same again. A paid order stays paid; one that was declined, canceled or timed out may still be paid.
   */
  async choose(token: string, choice: Choice): Promise<CheckoutAnswer> {
    const done = await this.deps.dataSource.transaction(async (manager) => {
      const found = await this.#find(manager, token);
      if (found === null) return null;
      return { ...(await this.#apply(manager, found.order, choice, found.now)) };
    });
    if (done === null) return { kind: 'unknown' };
    const { order, facts } = done;
    if (facts === null) return { kind: 'closed', order };
    for (const fact of facts) {
      if (choice.outcome === 'never') break;
      if (choice.outcome === 'duplicate') await Promise.all([this.deps.tell(fact), this.deps.tell(fact)]);
      else await this.deps.tell(fact);
      // The redirect tells it once more, after the event.
      if (choice.outcome === 'event_first' || choice.outcome === 'duplicate') await this.deps.tell(fact);
    }
    return { kind: 'done', order };
  }

  async #find(manager: EntityManager, token: string): Promise<{ order: SandboxOrder; now: number } | null> {
    const named = parseCheckoutToken(token);
    if (named === null) return null;
    const now = await sandboxNow(manager, named.accountId);
    const order = now === null ? null : await lockOrder(manager, named);
    if (now === null || order === null || !isSecretOf(order, named.secret)) return null;
    return { order: await closeInTime(manager, order, now, this.deps.nextId), now };
  }

  /** @returns the order as it then is, and what is to be told of it; null: it cannot end so */
  async #apply(
    manager: EntityManager,
    order: SandboxOrder,
    { outcome, card, saves }: Choice,
    now: number,
  ): Promise<{ order: SandboxOrder; facts: readonly PaymentFact[] | null }> {
    const told = async (changed: SandboxOrder) => ({ order: changed, facts: [await factOf(manager, changed)] });
    const isPaid = order.status === 'PAID';
    switch (outcome) {
      case 'succeed':
      case 'duplicate':
      case 'event_first':
      case 'never': {
        const payer = { card, saves: order.kind === 'method' || (order.savesMethod && saves) };
        return told(await takePayment(manager, order, payer, this.deps.nextId));
      }
      case 'dispute':
      case 'dispute_won':
      case 'dispute_lost':
        return { order, facts: await this.#dispute(manager, order, DISPUTED[outcome]) };
      default:
        break;
    }
    if (isPaid) return { order, facts: null };
    switch (outcome) {
      case 'decline':
        return told(await changeOrder(manager, order, { status: 'FAILED', declineCode: 'card_declined' }));
      case 'cancel':
        return told(await changeOrder(manager, order, { status: 'CANCELED' }));
      case 'needs_buyer':
        return told(await changeOrder(manager, order, { status: 'NEEDS_BUYER' }));
      case 'delay_paid':
      case 'delay_failed': {
        const settlesAs = outcome === 'delay_paid' ? 'PAID' : 'FAILED';
        return told(await changeOrder(manager, order, { status: 'DELAYED', settlesAt: now + DELAY_MS, settlesAs }));
      }
    }
  }

  /** The bank takes the money back (OPEN), then decides. A decision that comes without a dispute opens one first. */
  async #dispute(
    manager: EntityManager,
    order: SandboxOrder,
    to: 'OPEN' | 'WON' | 'LOST',
  ): Promise<readonly PaymentFact[] | null> {
    const { accountId, kind, orderId, price, paymentId } = order;
    if (price === null || paymentId === null) return null;
    const rows: { dispute_id: string | null; dispute: 'OPEN' | 'WON' | 'LOST' | null }[] = await manager.query(
      '/* sandbox.dispute_of */ SELECT dispute_id, dispute FROM sandbox_payment WHERE account_id = $1 AND payment_id = $2 FOR UPDATE',
      [accountId, paymentId],
    );
    const before = rows[0]?.dispute ?? null;
    if (before === 'WON' || before === 'LOST') {
      if (before !== to) return null;
    }
    const disputeId = rows[0]?.dispute_id ?? `sbdp_${this.deps.nextId()}`;
    await manager.query(
      '/* sandbox.dispute */ UPDATE sandbox_payment SET dispute_id = $3, dispute = $4 WHERE account_id = $1 AND payment_id = $2',
      [accountId, paymentId, disputeId, to],
    );
    const steps = to === 'OPEN' || before !== null ? [to] : (['OPEN', to] as const);
    return steps.map((step) => ({ is: DISPUTE_FACT[step], accountId, kind, orderId, disputeId, price }));
  }
}
