import type { QuotePayload } from '../../catalog/quote-payload.js';
import type { Cause } from './cause.js';
import type { Decision, Needs } from './decision.js';
import type { Outcome } from './outcome.js';
import type { DecisionContext } from './rules.js';
import type { LoadedAccount } from './state.js';

/** Who asks, as the ledger records it. */
export interface Actor {
  /** `user:<sub>`, `service:<id>`, `operator:<id>` or `system`. */
  readonly name: string;
  /** Who owns the holds that it opens, written like `name`; left out: the actor itself. */
  readonly holder?: string;
  /** The member that usage is booked to when nobody is named. */
  readonly member: string;
  /** True for services and operators: they may close holds that others opened. */
  readonly closesAny: boolean;
}

/**
 * An idempotency key with what it was used for. `scope` holds mutation and caller kind; `input` is the canonical
 * input with defaults filled in, field by field, so that a conflict can name the fields.
 */
export interface Keyed {
  readonly key: string;
  readonly scope: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface OperationLine {
  readonly operation: string;
  readonly quantity: number;
}

/** A quote's token after its signature was checked; null when it is not one of ours. */
export type PresentedQuote = { readonly payload: QuotePayload | null };

/** What every command says: about which account, and who asks. */
export interface CommandBase {
  readonly accountId: string;
  readonly actor: Actor;
}

/** All that the ledger knows of a kind of command. Each kind has a file in `commands/` and a line in the table in `commands.ts`. */
export interface CommandKind<C extends CommandBase, O extends Outcome> {
  /**
   * Decides the command on an account on which everything due is closed. Pure: the same state, command and time give the same decision; it changes
   * nothing that it was given.
   *
   * @returns the groups to write and the answer, or what has to be loaded first
   */
  decide(account: LoadedAccount, command: C, context: DecisionContext): Decision<O>;
  /** Decides it where there is no such account, at the database's now; left out: the answer is `notFound`. */
  readonly create?: (command: C, context: DecisionContext) => Decision<O>;
  /** The cause under which its refusals stand in the journal, since they have no group; left out: none is kept. */
  readonly cause?: Cause;
  /** The reservation that it is about: it is loaded before, and a refusal of it is kept beside it. */
  readonly reservationOf?: (command: C) => string;
  /** The member that its work is booked to: what budgets count of that member is loaded before. */
  readonly memberOf?: (command: C) => string;
  /** Rows that it names beside that, by their ids: they are looked for before it is decided, and what is not loaded then does not exist. */
  readonly names?: (command: C) => NonNullable<Needs['rows']>;
  /** The instant to which it moves a sandbox account's clock: what ends by then is loaded before. */
  readonly clockTo?: (command: C) => number;
}
