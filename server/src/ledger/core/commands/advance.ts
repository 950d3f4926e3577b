import type { CommandBase, CommandKind } from '../command.js';
import type { AccountAnswer, NotFound } from '../outcome.js';

/** Closes what is due and nothing else: readers and the punctual worker submit it. */
export interface AdvanceCommand extends CommandBase {
  readonly type: 'advance';
}

/** What is due is closed before every command, so this one only has to answer the account. */
export const ADVANCE: CommandKind<AdvanceCommand, AccountAnswer | NotFound> = {
  decide: (_account, _command, { now }) => ({ kind: 'closes', until: now }),
};
