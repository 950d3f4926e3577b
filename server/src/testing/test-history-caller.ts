import { v7 } from 'uuid';
import type { Actor } from '../ledger/core/command.js';
import type { Command } from '../ledger/core/commands.js';
import { Buyer, type Keyed, type Money } from './test-history-buyer.js';
import { SERVICE } from './test-ledger.js';

export const START = Date.UTC(2026, 0, 15, 12);
const MINUTE = 60_000;
const DAY = 86_400_000;
const LISTS: readonly (readonly [string, number][])[] = [
  [['image.short', 1]],
  [
    ['image.short', 3],
    ['image.mid', 1],
  ],
  [['regeneration.basic', 1]],
  [['regeneration.basic', 7]],
  [
    ['regeneration.advanced', 4],
    ['content.generate', 2],
  ],
  [['content.generate', 1]],
  [['video.long', 1]],
  [['deep_scan', 1]],
  [['deep_scan', 2]],
  [['image.gone', 1]],
  [
    ['deep_scan', 1],
    ['image.short', 1],
  ],
];
const CALLERS: readonly Actor[] = [
  SERVICE,
  SERVICE,
  SERVICE,
  { name: 'user:ann', member: 'ann', closesAny: false },
  { name: 'user:ben', member: 'ben', closesAny: false },
];

/** Random commands on one account, by callers that see each other's reservations and repeat each other's keys. */
export class Caller {
  private readonly buyer: Buyer | null;

  constructor(
    private readonly random: () => number,
    private readonly accountId: string,
    private readonly reservations: string[],
    private readonly said: Keyed[],
    private readonly clock: { now: number; readonly start: number },
    private readonly live: boolean,
    /** Grants that callers were answered with. */
    private readonly grants: readonly string[],
    /** Whether they put the account on other plans, too. */
    private readonly changesPlans: boolean,
    /** What they know of the account's money; null: they buy nothing. */
    money: Money | null,
    /** How much of what they do is about money, 0 to 1. */
    private readonly buying: number,
  ) {
    this.buyer = money && new Buyer(random, accountId, money);
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }

  private upTo(most: number): number {
    return 1 + Math.floor(this.random() * most);
  }

  next(): Command {
    const { accountId } = this;
    if (this.buyer && this.random() < this.buying) {
      const bought = this.buyer.next();
      if ('keyed' in bought) this.said.push(bought);
      return bought;
    }
    const roll = this.random() * 100;
    const repeated = this.said.length > 0 ? this.pick(this.said) : null;
    if (roll < 5) return { type: 'advance', accountId, actor: SERVICE };
    if (roll < 12 && !this.live) {
      this.clock.now = this.later();
      return { type: 'clock', accountId, actor: SERVICE, to: this.clock.now - (this.random() < 0.05 ? DAY : 0) };
    }
    if (roll < 24 && repeated) return this.again(repeated);
    if (roll < 27 && repeated) return this.otherInput(repeated);
    const command =
      roll < 29.5 && this.changesPlans
        ? this.changePlan()
        : roll < 32 && this.grants.length > 0
          ? this.revoke()
          : roll < 38
            ? this.grant()
            : roll < 66 || this.reservations.length === 0
              ? this.reserve()
              : this.close();
    this.said.push(command);
    return command;
  }

  /** Mostly soon, so that holds are still open; or days later, at midnight, or close to the next reset. */
  private later(): number {
    const { now, start } = this.clock;
    const roll = this.random();
    // Beyond the end of what was bought.
    if (this.buyer && roll > 0.985) return now + 400 * DAY;
    if (roll < 0.55) return now + this.upTo(90) * MINUTE;
    if (roll < 0.65) return now + this.upTo(25) * DAY;
    if (roll < 0.75) return Math.ceil((now + 1) / DAY) * DAY;
    const anchor = new Date(start);
    let reset = start;
    for (let months = 1; reset <= now; months++)
      reset = Date.UTC(anchor.getUTCFullYear(), anchor.getUTCMonth() + months, anchor.getUTCDate()) + (start % DAY);
    return Math.max(now, reset + this.pick([-10, 0, 0, 5]) * MINUTE);
  }

  /** As an API would send it: the same input, a new id for what it might open. */
  private again(command: Keyed): Keyed {
    if (command.type === 'reserve') return { ...command, reservationId: v7() };
    if (command.type === 'purchase') return { ...command, purchaseId: v7() };
    return command.type === 'grant' ? { ...command, grantId: v7() } : command;
  }

  private otherInput(command: Keyed): Keyed {
    const { keyed } = command;
    return { ...this.again(command), keyed: { ...keyed, input: { ...keyed.input, reference: 'another' } } } as Keyed;
  }

  private keyed(scope: string, actor: Actor, input: Record<string, unknown>) {
    return { key: v7(), scope: `${scope}|${actor.closesAny ? 'server' : actor.name}`, input };
  }

  private reserve(): Keyed {
    const actor = this.pick(CALLERS);
    const operations = this.pick(LISTS).map(([operation, quantity]) => ({ operation, quantity }));
    const spend = this.random() < 0.2;
    const short = this.live ? this.upTo(2) : this.upTo(7_200);
    const input = { operations, ttlSeconds: this.random() < 0.5 ? short : 86_400 };
    return {
      type: 'reserve',
      accountId: this.accountId,
      actor,
      keyed: this.keyed(spend ? 'spend' : 'reserve', actor, input),
      reservationId: v7(),
      quote: null,
      ...input,
      ...(spend ? { ttlSeconds: 0 } : {}),
      project: this.random() < 0.3 ? 'spring' : null,
      member: null,
      reference: null,
      spend,
    };
  }

  private close(): Keyed {
    const actor = this.pick(CALLERS);
    const { accountId } = this;
    const reservationId = this.random() < 0.02 ? v7() : this.pick(this.reservations);
    const roll = this.random();
    if (this.random() < 0.2) {
      const operations = this.pick(LISTS).map(([operation, quantity]) => ({ operation, quantity }));
      const keyed = this.keyed('add', actor, { reservationId, operations });
      return { type: 'add', accountId, actor, reservationId, quote: null, operations, keyed };
    }
    if (roll < 0.2)
      return {
        type: 'release',
        accountId,
        actor,
        reservationId,
        keyed: this.keyed('release', actor, { reservationId }),
      };
    if (roll < 0.35) {
      const ttlSeconds = this.live ? this.upTo(3) : this.upTo(86_400);
      return {
        type: 'extend',
        accountId,
        actor,
        reservationId,
        ttlSeconds,
        keyed: this.keyed('extend', actor, { reservationId, ttlSeconds }),
      };
    }
    const kind = this.random();
    const input = {
      amount: kind < 0.35 ? Math.floor(this.random() * 30) : null,
      operations:
        kind > 0.85
          ? [{ operation: this.pick(['image.short', 'regeneration.basic', 'deep_scan']), quantity: this.upTo(3) }]
          : null,
      final: this.random() < 0.6,
      outcome: 'SUCCEEDED' as 'SUCCEEDED' | 'FAILED',
      policy: this.random() < 0.5 ? ('REJECT' as const) : ('IF_AVAILABLE' as const),
    };
    if (input.amount === null && input.operations === null && this.random() < 0.15)
      Object.assign(input, { outcome: 'FAILED', final: true });
    return {
      type: 'commit',
      accountId,
      actor,
      reservationId,
      ...input,
      keyed: this.keyed('commit', actor, { reservationId, ...input }),
    };
  }

  private grantEnd(): number {
    if (this.live) return Date.now() + this.upTo(4_000) - 500;
    return this.clock.now + this.upTo(3_000) * MINUTE - 30 * MINUTE;
  }

  private changePlan(): Keyed {
    const plan = this.pick(['FREE', 'PRO', 'ENTERPRISE'] as const);
    const keyed = this.keyed('change-plan', SERVICE, { plan });
    return { type: 'change-plan', accountId: this.accountId, actor: SERVICE, keyed, plan, payment: null };
  }

  private revoke(): Keyed {
    const grantId = this.random() < 0.05 ? v7() : this.pick(this.grants);
    const keyed = this.keyed('revoke', SERVICE, { grantId, reason: 'history' });
    return { type: 'revoke', accountId: this.accountId, actor: SERVICE, keyed, grantId, reason: 'history' };
  }

  private grant(): Keyed {
    const input = {
      credits: this.upTo(40),
      creditType: this.random() < 0.8 ? ('STANDARD' as const) : ('SCAN' as const),
      source: this.pick(['PROMOTION', 'BONUS', 'ADJUSTMENT', 'PURCHASE'] as const),
      expiresAt: this.random() < 0.7 ? this.grantEnd() : null,
    };
    return {
      type: 'grant',
      accountId: this.accountId,
      actor: SERVICE,
      keyed: this.keyed('grant', SERVICE, input),
      grantId: v7(),
      reason: 'history',
      ...input,
    };
  }
}
