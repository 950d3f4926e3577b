import type pg from 'pg';
import { assertAccount, assertCaller } from '../../auth/caller.js';
import type { Caller, Scope, Side } from '../../auth/caller.js';
import type { History } from '../../db/history.js';
import { readPriceClock } from '../../catalog/price-gate.js';
import { notFound } from '../../kit/errors.js';
import type { AccountSnapshot } from './account-snapshot.js';
import { SYSTEM } from '../core/system.js';
import type { Ledger } from '../core/ledger.js';
import { ACCOUNT, toAccount } from '../rows/account-rows.js';
import type { Row } from '../wire/flight.js';

function readAccounts(name: string, newestList: string) {
  return {
    name,
    text: `/* ${name.replace('_', '.')} */ SELECT ${ACCOUNT.select('a')}, c.name AS name, c.external_id AS "externalId",
      (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS "databaseNow", (${newestList}) AS "newestList"
    FROM ledger_account a JOIN account c USING (account_id) WHERE a.account_id = ANY($1::uuid[]) AND a.sandbox = ANY($2::boolean[])`,
  };
}

const READ_ACCOUNTS = readAccounts(
  'read_accounts',
  'SELECT p.version FROM price_list p ORDER BY p.version DESC LIMIT 1',
);
/** The function passes the gate of prices until the statement has ended: no list takes effect between its two looks. */
const READ_PRICED = readAccounts('read_priced', 'SELECT k.newest_list FROM price_clock() k');

/** What is read beside the account's own row. */
const BESIDE = { name: 'text', externalId: 'text?', databaseNow: 'bigint', newestList: 'integer?' } as const;

const BOTH_SIDES: readonly Side[] = ['sandbox', 'live'];

export interface AccountReaderDeps {
  /** A pool whose connections see values as `ledgerTypes` says. */
  readonly reader: pg.Pool;
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly history: Pick<History, 'present'>;
}

/**
 * Reads accounts: one query, unless something is due.
 *
 * What is due is closed and written first, so that nothing is shown that is not written and nothing due is left open.
 * Source: docs/domain.md, Periods and resets
 */
export class AccountReader {
  constructor(private readonly deps: AccountReaderDeps) {}

  /**
   * An account for a caller.
   *
   * @param accountId  uuid
   * @throws UNAUTHENTICATED, NOT_FOUND for an unknown or foreign account, FORBIDDEN without the scope, UNAVAILABLE
   */
  async read(caller: Caller | null, accountId: string, scope: Scope): Promise<AccountSnapshot> {
    return this.#advance(await this.#find(caller, accountId, scope, READ_ACCOUNTS));
  }

  /** The same to price something: `newestList` is no older than any list that is in force at the account's now. */
  async readPriced(caller: Caller | null, accountId: string, scope: Scope): Promise<AccountSnapshot> {
    return this.#reach(await this.#find(caller, accountId, scope, READ_PRICED));
  }

  /** The same of an account that the caller is known to see. @throws NOT_FOUND, UNAVAILABLE */
  async readToPrice(accountId: string): Promise<AccountSnapshot> {
    const [found] = await this.#load([accountId], BOTH_SIDES, READ_PRICED);
    if (found === undefined) throw notFound('This account');
    return this.#reach(found);
  }

  async #reach(found: AccountSnapshot): Promise<AccountSnapshot> {
    const snapshot = await this.#advance(found);
    // Its now is a later one then.
    return snapshot === found
      ? found
      : { ...snapshot, newestList: (await readPriceClock(this.deps.reader)).newestList };
  }

  /** Accounts that the caller is known to see, in the order given; unknown ones are left out. */
  async readAll(accountIds: readonly string[]): Promise<AccountSnapshot[]> {
    const found = new Map((await this.#load(accountIds)).map((snapshot) => [snapshot.state.id, snapshot]));
    const known = accountIds.flatMap((id) => found.get(id) ?? []);
    return Promise.all(known.map((snapshot) => this.#advance(snapshot)));
  }

  async #find(
    caller: Caller | null,
    accountId: string,
    scope: Scope,
    statement: typeof READ_ACCOUNTS,
  ): Promise<AccountSnapshot> {
    assertCaller(caller);
    // Unknown and foreign accounts take the same queries, so that the time of the answer does not tell them apart.
    const mayBeSeen = caller.accounts === 'all' || caller.accounts.has(accountId);
    const [found] = mayBeSeen ? await this.#load([accountId], caller.sides, statement) : [];
    assertAccount(caller, found === undefined ? null : found.state, scope);
    return found as AccountSnapshot;
  }

  async #load(
    accountIds: readonly string[],
    sides: readonly Side[] = BOTH_SIDES,
    statement: typeof READ_ACCOUNTS = READ_ACCOUNTS,
  ): Promise<AccountSnapshot[]> {
    const isSandbox = sides.map((side) => side === 'sandbox');
    // The history is taken before the read: if the database changes its history meanwhile, readers of this answer see an old history and read anew.
    const history = this.deps.history.present.publicId;
    const { rows } = await this.deps.reader.query<Row>({ ...statement, values: [accountIds, isSandbox] });
    return ACCOUNT.readWith(BESIDE, rows).map((row) => ({
      state: toAccount(row),
      history,
      now: row.clockAt ?? row.databaseNow,
      databaseNow: row.databaseNow,
      newestList: row.newestList ?? 0,
      name: row.name,
      externalId: row.externalId,
    }));
  }

  async #advance(snapshot: AccountSnapshot): Promise<AccountSnapshot> {
    const { state, now } = snapshot;
    if (state.dueAt > now) return snapshot;
    const actor = { name: SYSTEM, member: SYSTEM, closesAny: true };
    const outcome = await this.deps.ledger.submit({ type: 'advance', accountId: state.id, actor });
    if (outcome.kind !== 'account') throw notFound('This account');
    return { ...snapshot, state: outcome.account, now: outcome.now };
  }
}
