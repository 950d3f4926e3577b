import { dayRange } from '../accounts/periods.js';
import type { CreditType } from '../catalog/catalog.js';
import type { AccountState } from '../ledger/core/state.js';
import type { PastReader } from '../ledger/past/cut.js';
import { earlier, readCuts } from '../ledger/past/read-cuts.js';
import { readMovements } from '../ledger/past/read-sums.js';
import { readSpan } from '../usage/read-usage.js';
import { showGranted } from './list-periods.js';
import type { Statement } from './statements.types.js';

/**
 * What an account owned when a span of days began and ended, and what came and went between.
 *
 * Days are the account's, by the zone that it has now. Nothing has happened in days to come: they close with what is owned now.
 *
 * @param state  as it was read, with nothing due
 * @throws BAD_USER_INPUT `from` before 1970, `to` before `from` or more than 1,098 days in all
 * Source: docs/domain.md, The past
 */
export async function readStatement(
  reader: PastReader,
  state: AccountState,
  creditType: CreditType,
  from: string,
  to: string,
): Promise<Statement> {
  readSpan(from, to);
  const accountId = state.id;
  const cuts = await readCuts(reader, [
    { accountId, at: dayRange(from, state.timeZone).start },
    { accountId, at: dayRange(to, state.timeZone).end },
  ]);
  // What was written since the account was read belongs to a later answer.
  const now = { version: state.version + 1, ordinal: 0 };
  const [start, end] = cuts.map((cut) => cut && earlier(cut, now));
  if (start === undefined || end === undefined) throw new TypeError(`the journal of ${accountId} has a gap`);
  const [read] = await readMovements(reader, [{ accountId, creditType, from: start, to: end }]);
  if (read === undefined) throw new TypeError(`nothing was answered of ${accountId}`);
  return { ...read, from, to, creditType, granted: showGranted(read.granted) };
}
