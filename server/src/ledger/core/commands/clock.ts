import { boundary } from '../../../accounts/periods.js';
import type { CommandBase, CommandKind } from '../command.js';
import { type Decision, refuseAmount } from '../decision.js';
import type { AccountAnswer, NotFound, Refused } from '../outcome.js';
import type { DecisionContext } from '../rules.js';
import type { LoadedAccount } from '../state.js';

/** Moves a sandbox account's own clock forward. */
export interface ClockCommand extends CommandBase {
  readonly type: 'clock';
  readonly to: number;
}

export type ClockAnswer = AccountAnswer | Refused | NotFound;

/** One call moves a test clock by at most so many months, counted in the account's time zone. */
const CLOCK_MONTHS_MAX = 24;
const CLOCK_END = Date.UTC(2200, 0, 1);

/**
 * Moves a sandbox account's clock forward, to `to`; what falls due on the way is closed at its own instant.
 *
 * @returns that everything until `to` closes; or a refusal: InvalidAmount naming `to` (backwards, more than 24 months, 2200 or later) or `accountId`
 * (a live account)
 * Source: docs/domain.md, Test clocks
 */
function decideClock(
  account: LoadedAccount,
  { to }: ClockCommand,
  context: DecisionContext,
): Decision<AccountAnswer | Refused> {
  const { head } = account;
  if (head.clockAt === null) return refuseAmount('accountId', 'A live account has no clock of its own.');
  if (to < context.now) return refuseAmount('to', 'A clock only moves forward.');
  const last = boundary(context.now, CLOCK_MONTHS_MAX, head.timeZone);
  if (to > last)
    return refuseAmount(
      'to',
      `A clock moves at most ${CLOCK_MONTHS_MAX} months a call, counted in the account's time zone (${head.timeZone}): to ${new Date(last).toISOString()} now.`,
    );
  if (to >= CLOCK_END) return refuseAmount('to', 'A clock stays within the years 2000 to 2199.');
  return { kind: 'closes', until: to };
}

export const CLOCK: CommandKind<ClockCommand, ClockAnswer> = { decide: decideClock, clockTo: ({ to }) => to };
