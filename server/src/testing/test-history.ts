import { v7 } from 'uuid';
import type { PlanCode } from '../catalog/catalog.js';
import type { Actor } from '../ledger/core/command.js';
import type { Command } from '../ledger/core/commands.js';
import type { Ledger } from '../ledger/core/ledger.js';
import type { Outcome } from '../ledger/core/outcome.js';
import { SERVICE, type TestLedger } from './test-ledger.js';

/** One command of a history, when it was sent and answered (places in one count for all callers), and its answer. */
export interface Step {
  readonly command: Command;
  readonly sent: number;
  answered: number;
  outcome: Outcome | null;
}

export interface History {
  /** Its clock is the database's. */
  readonly live: boolean;
  readonly accountId: string;
  readonly plan: PlanCode;
  readonly anchor: number;
  readonly steps: readonly Step[];
}

/** Numbers in [0, 1) that a seed decides. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Keyed = Extract<Command, { keyed: unknown }>;

/** A caller that sends a command until it is answered. */
export type Send = (command: Command) => Promise<Outcome>;

const START = Date.UTC(2026, 0, 15, 12);
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
class Caller {
  constructor(
    private readonly random: () => number,
    private readonly accountId: string,
    private readonly reservations: string[],
    private readonly said: Keyed[],
    private readonly clock: { now: number },
    private readonly live: boolean,
  ) {}

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }

  private upTo(most: number): number {
    return 1 + Math.floor(this.random() * most);
  }

  next(): Command {
    const { accountId } = this;
    const roll = this.random() * 100;
    const repeated = this.said.length > 0 ? this.pick(this.said) : null;
    if (roll < 5) return { type: 'advance', accountId, actor: SERVICE };
    if (roll < 12 && !this.live) {
      this.clock.now += this.random() < 0.8 ? this.upTo(90) * MINUTE : this.upTo(25) * DAY;
      return { type: 'clock', accountId, actor: SERVICE, to: this.clock.now - (this.random() < 0.05 ? DAY : 0) };
    }
    if (roll < 24 && repeated) return this.again(repeated);
    if (roll < 27 && repeated) return this.otherInput(repeated);
    const command =
      roll < 36 ? this.grant() : roll < 66 || this.reservations.length === 0 ? this.reserve() : this.close();
    this.said.push(command);
    return command;
  }

  /** As an API would send it: the same input, a new id for what it might open. */
  private again(command: Keyed): Keyed {
    if (command.type === 'reserve') return { ...command, reservationId: v7() };
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

let count = 0;

/**
 * Plays a random history on a new sandbox account: callers side by side, each over a writer of its own choice.
 *
 * @param writers  as many ledgers as there are processes
 */
export async function playHistory(
  books: TestLedger,
  writers: readonly Ledger[],
  random: () => number,
  {
    callers = 5,
    commandsEach = 12,
    live = false,
    send,
  }: { callers?: number; commandsEach?: number; live?: boolean; send?: Send } = {},
): Promise<History> {
  const plan = (['PRO', 'PRO', 'ENTERPRISE', 'FREE'] as const)[Math.floor(random() * 4)] ?? 'PRO';
  const accountId = await books.open(plan, live ? { sandbox: false } : { now: START });
  const reservations: string[] = [];
  const said: Keyed[] = [];
  const clock = { now: START };
  const steps: Step[] = [];
  const call = async (): Promise<void> => {
    const caller = new Caller(random, accountId, reservations, said, clock, live);
    for (let index = 0; index < commandsEach; index++) {
      // So that what ends by the clock ends in the middle.
      if (live) await new Promise((resolve) => setTimeout(resolve, random() * 400));
      const command = caller.next();
      const step: Step = { command, sent: ++count, answered: Infinity, outcome: null };
      steps.push(step);
      const writer = writers[Math.floor(random() * writers.length)] as Ledger;
      step.outcome = await (send ? send(command) : writer.submit(command));
      step.answered = ++count;
      const { outcome } = step;
      if (outcome.kind === 'reservation' && !reservations.includes(outcome.reservation.id))
        reservations.push(outcome.reservation.id);
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  return { live, accountId, plan, anchor: live ? await bornAt(books, accountId) : START, steps };
}

async function bornAt(books: TestLedger, accountId: string): Promise<number> {
  const { rows } = await books.pool.query<{ anchor_at: number }>(
    'SELECT anchor_at FROM ledger_account WHERE account_id = $1',
    [accountId],
  );
  return (rows[0] as { anchor_at: number }).anchor_at;
}
