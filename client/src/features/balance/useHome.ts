import { useFragment, useQuery } from '@apollo/client/react';
import { messageOf } from '../../apollo/retry.js';
import { AccountHomeDocument, BalanceFieldsFragmentDoc } from '../../gql/operations.js';
import type { AccountHomeQuery, BalanceFieldsFragment } from '../../gql/operations.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { useAccountClock } from './useAccountClock.js';
import { useSettledLevel } from './useSettledLevel.js';

const missing = 'There is no such account, or you may not see it.';

export type HomeAccount = NonNullable<AccountHomeQuery['account']>;

export type Home = {
  accountId: string;
  account: HomeAccount | null;
  standard: BalanceFieldsFragment | null;
  scan: BalanceFieldsFragment | null;
  /** The account's own time in ms, by the one clock of the page. Null until known. */
  now: number | null;
  /** Whether a sandbox account's clock was moved ahead of the wall clock; it then stands still. */
  isAhead: boolean;
  /** Why the account could not be read; null while it can. */
  problem: string | null;
  retry: () => void;
};

/** A live balance by the cache's key; null until it is there. */
function useLiveBalance(id: string | null): BalanceFieldsFragment | null {
  const { data, complete } = useFragment({
    fragment: BalanceFieldsFragmentDoc,
    fragmentName: 'BalanceFields',
    from: { __typename: 'Balance', id: id ?? 'unknown' },
  });
  return complete ? data : null;
}

/**
 * The account and its two balances, live.
 *
 * @param stampedId  the id of the STANDARD balance the server stamped into the page, when it did
 * @param fetchPolicy  `cache-first` beside another reader of the same account
 */
export function useHome(
  accountId: string,
  stampedId: string | null,
  fetchPolicy: 'cache-and-network' | 'cache-first' = 'cache-and-network',
): Home {
  const { data, error, refetch } = useQuery(AccountHomeDocument, { variables: { accountId }, fetchPolicy });
  const account = data?.account ?? null;
  const standard = useSettledLevel(useLiveBalance(account?.standard.id ?? stampedId));
  const scan = useSettledLevel(useLiveBalance(account?.scan.id ?? null));
  // A new reset date means a new period, and perhaps another plan.
  useOnChange(standard?.nextResetAt ?? null, 1_000, () => void refetch().catch(() => undefined));
  const { now, isAhead } = useAccountClock(account, standard);
  const isMissing = data !== undefined && data.account === null;
  const problem = isMissing ? missing : error === undefined ? null : messageOf(error);
  const retry = (): void => void refetch().catch(() => undefined);
  return { accountId, account, standard, scan, now, isAhead, problem, retry };
}
