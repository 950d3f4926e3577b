import { v7 } from 'uuid';
import { refundIdOf } from '../billing/fulfil.js';
import type { Actor } from '../ledger/core/command.js';
import type { Command } from '../ledger/core/commands.js';
import type { PurchaseFact } from '../ledger/core/commands/settle-purchase.js';
import type { Outcome } from '../ledger/core/outcome.js';
import type { PurchaseState } from '../ledger/core/purchase.js';
import { SERVICE } from './test-ledger.js';

/** A command with an idempotency key. */
export type Keyed = Extract<Command, { keyed: unknown }>;

const PACKS = ['pack.50', 'pack.200', 'pack.200', 'pack.1000', 'scan.5', 'scan.20', 'pack.none'] as const;

/** What callers of a history know of its money. */
export class Money {
  readonly purchases: PurchaseState[] = [];
  /** Ids of money that goes back. */
  readonly refunds: string[] = [];

  /** Remembers what an answer says. */
  note(command: Command, outcome: Outcome): void {
    if (outcome.kind === 'row' && outcome.of === 'purchases') {
      const purchase = outcome.row as PurchaseState;
      if (command.type === 'purchase' && !this.purchases.some(({ id }) => id === purchase.id))
        this.purchases.push(purchase);
      if (command.type === 'refund-purchase') this.refunds.push(command.refundId);
    }
    if (outcome.kind === 'settled' && outcome.refund !== null) this.refunds.push(outcome.refund.id);
  }
}

/**
 * Random commands about money on one account: purchases, work that uses them, whatever a provider may tell of them, in any order and more than once, refunds
 * and disputes.
 */
export class Buyer {
  constructor(
    private readonly random: () => number,
    private readonly accountId: string,
    private readonly money: Money,
  ) {}

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }

  next(): Command {
    const roll = this.random();
    const { refunds, purchases } = this.money;
    // Few, so that much happens to each.
    if (purchases.length === 0 || (roll < 0.2 && purchases.length < 3) || roll < 0.02) return this.purchase();
    if (refunds.length > 0 && roll < 0.25) return this.sendRefund();
    const of = this.pick(purchases);
    const purchaseId = this.random() < 0.02 ? v7() : of.id;
    if (roll < 0.3) return this.openCheckout(purchaseId);
    if (roll < 0.5) return this.settle(of, purchaseId);
    if (roll < 0.54) return { type: 'preview-refund', accountId: this.accountId, actor: SERVICE, purchaseId };
    if (roll < 0.66) return this.refund(purchaseId);
    if (roll < 0.93) return this.work(of);
    return this.dispute(of, purchaseId);
  }

  /** Work that costs much, so that what was bought is used or held: it burns last. */
  private work({ creditType }: PurchaseState): Keyed {
    const isScan = creditType === 'SCAN';
    const quantity = 1 + Math.floor(this.random() * (isScan ? 8 : 24));
    const operations = [{ operation: isScan ? 'deep_scan' : 'image.mid', quantity }];
    const spend = this.random() < 0.5;
    const ttlSeconds = spend ? 0 : 60 + Math.floor(this.random() * 7_200);
    return {
      type: 'reserve',
      accountId: this.accountId,
      actor: SERVICE,
      keyed: { key: v7(), scope: spend ? 'spend|server' : 'reserve|server', input: { operations, ttlSeconds } },
      reservationId: v7(),
      quote: null,
      operations,
      ttlSeconds,
      project: null,
      member: null,
      reference: null,
      spend,
    };
  }

  private purchase(): Keyed {
    const said = { packId: this.pick(PACKS), returnUrl: null, savesMethod: false };
    return {
      type: 'purchase',
      accountId: this.accountId,
      actor: SERVICE,
      keyed: { key: v7(), scope: 'purchase|server', input: said },
      purchaseId: v7(),
      provider: this.random() < 0.03 ? null : 'sandbox',
      ...said,
    };
  }

  private refund(purchaseId: string): Keyed {
    const key = v7();
    return {
      type: 'refund-purchase',
      accountId: this.accountId,
      actor: SERVICE,
      keyed: { key, scope: 'refund|server', input: { purchaseId } },
      purchaseId,
      // Whoever repeats it says the same, so that it is known what was decided.
      refundId: refundIdOf(key),
    };
  }

  /** Whoever tells has a name of its own, by which what it did is found. */
  private teller(): Actor {
    return { ...SERVICE, name: `provider:${v7()}` };
  }

  private settle({ id, priceMinor, currency }: PurchaseState, purchaseId: string): Command {
    const roll = this.random();
    // Another payment of the same purchase, and one of another price.
    const paymentId = `pay_${id}${roll < 0.06 ? '_again' : roll < 0.1 ? '_short' : ''}`;
    const amountMinor = roll >= 0.06 && roll < 0.1 ? priceMinor - 1 : priceMinor;
    const paid = { paymentId, price: { amountMinor, currency }, receiptUrl: null, customerRef: null, method: null };
    const fact: PurchaseFact =
      roll < 0.7
        ? { is: 'paid', ...paid }
        : roll < 0.8
          ? { is: 'failed', declineCode: 'card_declined' }
          : roll < 0.9
            ? { is: 'canceled' }
            : { is: 'needsBuyer', url: 'https://bank.example/', ref: `ask_${id}` };
    return {
      type: 'settle-purchase',
      accountId: this.accountId,
      actor: this.teller(),
      purchaseId,
      fact,
      grantId: v7(),
      bonusGrantId: v7(),
      refundId: fact.is === 'paid' ? refundIdOf(fact.paymentId) : v7(),
    };
  }

  private openCheckout(purchaseId: string): Command {
    const actor = this.teller();
    const [ref, url] = [`cs_${purchaseId}`, 'https://pay.example/'];
    return { type: 'open-checkout', accountId: this.accountId, actor, purchaseId, ref, url, customerRef: null };
  }

  private sendRefund(): Command {
    const refundId = this.pick(this.money.refunds);
    return { type: 'send-refund', accountId: this.accountId, actor: this.teller(), refundId, ref: `re_${refundId}` };
  }

  private dispute({ id, priceMinor }: PurchaseState, purchaseId: string): Command {
    return {
      type: 'dispute-purchase',
      accountId: this.accountId,
      actor: this.teller(),
      purchaseId,
      is: this.pick(['opened', 'opened', 'won', 'lost'] as const),
      disputeId: `du_${id}${this.random() < 0.15 ? '_2' : ''}`,
      amountMinor: this.random() < 0.7 ? priceMinor : Math.ceil(priceMinor / 3),
      grantId: v7(),
      bonusGrantId: v7(),
    };
  }
}
