import type { CreditType } from '../../catalog/catalog.js';
import type { Command, OutcomeOf } from './commands.js';
import type { LedgerEvent } from './events.js';
import type { BalanceView, ReservationState } from './state.js';

/** What one committed batch changed on one account, told after the commit. A test clock moves without a version. */
export interface AccountChange {
  readonly accountId: string;
  readonly sandbox: boolean;
  /** The history in which it was written; null: the database has none. */
  readonly historyId: string | null;
  readonly version: number;
  /** The version before the batch; 0: the batch created the account. */
  readonly before: number;
  /** The reservations that it opened or changed, each as it left them, the one that changed first in front. */
  readonly reservations: readonly ReservationState[];
  /** Where a sandbox account's own clock stands, epoch ms; null: a live account. */
  readonly clockAt: number | null;
  readonly balances: Readonly<Record<CreditType, BalanceView>>;
  readonly events: readonly LedgerEvent[];
  /** Whether auto top-up began a purchase, which is to be charged. */
  readonly beginsTopUp: boolean;
}

export type ChangeListener = (changes: readonly AccountChange[]) => void;

/** The one way in: commands are decided and written in batches, and answered after their commit. */
export interface Ledger {
  /**
   * Decides and writes a command.
   *
   * @returns what it came to, after it is durable
   * @throws LedgerUnavailable when the queue is full, the deadline passed before it was sent, or the database is away;
   * the caller retries under the same key
   */
  submit<C extends Command>(command: C): Promise<OutcomeOf<C>>;
  /** How many commands have been submitted so far, whatever became of them. */
  readonly submitted: number;
  /** Calls `listener` after each commit that changed something, in commit order per account; returns the undo. */
  onCommitted(listener: ChangeListener): () => void;
  /** Writes what is queued, then closes the connections. */
  close(): Promise<void>;
}

/** The ledger cannot answer now; nothing is known to be lost, and a retry under the same key is safe. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
}
