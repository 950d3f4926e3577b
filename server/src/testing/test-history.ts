import type { PlanCode } from '../catalog/catalog.js';
import type { Command } from '../ledger/core/commands.js';
import type { Ledger } from '../ledger/core/ledger.js';
import type { Outcome } from '../ledger/core/outcome.js';
import { type Keyed, Money } from './test-history-buyer.js';
import { Caller, START } from './test-history-caller.js';
import type { TestLedger } from './test-ledger.js';

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

/** A caller that sends a command until it is answered. */
export type Send = (command: Command) => Promise<Outcome>;

const DAY = 86_400_000;
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
    changesPlans = true,
    buys = true,
    send,
  }: {
    callers?: number;
    commandsEach?: number;
    live?: boolean;
    changesPlans?: boolean;
    buys?: boolean;
    send?: Send;
  } = {},
): Promise<History> {
  const plan = (['PRO', 'PRO', 'ENTERPRISE', 'FREE'] as const)[Math.floor(random() * 4)] ?? 'PRO';
  // Half of them have their resets at midnight, when a day begins as well.
  const start = random() < 0.5 ? START : START - DAY / 2;
  const accountId = await books.open(plan, live ? { sandbox: false } : { now: start });
  // A plan change may move the anchor later.
  const anchor = live ? await createdAt(books, accountId) : start;
  const reservations: string[] = [];
  const grants: string[] = [];
  const money = new Money();
  // Half of them are about money above all, and more happens to each purchase.
  const buying = random() < 0.5 ? 0.2 : 0.75;
  const said: Keyed[] = [];
  const clock = { now: start, start };
  const steps: Step[] = [];
  const call = async (): Promise<void> => {
    const known = buys ? money : null;
    const caller = new Caller(random, accountId, reservations, said, clock, live, grants, changesPlans, known, buying);
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
      if (outcome.kind === 'row' && outcome.of === 'grants' && !grants.includes(outcome.row.id))
        grants.push(outcome.row.id);
      money.note(command, outcome);
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  return { live, accountId, plan, anchor, steps };
}

async function createdAt(books: TestLedger, accountId: string): Promise<number> {
  const { rows } = await books.pool.query<{ anchor_at: number }>(
    'SELECT anchor_at FROM ledger_account WHERE account_id = $1',
    [accountId],
  );
  return (rows[0] as { anchor_at: number }).anchor_at;
}
