import type { LoadedAccount } from './state.js';

const ACCOUNTS_MAX = 20_000;
const HOLDS_MAX = 1_000;

/**
 * Accounts as this lane last wrote them, so that a batch need not read them again.
 *
 * Every change of an account's credits, grants and holds takes a version, and the version is read under the lock together with the
 * history: a cached state of this history is used when it carries that version, and then it is the state. A batch takes what it works on out of the
 * cache and gives it back after its commit, so that nothing undone is ever left here.
 */
export class AccountCache {
  private readonly accounts = new Map<string, LoadedAccount>();
  /** The history that all of them are of; undefined before the first batch. */
  private historyId: string | null | undefined;

  /**
   * Forgets everything when this is another history than before.
   *
   * @returns whether it was another
   */
  enter(historyId: string | null): boolean {
    const isOther = this.historyId !== undefined && this.historyId !== historyId;
    if (isOther) this.accounts.clear();
    this.historyId = historyId;
    return isOther;
  }

  /** The versions of the accounts that were written last, at most so many, and the history that they count in. */
  newest(count: number): { readonly historyId: string | null; readonly versions: ReadonlyMap<string, number> } {
    const versions = [...this.accounts].slice(-count).map(([id, { head }]): [string, number] => [id, head.version]);
    return { historyId: this.historyId ?? null, versions: new Map(versions) };
  }

  take(accountId: string): LoadedAccount | undefined {
    const account = this.accounts.get(accountId);
    if (account) this.accounts.delete(accountId);
    return account;
  }

  /** Keeps what can still matter: grants with something in them and open holds. */
  put(account: LoadedAccount): void {
    for (const { id, available, held } of account.grants.values())
      if (available === 0 && held === 0) account.grants.delete(id);
    for (const { id, status } of account.reservations.values()) {
      if (status === 'HELD') {
        if (account.reservations.size <= HOLDS_MAX) continue;
        account.allHolds = false;
        account.creditHolds = false;
      }
      account.reservations.delete(id);
    }
    if (this.accounts.size >= ACCOUNTS_MAX) {
      const [oldest] = this.accounts.keys();
      if (oldest !== undefined) this.accounts.delete(oldest);
    }
    this.accounts.set(account.head.id, account);
  }
}
