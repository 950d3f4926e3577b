import { LRUCache } from 'lru-cache';
import { ROW_KINDS } from '../core/state.js';
import type { LoadedAccount } from '../core/state.js';
import { ownedKind, rowsOf } from '../rows/owned-rows.js';

const ACCOUNTS_MAX = 20_000;
const HOLDS_MAX = 1_000;
const TALLIES_MAX = 256;
/** Names of projects, of all accounts together: some 50 MB at their longest. */
const PROJECT_NAMES_MAX = 200_000;

/**
 * Accounts as this lane last wrote them, so that a batch need not read them again.
 *
 * Every change of an account's credits, grants and holds takes a version, and the version is read under the lock together with the
 * history: a cached state of this history is used when it carries that version, and then it is the state. A batch takes what it works on out of the
 * cache and gives it back after its commit, so that nothing undone is ever left here.
 */
export class AccountCache {
  private readonly accounts = new LRUCache<string, LoadedAccount>({
    max: ACCOUNTS_MAX,
    dispose: (_account, id, reason) => {
      if (reason === 'evict') this.projects.delete(id);
    },
  });
  /** Those whose projects are loaded, by how many they are: when they are too many, those of the accounts written longest ago are forgotten. */
  private readonly projects = new LRUCache<string, LoadedAccount>({
    maxSize: PROJECT_NAMES_MAX,
    dispose(account, _id, reason) {
      if (reason === 'evict') account.projects = null;
    },
  });
  /** The history that all of them are of; undefined before the first batch. */
  private historyId: string | null | undefined;

  /**
   * Forgets everything when this is another history than before.
   *
   * @returns whether it was another
   */
  enter(historyId: string | null): boolean {
    const isOther = this.historyId !== undefined && this.historyId !== historyId;
    if (isOther) {
      this.accounts.clear();
      this.projects.clear();
    }
    this.historyId = historyId;
    return isOther;
  }

  /** The versions of the accounts that were written last, at most so many, and the history that they count in. */
  newest(count: number): { readonly historyId: string | null; readonly versions: ReadonlyMap<string, number> } {
    const versions = new Map<string, number>();
    // From the one that was written last.
    for (const [id, { head }] of this.accounts.entries()) {
      if (versions.size === count) break;
      versions.set(id, head.version);
    }
    return { historyId: this.historyId ?? null, versions };
  }

  take(accountId: string): LoadedAccount | undefined {
    const account = this.accounts.get(accountId);
    if (account) {
      this.accounts.delete(accountId);
      if (account.projects !== null) this.projects.delete(accountId);
    }
    return account;
  }

  /** Keeps the rows that later batches may need, as each kind of row says (`isKept`). */
  put(account: LoadedAccount): void {
    if (account.reservations.size > HOLDS_MAX) this.dropHolds(account);
    if (account.tallies.size > TALLIES_MAX) {
      account.tallies.clear();
      account.talliesOf = null;
    }
    for (const kind of ROW_KINDS) {
      const { isKept } = ownedKind(kind);
      const rows = rowsOf(account, kind);
      for (const row of rows.values()) if (!isKept(row)) rows.delete(row.id);
    }
    this.accounts.set(account.head.id, account);
    if (account.projects !== null) this.keepProjects(account, account.projects.names.size);
  }

  /** An account with very many holds: some are dropped, and a batch that needs them loads them again. */
  private dropHolds(account: LoadedAccount): void {
    for (const { id, status } of account.reservations.values()) {
      if (account.reservations.size <= HOLDS_MAX) return;
      if (status === 'HELD') {
        account.allHolds = false;
        account.creditHolds = false;
      }
      account.reservations.delete(id);
    }
  }

  private keepProjects(account: LoadedAccount, count: number): void {
    const { id } = account.head;
    // An account without any has a weight, too.
    this.projects.set(id, account, { size: Math.max(1, count) });
    // Too many for the whole cache.
    if (!this.projects.has(id)) account.projects = null;
  }
}
