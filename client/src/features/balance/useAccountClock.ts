import { createContext, use, useEffect, useSyncExternalStore } from 'react';
import { createAccountClock } from '../../apollo/account-clock.js';
import type { AccountClock, ShownClock } from '../../apollo/account-clock.js';
import type { AccountHomeQuery, BalanceFieldsFragment } from '../../gql/operations.js';

/** The one clock of the account that is shown; given by the application, told by the live link. */
export const AccountClockContext = createContext<AccountClock>(createAccountClock());

/** What time it is for the account; what was read of it is told to the clock, for until the live link speaks. */
export function useAccountClock(
  account: Pick<NonNullable<AccountHomeQuery['account']>, 'now' | 'sandbox'> | null,
  balance: Pick<BalanceFieldsFragment, 'asOf'> | null,
): ShownClock {
  const clock = use(AccountClockContext);
  const at = account === null ? null : Math.max(Date.parse(account.now), Date.parse(balance?.asOf ?? account.now));
  const runs = account?.sandbox === false;
  useEffect(() => {
    if (at !== null) clock.atLeast(at, runs);
  }, [clock, at, runs]);
  return useSyncExternalStore(clock.subscribe, clock.read);
}
