import { ADD, type AddCommand } from './commands/add.js';
import { ADVANCE, type AdvanceCommand } from './commands/advance.js';
import { ASSESS, type AssessCommand } from './commands/assess.js';
import { CHANGE_PLAN, type ChangePlanCommand, PREVIEW_PLAN, type PreviewPlanCommand } from './commands/change-plan.js';
import { CLOCK, type ClockCommand } from './commands/clock.js';
import { COMMIT, type CommitCommand } from './commands/commit.js';
import { CREATE, type CreateCommand } from './commands/create.js';
import { EXTEND, type ExtendCommand } from './commands/extend.js';
import { GRANT, type GrantCommand } from './commands/grant.js';
import { RELEASE, type ReleaseCommand } from './commands/release.js';
import { REMOVE_BUDGET, type RemoveBudgetCommand } from './commands/remove-budget.js';
import { RESERVE, type ReserveCommand } from './commands/reserve.js';
import { REVOKE, type RevokeCommand } from './commands/revoke.js';
import { OPEN_CHECKOUT, type OpenCheckoutCommand } from './commands/open-checkout.js';
import { PURCHASE, type PurchaseCommand } from './commands/purchase.js';
import { DISPUTE_PURCHASE, type DisputePurchaseCommand } from './commands/dispute-purchase.js';
import {
  PREVIEW_REFUND,
  type PreviewRefundCommand,
  REFUND_PURCHASE,
  type RefundPurchaseCommand,
} from './commands/refund-purchase.js';
import { SET_LEVELS, type SetLevelsCommand } from './commands/set-levels.js';
import { SEND_REFUND, type SendRefundCommand } from './commands/send-refund.js';
import { SET_BUDGET, type SetBudgetCommand } from './commands/set-budget.js';
import { SETTLE_PURCHASE, type SettlePurchaseCommand } from './commands/settle-purchase.js';
import { SETTLE_PLAN, type SettlePlanCommand } from './commands/settle-plan.js';
import { PREVIEW_TOP_UP, type PreviewTopUpCommand, SET_TOP_UP, type SetTopUpCommand } from './commands/set-top-up.js';
import {
  REMOVE_METHOD,
  type RemoveMethodCommand,
  SAVE_METHOD,
  type SaveMethodCommand,
} from './commands/payment-method.js';
import { RENEW_PLAN, type RenewPlanCommand } from './commands/renew-plan.js';
import type { Cause } from './cause.js';
import type { CommandBase, CommandKind, Keyed } from './command.js';
import { answer, type Decision, type Needs } from './decision.js';
import type { Outcome } from './outcome.js';
import type { DecisionContext } from './rules.js';
import type { LoadedAccount } from './state.js';

/** Everything that changes an account is one of these. */
export type Command =
  | ReserveCommand
  | AddCommand
  | CommitCommand
  | ReleaseCommand
  | ExtendCommand
  | GrantCommand
  | RevokeCommand
  | ChangePlanCommand
  | PreviewPlanCommand
  | SettlePlanCommand
  | RenewPlanCommand
  | CreateCommand
  | AdvanceCommand
  | ClockCommand
  | SetLevelsCommand
  | PurchaseCommand
  | OpenCheckoutCommand
  | SettlePurchaseCommand
  | SendRefundCommand
  | RefundPurchaseCommand
  | PreviewRefundCommand
  | DisputePurchaseCommand
  | SetBudgetCommand
  | RemoveBudgetCommand
  | AssessCommand
  | SetTopUpCommand
  | PreviewTopUpCommand
  | SaveMethodCommand
  | RemoveMethodCommand;

/** All kinds of commands: a new one is a file of `commands/` and a line here. */
const COMMANDS = {
  reserve: RESERVE,
  add: ADD,
  commit: COMMIT,
  release: RELEASE,
  extend: EXTEND,
  grant: GRANT,
  revoke: REVOKE,
  'change-plan': CHANGE_PLAN,
  'preview-plan': PREVIEW_PLAN,
  'settle-plan': SETTLE_PLAN,
  'renew-plan': RENEW_PLAN,
  create: CREATE,
  advance: ADVANCE,
  clock: CLOCK,
  'set-levels': SET_LEVELS,
  purchase: PURCHASE,
  'open-checkout': OPEN_CHECKOUT,
  'settle-purchase': SETTLE_PURCHASE,
  'send-refund': SEND_REFUND,
  'refund-purchase': REFUND_PURCHASE,
  'preview-refund': PREVIEW_REFUND,
  'dispute-purchase': DISPUTE_PURCHASE,
  'set-budget': SET_BUDGET,
  'remove-budget': REMOVE_BUDGET,
  assess: ASSESS,
  'set-top-up': SET_TOP_UP,
  'preview-top-up': PREVIEW_TOP_UP,
  'save-method': SAVE_METHOD,
  'remove-method': REMOVE_METHOD,
} as const;

/** What a command can be answered with. */
export type OutcomeOf<C extends Command> =
  (typeof COMMANDS)[C['type']] extends CommandKind<infer _, infer O> ? O : never;

/** The kind of a command, as the ledger deals with any of them. */
function kindOf(command: Command): CommandKind<CommandBase, Outcome> {
  return COMMANDS[command.type] as CommandKind<never, Outcome> as CommandKind<CommandBase, Outcome>;
}

/**
 * Decides a command on an account whose due things are closed. Pure: the same state, command and time give the same
 * decision; it changes nothing it was given.
 *
 * @param account  null: there is none
 * Source: docs/domain.md
 */
export function decide(account: LoadedAccount | null, command: Command, context: DecisionContext): Decision {
  const kind = kindOf(command);
  if (account) return kind.decide(account, command, context);
  return kind.create?.(command, context) ?? answer({ kind: 'notFound' });
}

/** The cause under which a command's refusal is kept. */
export function causeOf(command: Command): Cause {
  const { cause } = kindOf(command);
  if (cause === undefined) throw new TypeError(`a refused ${command.type} is not kept`);
  return cause;
}

export function keyedOf(command: Command): Keyed | null {
  return 'keyed' in command ? command.keyed : null;
}

/**
 * The reservation that a command is about. A refused reserve made none; a refused commit, release, extension or addition is about the
 * one that it names.
 */
export function namedReservation(command: Command | null): string | null {
  return command === null ? null : (kindOf(command).reservationOf?.(command) ?? null);
}

/** The member whose work a command is about: as it says, or as the reservation does that it names; null: nobody's, or that is not loaded. */
export function memberOf(command: Command, reservations: LoadedAccount['reservations']): string | null {
  const id = namedReservation(command);
  if (id !== null) return reservations.get(id)?.member ?? null;
  return kindOf(command).memberOf?.(command) ?? null;
}

/** Rows that a command names and that may not exist; null: it names none. */
export function namedRows(command: Command): NonNullable<Needs['rows']> | null {
  return kindOf(command).names?.(command) ?? null;
}

/** The instant to which a command moves a sandbox account's clock; null: to none. */
export function clockTo(command: Command): number | null {
  return kindOf(command).clockTo?.(command) ?? null;
}
