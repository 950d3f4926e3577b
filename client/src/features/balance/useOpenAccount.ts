import { useCallback, useMemo } from 'react';
import { useFragment, useQuery } from '@apollo/client/react';
import { readingOf } from '../../apollo/reading.js';
import type { OpenAccount } from '../../domain/account.js';
import { AccountHomeDocument, BalanceFieldsFragmentDoc } from '../../gql/operations.js';
import type { BalanceFieldsFragment } from '../../gql/operations.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { useAccountClock } from './useAccountClock.js';
import { useSettledLevel } from './useSettledLevel.js';

/** A live balance by the cache's key; null until it is there. */
function useLiveBalance(id: string | null): BalanceFieldsFragment | null {
  const { data, complete } = useFragment({
    fragment: BalanceFieldsFragmentDoc,
    fragmentName: 'BalanceFields',
    from: { __typename: 'Balance', id: id ?? 'unknown' },
  });
  return complete ? data : null;
}

type Opened = {
  accountId: string;
  isDemo: boolean;
  /** What the server stamped into the page for this account: the STANDARD balance's id, and the version of all of it. */
  stamped: { balanceId: string; version: number } | null;
};

/** The account and its two balances, live. What was stamped into the page is not asked for again. */
export function useOpenAccount({ accountId, isDemo, stamped }: Opened): OpenAccount {
  const result = useQuery(AccountHomeDocument, {
    variables: { accountId },
    fetchPolicy: stamped === null ? 'cache-and-network' : 'cache-first',
  });
  const { value: details, problem } = readingOf(result, (data) => data.account);
  const { refetch } = result;
  const again = useCallback(() => refetch().catch(() => undefined), [refetch]);
  const standard = useSettledLevel(useLiveBalance(details?.standard.id ?? stamped?.balanceId ?? null));
  const scan = useSettledLevel(useLiveBalance(details?.scan.id ?? null));
  // A new reset date means a new period, and perhaps another plan.
  useOnChange(standard?.nextResetAt ?? null, 1_000, () => void again());
  const { now, isAhead } = useAccountClock(details, standard);
  const stampedVersion = stamped?.version ?? null;
  return useMemo<OpenAccount>(
    () => ({
      accountId,
      details,
      plan: details?.plan ?? null,
      standard,
      scan,
      now,
      isAhead,
      problem,
      again,
      stampedVersion,
      isDemo,
    }),
    [accountId, details, standard, scan, now, isAhead, problem, again, stampedVersion, isDemo],
  );
}
