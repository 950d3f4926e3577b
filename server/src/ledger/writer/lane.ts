import type pg from 'pg';
import { codeOf, isForAnotherTry, SQLSTATE } from '../../db/database-errors.js';
import type { Again } from './decide-batch.js';
import type { Command, OutcomeOf } from '../core/commands.js';
import { WentBack } from './load-batch.js';
import { LaneConnection, type LaneConnectionOptions } from './lane-connection.js';
import { type AccountChange, LedgerUnavailable } from '../core/ledger.js';
import type { Outcome } from '../core/outcome.js';
import type { DecisionRules } from '../core/rules.js';
import { runBatch } from './run-batch.js';
import { NotCommitted } from './commit-batch.js';

export interface LaneOptions extends LaneConnectionOptions {
  readonly rules: DecisionRules;
  readonly batchMax: number;
  readonly queueMax: number;
  readonly deadlineMs: number;
  readonly committed: (changes: readonly AccountChange[]) => void;
  readonly failed: (error: unknown, what: string) => void;
  /** Told of each batch that was written: how many commands, and how long the database took. */
  readonly wrote?: ((commands: number, milliseconds: number) => void) | undefined;
}

interface Waiting {
  readonly command: Command;
  deadline: number;
  mayBeWritten: boolean;
  mayBeKept: boolean;
  tries: number;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
}

const NONE_SENT: ReadonlySet<Command> = new Set();
const TRIES_MAX = 5;

/** Another process created an account that this batch was about to create: tried again, the account is there. */
function isCreatedTwice(error: unknown, batch: readonly Waiting[]): boolean {
  return codeOf(error) === SQLSTATE.duplicateKey && batch.some(({ command }) => command.type === 'create');
}

/**
 * One connection, one batch in flight: what queues up while a batch is being written is the next batch. No timer.
 *
 * A batch that fails for a passing reason is tried again under the same keys; one that raises is run in halves, down to
 * the one command that raises, so that only the culprit fails.
 */
export class Lane {
  /** Accounts in turn, so that one account cannot fill every batch. */
  private readonly queue = new Map<string, Waiting[]>();
  private readonly connection: LaneConnection;
  private waiting = 0;
  private retried = 0;
  private running: Promise<void> | null = null;
  private closing = false;

  constructor(private readonly options: LaneOptions) {
    this.connection = new LaneConnection(options);
  }

  /** Commands that wait to be written. */
  get queued(): number {
    return this.waiting;
  }

  get connected(): boolean {
    return this.connection.isOpen;
  }

  /** Batches that were tried again. */
  get retries(): number {
    return this.retried;
  }

  submit<C extends Command>(command: C): Promise<OutcomeOf<C>> {
    if (this.closing) return Promise.reject(new LedgerUnavailable('The ledger is closing.'));
    if (this.waiting >= this.options.queueMax)
      return Promise.reject(new LedgerUnavailable('The ledger has more to write than it can take.'));
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        command,
        deadline: Date.now() + this.options.deadlineMs,
        mayBeWritten: false,
        mayBeKept: false,
        tries: 0,
        resolve: resolve as (outcome: Outcome) => void,
        reject,
      };
      const mine = this.queue.get(command.accountId);
      if (mine) mine.push(waiting);
      else this.queue.set(command.accountId, [waiting]);
      this.waiting++;
      this.wake();
    });
  }

  async close(): Promise<void> {
    this.closing = true;
    // `wake` runs again when a drain failed with commands still waiting, so wait until none runs.
    while (this.running) await this.running;
    await this.connection.close();
  }

  private wake(): void {
    if (this.running) return;
    this.running = this.drain()
      .catch((error: unknown) => this.options.failed(error, 'lane'))
      .finally(() => {
        this.running = null;
        if (this.waiting > 0) this.wake();
      });
  }

  private async drain(): Promise<void> {
    while (this.waiting > 0) {
      // A turn of the event loop lets the callers that were just answered bring their next command into this batch.
      await new Promise<void>((resolve) => setImmediate(resolve));
      const batch = this.take();
      if (batch.length > 0) await this.write(batch);
    }
  }

  /** The next batch: one command of each waiting account, then a second, and so on; late ones are dropped unsent. */
  private take(): Waiting[] {
    const batch: Waiting[] = [];
    const now = Date.now();
    for (const [accountId, mine] of this.queue) {
      if (batch.length >= this.options.batchMax) break;
      const waiting = mine.shift();
      this.queue.delete(accountId);
      // The account goes to the end of the map; this loop reaches it again for its next command.
      if (mine.length > 0) this.queue.set(accountId, mine);
      if (!waiting) continue;
      this.waiting--;
      if (waiting.deadline < now && !waiting.mayBeWritten)
        waiting.reject(new LedgerUnavailable('The ledger did not get to it in time.'));
      else batch.push(waiting);
    }
    return batch;
  }

  /** Back to the front of their accounts' lines, in the order they had. */
  private queueAgain(again: readonly Waiting[]): void {
    for (const waiting of [...again].reverse()) {
      const { accountId } = waiting.command;
      waiting.deadline = Date.now() + this.options.deadlineMs;
      this.queue.set(accountId, [waiting, ...(this.queue.get(accountId) ?? [])]);
      this.waiting++;
    }
  }

  private async write(batch: Waiting[]): Promise<void> {
    for (;;) {
      let client: pg.Client;
      try {
        client = await this.connection.get();
      } catch (error) {
        if (!(await this.waitToRetry(batch, error))) return;
        continue;
      }
      let sent: ReadonlySet<Command> = NONE_SENT;
      const startedAt = performance.now();
      try {
        const { outcomes, changes } = await runBatch(
          client,
          batch,
          this.options.rules,
          this.connection.cache,
          (keeping) => {
            sent = keeping;
          },
        );
        const answeredAt = performance.now();
        // Callers are answered first, listeners are told in the same turn of the event loop: a caller cannot act before both are done.
        this.queueAgain(batch.filter((_, index) => outcomes[index] === 'again'));
        batch.forEach((waiting, index) => {
          const outcome = outcomes[index] as Outcome | Again;
          if (outcome !== 'again') waiting.resolve(outcome);
        });
        if (changes.length > 0) this.options.committed(changes);
        this.options.wrote?.(batch.length, answeredAt - startedAt);
        return;
      } catch (error) {
        const lost = this.connection.isLost(client, error);
        if (lost) {
          await this.connection.drop();
          for (const waiting of batch) {
            waiting.mayBeWritten = true;
            if (sent.has(waiting.command)) waiting.mayBeKept = true;
          }
        } else await this.connection.abort(client);
        if (error instanceof WentBack) await this.connection.wentBack(error, this.options.failed);
        if (
          lost ||
          error instanceof WentBack ||
          error instanceof NotCommitted ||
          isForAnotherTry(error) ||
          isCreatedTwice(error, batch)
        ) {
          if (codeOf(error) === SQLSTATE.deadlock)
            this.options.failed(error, 'a deadlock, which the lock order forbids');
          if (!(await this.waitToRetry(batch, error))) return;
          continue;
        }
        return this.isolate(batch, error);
      }
    }
  }

  /** Runs the halves of a batch that raised; a command alone that raises fails. */
  private async isolate(batch: Waiting[], error: unknown): Promise<void> {
    const [only] = batch;
    if (batch.length === 1 && only) {
      this.options.failed(error, `command ${only.command.type} of account ${only.command.accountId}`);
      only.reject(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    const middle = batch.length >> 1;
    await this.write(batch.slice(0, middle));
    await this.write(batch.slice(middle));
  }

  /** Waits a little longer each time; what has been tried too often or too long is refused as unavailable. */
  private async waitToRetry(batch: Waiting[], error: unknown): Promise<boolean> {
    const now = Date.now();
    for (let index = batch.length - 1; index >= 0; index--) {
      const waiting = batch[index] as Waiting;
      waiting.tries++;
      if (waiting.tries < TRIES_MAX || now < waiting.deadline) continue;
      batch.splice(index, 1);
      waiting.reject(new LedgerUnavailable('The database is away.', { cause: error }));
    }
    const [first] = batch;
    if (!first) return false;
    this.retried++;
    const waitMs = Math.min(1000, 10 * 2 ** first.tries) * (0.5 + Math.random() / 2);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    return true;
  }
}
