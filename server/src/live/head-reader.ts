import type pg from 'pg';
import { ledgerTypes } from '../db/ledger-types.js';
import type { History } from '../db/history.js';
import { notFound } from '../kit/errors.js';
import { balanceOf } from '../ledger/core/balance.js';
import { ACCOUNT, ACCOUNT_VERSION, toAccount } from '../ledger/rows/account-rows.js';
import type { Row } from '../ledger/wire/flight.js';
import type { AccountState } from '../ledger/core/state.js';
import type { Clocks } from './clocks.js';
import type { Heads, Hub } from './hub.js';

const ACCOUNTS_A_QUERY = 1_000;

const VERSIONS = {
  name: 'live_versions',
  text: `/* live.versions */ SELECT ${ACCOUNT_VERSION.select('a')} FROM ledger_account a WHERE a.account_id = ANY ($1::uuid[])`,
  types: ledgerTypes,
};
const CLOCK = ACCOUNT.pick('id', 'clockAt');
const CLOCKS = {
  name: 'live_clocks',
  text: `/* live.clocks */ SELECT ${CLOCK.select('a')} FROM ledger_account a
    WHERE a.account_id = ANY ($1::uuid[]) AND a.clock_at IS NOT NULL`,
  types: ledgerTypes,
};
const HEADS = {
  name: 'live_heads',
  text: `/* live.heads */ SELECT ${ACCOUNT.select('a')} FROM ledger_account a WHERE a.account_id = ANY ($1::uuid[])`,
  types: ledgerTypes,
};

/** The balances of both credit types of an account. */
export function headsOf(state: AccountState): Heads {
  return {
    accountId: state.id,
    version: state.version,
    balances: { STANDARD: balanceOf(state, 'STANDARD'), SCAN: balanceOf(state, 'SCAN') },
  };
}

/**
 * Brings watched accounts up to date after other processes moved them: one query for all that are behind, one at a time.
 *
 * It only reads: what is due on an account is closed by whoever closes it, and then arrives like every other change.
 */
export class HeadReader {
  readonly #behind = new Set<string>();
  #reading: Promise<void> | null = null;

  constructor(
    private readonly pool: Pick<pg.Pool, 'query'>,
    private readonly hub: Pick<Hub, 'publish' | 'watched' | 'versionOf' | 'end'>,
    private readonly clocks: Pick<Clocks, 'publish' | 'watched'>,
    private readonly history: Pick<History, 'present' | 'wentBack'>,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** An account is at least at this version by now. Does nothing for one that nobody watches or that is known to be there. */
  expect(accountId: string, version: number): void {
    const known = this.hub.versionOf(accountId);
    if (known === null || known >= version) return;
    this.#behind.add(accountId);
    this.#reading ??= this.#readBehind();
  }

  /**
   * Looks for itself at all watched accounts. Never rejects.
   *
   * An account that is behind what was known before it was asked for, or not there any more, says that the database went back.
   */
  async lookAll(): Promise<void> {
    try {
      const era = this.history.present;
      const known = new Map(this.hub.watched());
      const rows = await this.#read(VERSIONS, [...known.keys()]);
      if (this.history.present !== era) return;
      const versions = new Map(ACCOUNT_VERSION.read(rows).map(({ id, version }) => [id, version]));
      for (const [accountId, knownVersion] of known) {
        const version = versions.get(accountId) ?? 0;
        if (version < knownVersion) return await this.history.wentBack(era.id, `account ${accountId} went back`);
        if (version === 0) this.hub.end(accountId, notFound('This account'));
        else this.expect(accountId, version);
      }
      // Another process may have moved a clock: that takes no version, so no doorbell told of it.
      for (const { id, clockAt } of CLOCK.read(await this.#read(CLOCKS, [...this.clocks.watched()])))
        this.clocks.publish(id, clockAt);
    } catch (error) {
      this.onError(error);
    }
  }

  async #read(query: typeof VERSIONS, accountIds: readonly string[]): Promise<Row[]> {
    const found: Row[] = [];
    for (let from = 0; from < accountIds.length; from += ACCOUNTS_A_QUERY) {
      const values = [accountIds.slice(from, from + ACCOUNTS_A_QUERY)];
      found.push(...(await this.pool.query<Row>({ ...query, values })).rows);
    }
    return found;
  }

  async #readBehind(): Promise<void> {
    // Lets the rest of the same message be taken in first, so that one query reads all.
    await Promise.resolve();
    try {
      while (this.#behind.size > 0) {
        const accountIds = [...this.#behind].slice(0, ACCOUNTS_A_QUERY);
        for (const accountId of accountIds) this.#behind.delete(accountId);
        const era = this.history.present;
        const { rows } = await this.pool.query<Row>({ ...HEADS, values: [accountIds] });
        for (const row of ACCOUNT.read(rows)) this.hub.publish(headsOf(toAccount(row)), era);
      }
    } catch (error) {
      // The next look at all watched accounts finds what could not be read now.
      this.#behind.clear();
      this.onError(error);
    } finally {
      this.#reading = null;
    }
  }
}
