import { createContext, use } from 'react';
import type { AccountHomeQuery, BalanceFieldsFragment, PlanFieldsFragment } from '../gql/operations.js';
import type { Reading } from '../ui/reading.js';

export type AccountDetails = NonNullable<AccountHomeQuery['account']>;

/** The account that is open in the page, live: what every room shows and asks about. */
export type OpenAccount = {
  accountId: string;
  /** Name, plan, zone and period; null until they are read. */
  details: AccountDetails | null;
  /** The plan of `details`; null until it is read. */
  plan: PlanFieldsFragment | null;
  /** The balance of STANDARD credits; null until it is known. */
  standard: BalanceFieldsFragment | null;
  /** The balance of SCAN credits; null until it is known. */
  scan: BalanceFieldsFragment | null;
  /** The account's own time in ms, by the one clock of the page. Null until known. */
  now: number | null;
  /** Whether a sandbox account's clock was moved ahead of the wall clock; it then stands still. */
  isAhead: boolean;
  /** Why the account could not be read; null while it can. */
  problem: string | null;
  /** Asks for the account again; resolves when that is answered, or cannot be. */
  again: () => Promise<unknown>;
  /** The version of everything that the server stamped into the page for this account; null where it stamped nothing. */
  stampedVersion: number | null;
  /** Whether it is one of the demo accounts, whose work can be made to fail. */
  isDemo: boolean;
};

/** Given by the application once a session is open. */
export const AccountContext = createContext<OpenAccount | null>(null);

/**
 * The account that is open in the page. A component that reads it is drawn again with every change of a balance and with
 * every step of the clock.
 */
export function useAccount(): OpenAccount {
  const account = use(AccountContext);
  if (account === null) throw new Error('useAccount is called outside of an open account.');
  return account;
}

/** A share of the open account, as a part of a page reads it: `value` is null while that share is not known. */
export function shareOf<T>({ problem, again }: OpenAccount, value: T | null): Reading<T> {
  return { value, problem, again };
}
