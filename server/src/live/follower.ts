import type { AccountChange } from '../ledger/core/ledger.js';

/** A feed of accounts that is told what moved. Of an account that nobody reads, each of these costs a look into a map. */
export interface Follower {
  /** This process committed a change, in the present history. */
  publish(change: AccountChange): void;
  /** An account is at least at this version: another process moved it. */
  expect(accountId: string, version: number): void;
  /** Looks for itself at all accounts that somebody reads, since a word of another process may have been lost. */
  look(): void;
  /** The database is in another history: no version that was known counts any more. */
  begin(): void;
}
