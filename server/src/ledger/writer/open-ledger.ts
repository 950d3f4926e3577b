import type { ConnectionConfig } from '../../db/connect.js';
import type { Command, OutcomeOf } from '../core/commands.js';
import type { LedgerHistory } from './lane-history.js';
import { Lane, type LaneOptions } from './lane.js';
import type { AccountChange, ChangeListener, Ledger } from '../core/ledger.js';
import type { DecisionRules } from '../core/rules.js';

export interface LedgerOptions {
  /** How its own connections reach the database. */
  readonly connection: ConnectionConfig;
  readonly rules: DecisionRules;
  /** Writers side by side; one per core of the database's machine is best. */
  readonly lanes?: number;
  readonly batchMax?: number;
  readonly queueMax?: number;
  /** How long a command may wait before it is sent, ms. */
  readonly deadlineMs?: number;
  readonly onError?: (error: unknown, what: string) => void;
  readonly connect?: LaneOptions['connect'];
  /** Left out: the database is trusted never to go back. */
  readonly history?: LedgerHistory;
  readonly wrote?: LaneOptions['wrote'];
  readonly turns?: LaneOptions['turns'];
}

/** A ledger, and its lanes for the metrics. */
export interface OpenLedger extends Ledger {
  readonly lanes: readonly Pick<Lane, 'queued' | 'connected' | 'retries'>[];
}

/**
 * All commands of an account go to one lane, so that lanes of one process never wait for each other's locks. Any other choice would be right
 * too, only slower.
 */
function laneOf(accountId: string, lanes: number): number {
  return Number.parseInt(accountId.slice(-4), 16) % lanes;
}

/**
 * The ledger over one database: commands queue in lanes, each lane writes a batch at a time.
 *
 * Connections are made when the first command needs them and made again when they break.
 */
export function openLedger(options: LedgerOptions): OpenLedger {
  const listeners = new Set<ChangeListener>();
  const failed = options.onError ?? (() => {});
  const committed = (changes: readonly AccountChange[]) => {
    for (const listener of listeners) {
      try {
        listener(changes);
      } catch (error) {
        failed(error, 'listener');
      }
    }
  };
  const lanes = Array.from(
    { length: options.lanes ?? 2 },
    () =>
      new Lane({
        connection: options.connection,
        rules: options.rules,
        batchMax: options.batchMax ?? 256,
        queueMax: options.queueMax ?? 20_000,
        deadlineMs: options.deadlineMs ?? 5_000,
        committed,
        failed,
        turns: options.turns,
        connect: options.connect,
        history: options.history,
        wrote: options.wrote,
      }),
  );
  let submitted = 0;
  return {
    lanes,
    get submitted() {
      return submitted;
    },
    submit<C extends Command>(command: C): Promise<OutcomeOf<C>> {
      submitted += 1;
      return (lanes[laneOf(command.accountId, lanes.length)] as Lane).submit(command);
    },
    onCommitted(listener: ChangeListener): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close(): Promise<void> {
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
}
