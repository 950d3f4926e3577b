import type { Cause } from './cause.js';
import type { Keyed } from './command.js';
import type { Group } from './group.js';
import type { KeptDecision } from './idempotency.js';
import type { LoadedAccount } from './state.js';

/** One decision of a batch, as it is to be written. */
export interface WrittenDecision {
  /** Why, and by whom, as the journal says it. */
  readonly cause: Cause;
  readonly actor: string;
  readonly account: LoadedAccount;
  readonly group: Group | null;
  /** The key and answer that it is found under again. */
  readonly kept: (KeptDecision & { readonly keyed: Keyed }) | null;
  /** The reservation that it is about. */
  readonly reservationId: string | null;
  readonly at: number;
}
