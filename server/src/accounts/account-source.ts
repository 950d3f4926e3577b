import type { Caller } from '../auth/caller.js';
import type { Account, AdvanceTestClockInput, CreateAccountInput } from './accounts.types.js';

/**
 * Where accounts as the API shows them come from. The ledger keeps what moves of an account, so it is the one that answers; this is what it
 * is asked.
 */
export interface AccountSource {
  /** @throws UNAUTHENTICATED, NOT_FOUND, FORBIDDEN without `credits:read` */
  read(caller: Caller | null, accountId: string): Promise<Account>;
  /** Accounts that the caller is known to see, in the order given. */
  readAll(accountIds: readonly string[]): Promise<Account[]>;
  create(caller: Caller | null, input: CreateAccountInput): Promise<Account>;
  advanceClock(caller: Caller | null, input: AdvanceTestClockInput): Promise<Account>;
}
