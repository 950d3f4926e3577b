import { parseId } from '@aibc/shared/ids';
import type { AccountIdentity, Caller } from '../auth/caller.js';
import { assertAccount, assertScope, mayUse } from '../auth/caller.js';
import { badUserInput } from '../kit/errors.js';
import type { FeedFilter } from './event-store.js';
import type { LiveOptions } from './live-options.js';

/** Which accounts a caller may watch and follow. */
export class WatchedAccounts {
  constructor(private readonly findAccount: LiveOptions['findAccount']) {}

  /**
   * The account whose credits the caller wants to see.
   *
   * @throws UNAUTHENTICATED; BAD_USER_INPUT for a malformed id; NOT_FOUND, also for a foreign account; FORBIDDEN without `credits:read`
   */
  async findReadable(caller: Caller | null, publicId: string): Promise<AccountIdentity> {
    const account = await this.#find(caller, publicId);
    assertAccount(caller, account, 'credits:read');
    return account;
  }

  /**
   * The account whose events the caller wants to hear; null: of all that it may see.
   *
   * @throws as `findReadable`, but for the scope `events:read`
   */
  async findFollowed(caller: Caller, publicId: string | null): Promise<AccountIdentity | null> {
    if (publicId === null) {
      assertScope(caller, 'events:read');
      return null;
    }
    const account = await this.#find(caller, publicId);
    assertAccount(caller, account, 'events:read');
    return account;
  }

  /** Whether the caller may hear the events of an account. */
  async mayFollow(caller: Caller, accountId: string): Promise<boolean> {
    const owner = await this.findAccount(caller, accountId);
    return owner !== null && mayUse(caller, owner, 'events:read');
  }

  async #find(caller: Caller | null, publicId: string): Promise<AccountIdentity | null> {
    const id = parseId('acct', publicId);
    if (id === null) throw badUserInput('accountId', 'This is not the id of an account.');
    return this.findAccount(caller, id);
  }
}

/** Which events those are: of the account, or without one of all that the caller may see. */
export function filterOf(caller: Caller, account: AccountIdentity | null, types: readonly string[] | null): FeedFilter {
  return {
    sandbox: caller.sides.map((side) => side === 'sandbox'),
    accountIds: account !== null ? [account.id] : caller.accounts === 'all' ? null : [...caller.accounts.keys()],
    types,
  };
}
