import { useEffect, useRef, useState } from 'react';
import { useFragment, useQuery } from '@apollo/client/react';
import { messageOf } from '../../apollo/retry.js';
import { AccountHomeDocument, BalanceFieldsFragmentDoc } from '../../gql/operations.js';
import type { AccountHomeQuery, BalanceFieldsFragment } from '../../gql/operations.js';
import { useOnChange } from '../../ui/useOnChange.js';

/** Less than this is no test clock, only two clocks. */
const aheadMs = 5 * 60_000;
const missing = 'There is no such account, or you may not see it.';

export type HomeAccount = NonNullable<AccountHomeQuery['account']>;

export type Home = {
  accountId: string;
  account: HomeAccount | null;
  standard: BalanceFieldsFragment | null;
  scan: BalanceFieldsFragment | null;
  /** The account's own time in ms: a sandbox account's clock stands still between test clock moves. Null until known. */
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
  const standard = useLiveBalance(account?.standard.id ?? stampedId);
  const scan = useLiveBalance(account?.scan.id ?? null);
  // A new reset date means a new period, and perhaps another plan.
  useOnChange(standard?.nextResetAt ?? null, 1_000, () => void refetch().catch(() => undefined));
  const now = useAccountNow(account, standard);
  const isMissing = data !== undefined && data.account === null;
  const problem = isMissing ? missing : error === undefined ? null : messageOf(error);
  const isAhead = account?.sandbox === true && now !== null && now - Date.now() > aheadMs;
  const retry = (): void => void refetch().catch(() => undefined);
  return { accountId, account, standard, scan, now, isAhead, problem, retry };
}

/** Reads the account's clock; a live account's runs on between answers, a sandbox account's does not. */
function useAccountNow(account: HomeAccount | null, balance: BalanceFieldsFragment | null): number | null {
  const known =
    account === null ? null : Math.max(Date.parse(account.now), balance === null ? 0 : Date.parse(balance.asOf));
  const readAt = useRef({ known, at: performance.now() });
  if (readAt.current.known !== known) readAt.current = { known, at: performance.now() };
  const [, tick] = useState(0);
  const isRunning = account !== null && !account.sandbox;
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => tick((count) => count + 1), 30_000);
    return () => clearInterval(timer);
  }, [isRunning]);
  if (known === null) return null;
  return isRunning ? known + (performance.now() - readAt.current.at) : known;
}
