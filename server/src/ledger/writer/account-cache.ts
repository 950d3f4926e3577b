import { ROW_KINDS } from '../core/state.js';
import type { LoadedAccount } from '../core/state.js';
import { ownedKind, rowsOf } from '../rows/owned-rows.js';

const ACCOUNTS_MAX = 20_000;
const HOLDS_MAX = 1_000;
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
  private readonly accounts = new Map<string, LoadedAccount>();
  /** Of those whose projects are loaded, how many they are. */
  private readonly projectNames = new Map<string, number>();
  private projectNamesKept = 0;
  /** The history that all of them are of; undefined before the first batch. */
  private historyId: string | null | undefined;

  /**
   * Forgets everything when this is another history than before.
   *
   * @returns whether it was another
   */
  enter(historyId: string | null): boolean {
    const isOther = this.historyId !== undefined && this.historyId !== historyId;
    if (isOther) for (const account of this.accounts.values()) this.drop(account);
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
    if (account) this.drop(account);
    return account;
  }

  /** Keeps the rows that later batches may need, as each kind of row says (`isKept`). */
  put(account: LoadedAccount): void {
    if (account.reservations.size > HOLDS_MAX) this.dropHolds(account);
    for (const kind of ROW_KINDS) {
      const { isKept } = ownedKind(kind);
      const rows = rowsOf(account, kind);
      for (const row of rows.values()) if (!isKept(row)) rows.delete(row.id);
    }
    if (this.accounts.size >= ACCOUNTS_MAX) {
      const [oldest] = this.accounts.keys();
      if (oldest !== undefined) this.take(oldest);
    }
    this.accounts.set(account.head.id, account);
    if (account.projects !== null) this.keepProjects(account.head.id, account.projects.names.size);
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

  private drop({ head, projects }: LoadedAccount): void {
    this.accounts.delete(head.id);
    if (projects === null) return;
    this.projectNamesKept -= this.projectNames.get(head.id) ?? 0;
    this.projectNames.delete(head.id);
  }

  /** When they are too many, those of the accounts that were written longest ago are forgotten. */
  private keepProjects(accountId: string, count: number): void {
    this.projectNames.set(accountId, count);
    this.projectNamesKept += count;
    for (const [oldest, names] of this.projectNames) {
      if (this.projectNamesKept <= PROJECT_NAMES_MAX) return;
      const account = this.accounts.get(oldest);
      if (account) account.projects = null;
      this.projectNames.delete(oldest);
      this.projectNamesKept -= names;
    }
  }
}
