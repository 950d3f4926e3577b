import { LRUCache } from 'lru-cache';
import type { DataSource } from 'typeorm';
import { In, LessThan } from 'typeorm';
import type { AccountIdentity, Caller } from '../auth/caller.js';
import { mayRead } from '../auth/caller.js';
import type { PageRequest } from '../kit/page.js';
import { AccountEntity, ExternalAccountEntity } from './account.entity.js';

/** What an account is called, by itself and by the platform. */
export interface AccountNames {
  readonly name: string;
  readonly externalId: string | null;
}

const REMEMBERED_MAX = 200_000;

/**
 * Which accounts there are and which side each is on.
 *
 * An account's side never changes, so that `find` asks the database once for each account that exists; unknown ids are asked for every time.
 */
export class AccountDirectory {
  readonly #known = new LRUCache<string, AccountIdentity>({ max: REMEMBERED_MAX });
  readonly #loading = new Map<string, Promise<AccountIdentity | null>>();

  constructor(private readonly dataSource: DataSource) {}

  /**
   * The account of a uuid, of those the caller sees; null for an unknown and for a foreign one, which take the same look-ups and so
   * the same time: none where the credential lists its accounts, one where it sees all of a side.
   *
   * @param caller  null sees no account
   */
  findFor(caller: Caller | null, accountId: string): AccountIdentity | null | Promise<AccountIdentity | null> {
    if (caller === null || (caller.accounts !== 'all' && !caller.accounts.has(accountId))) return null;
    const known = this.#known.get(accountId);
    if (known !== undefined && mayRead(caller, known)) return known;
    const found = known === undefined ? this.find(accountId) : this.#load(accountId);
    return found instanceof Promise ? found.then((account) => seenBy(caller, account)) : seenBy(caller, found);
  }

  /**
   * The account of a uuid, or null.
   *
   * Who asks at the same time for the same account goes on in the order of asking: the commands of one request keep their order.
   */
  find(accountId: string): AccountIdentity | null | Promise<AccountIdentity | null> {
    const found = this.#known.get(accountId) ?? this.#loading.get(accountId);
    if (found !== undefined) return found;
    const loading = this.#load(accountId).finally(() => this.#loading.delete(accountId));
    this.#loading.set(accountId, loading);
    return loading;
  }

  /**
   * The account that a platform's own id names, of those the caller sees; null when there is none.
   *
   * The same id may name one account of each side: a caller that sees both gets the live one.
   */
  async findExternal(caller: Caller, externalId: string): Promise<AccountIdentity | null> {
    const seen = await this.dataSource.getRepository(ExternalAccountEntity).findOne({
      where: {
        externalId,
        sandbox: In(caller.sides.map((side) => side === 'sandbox')),
        ...(caller.accounts === 'all' ? {} : { accountId: In([...caller.accounts.keys()]) }),
      },
      order: { sandbox: 'ASC' },
    });
    return seen === null ? null : this.findFor(caller, seen.accountId);
  }

  /** uuids of the accounts that a caller sees, newest first, one more than asked for when there are more. */
  async list(caller: Caller, { first, after }: PageRequest): Promise<string[]> {
    const isVisible =
      caller.accounts === 'all' ? null : [...caller.accounts.keys()].filter((id) => after === null || id < after);
    const rows = await this.dataSource.getRepository(AccountEntity).find({
      select: { id: true },
      where: {
        sandbox: In(caller.sides.map((side) => side === 'sandbox')),
        ...(isVisible === null ? (after === null ? {} : { id: LessThan(after) }) : { id: In(isVisible) }),
      },
      order: { id: 'DESC' },
      take: first + 1,
    });
    return rows.map(({ id }) => id);
  }

  /** Name and external id of an account; null when there is no such account. */
  readNames(accountId: string): Promise<AccountNames | null> {
    return this.dataSource
      .getRepository(AccountEntity)
      .findOne({ select: { name: true, externalId: true }, where: { id: accountId } });
  }

  /** Forgets everything: in another history of the database an account may be missing, or be on the other side. */
  forget(): void {
    this.#known.clear();
  }

  async #load(accountId: string): Promise<AccountIdentity | null> {
    const row = await this.dataSource
      .getRepository(AccountEntity)
      .findOne({ select: { id: true, sandbox: true }, where: { id: accountId } });
    if (row === null) return null;
    const identity: AccountIdentity = { id: row.id, sandbox: row.sandbox };
    this.#known.set(accountId, identity);
    return identity;
  }
}

function seenBy(caller: Caller, account: AccountIdentity | null): AccountIdentity | null {
  return account !== null && mayRead(caller, account) ? account : null;
}
