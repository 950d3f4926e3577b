import type { Caller } from '../auth/caller.js';
import type { Account, AdvanceTestClockInput, CreateAccountInput } from './accounts.types.js';

/**
 * Where the API gets accounts from. The ledger implements it, since it keeps those parts of an account that change.
 */
export interface AccountSource {
  /** @throws UNAUTHENTICATED, NOT_FOUND, FORBIDDEN without `credits:read` */
  read(caller: Caller | null, accountId: string): Promise<Account>;
  /** Accounts that the caller is known to see, in the order given. */
  readAll(accountIds: readonly string[]): Promise<Account[]>;
  create(caller: Caller | null, input: CreateAccountInput): Promise<Account>;
  advanceClock(caller: Caller | null, input: AdvanceTestClockInput): Promise<Account>;
}
