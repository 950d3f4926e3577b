import { formatId } from '@aibc/shared/ids';
import type { CreditType } from '../catalog/catalog.js';
import { badUserInput } from '../kit/errors.js';
import type { AccountSnapshot } from '../ledger/graph/account-snapshot.js';
import type { PastReader } from '../ledger/past/cut.js';
import { readOwned } from '../ledger/past/read-owned.js';
import { readVersions } from '../ledger/past/read-versions.js';
import type { BalanceAt } from './statements.types.js';

/**
 * What an account had at an instant of its past: after the last entry group at or before it.
 *
 * @param snapshot  the account as it is now, with nothing due
 * @param at  epoch ms on the account's clock
 * @throws BAD_USER_INPUT `at` for an instant that is still to come
 * Source: docs/domain.md, The past
 */
export async function readBalanceAt(
  reader: PastReader,
  { state, now }: AccountSnapshot,
  creditType: CreditType,
  at: number,
): Promise<BalanceAt> {
  if (at > now)
    throw badUserInput('at', `at must not be later than the account's own now, ${new Date(now).toISOString()}.`);
  const accountId = state.id;
  const [found] = await readVersions(reader, [{ accountId, before: at + 1 }]);
  if (found === undefined) throw new TypeError(`the journal of ${accountId} has a gap`);
  // What was written since the account was read belongs to a later answer.
  const version = Math.min(found, state.version);
  const cut = { version: version + 1, ordinal: 0 };
  const [owned] = await readOwned(reader, [{ accountId, creditType, cut }]);
  if (owned === undefined) throw new TypeError(`nothing was answered of ${accountId}`);
  const { available, held, waiting } = owned;
  return {
    accountId: formatId('acct', accountId),
    creditType,
    at,
    version,
    available: available - waiting,
    held,
    waiting,
  };
}
