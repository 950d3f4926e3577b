import pg from 'pg';
import { type ConnectionConfig, prepareConnection, sessionOf } from '../../db/connect.js';
import { codeOf, isConnectionLost, isOutdated, SQLSTATE } from '../../db/database-errors.js';
import { ledgerTypes } from '../../db/ledger-types.js';
import type { ServerTurns } from '../../db/server-turns.js';
import { BASE_SETTINGS, type SessionSettings } from '../../db/session-settings.js';
import { AccountCache } from './account-cache.js';
import { compareWithBefore, type LedgerHistory } from './lane-history.js';
import type { WentBack } from './load-batch.js';

/** How a writer's connection reads tables and waits; the proofs of its access paths use the same. */
export const WRITER_SETTINGS: SessionSettings = {
  ...BASE_SETTINGS,
  statement_timeout: '10000',
  idle_in_transaction_session_timeout: '15000',
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};

export interface LaneConnectionOptions {
  readonly connection: ConnectionConfig;
  /** Tells when the database is another server than before. */
  readonly turns?: ServerTurns | undefined;
  /** Left out: the database is trusted never to go back. */
  readonly history?: LedgerHistory | undefined;
  /** Makes the connection; a test gives one that fails where it wants. */
  readonly connect?: ((config: pg.ClientConfig) => pg.Client) | undefined;
}

/** The one connection of a lane and the accounts as it knows them, made when they are needed and made again when they break. */
export class LaneConnection {
  readonly #options: LaneConnectionOptions;
  #client: pg.Client | null = null;
  #hadClient = false;
  cache = new AccountCache();

  constructor(options: LaneConnectionOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#client !== null;
  }

  /** The connection that there is, or a new one. Call it between two batches. */
  async get(): Promise<pg.Client> {
    if (this.#client !== null && !this.#options.turns?.isLeftBehind(this.#client)) return this.#client;
    await this.drop();
    const config: pg.ClientConfig = {
      application_name: 'aibc-credits ledger',
      ...this.#options.connection,
      types: ledgerTypes,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      // A half-open connection never answers: the statement fails after this time, and the lane connects anew.
      query_timeout: 12_000,
      pipeline: true,
    };
    const client = this.#options.connect?.(config) ?? new pg.Client(config);
    client.on('error', () => {
      if (this.#client === client) this.#client = null;
    });
    try {
      await client.connect();
      const facts = await prepareConnection(client, sessionOf(this.#options.connection, WRITER_SETTINGS));
      this.#options.turns?.seen(client, facts);
      // The new connection may lead to another server that lacks the last commits, so its history is read before versions are compared.
      if (this.#options.history && this.#hadClient) await compareWithBefore(client, this.#options.history, this.cache);
      // Another connection has found another server meanwhile, so this one may lead to the old one: connect again.
      if (this.#options.turns?.isLeftBehind(client)) throw new Error('the database is another server by now');
      this.#hadClient = true;
    } catch (error) {
      void client.end().catch(() => {});
      throw error;
    }
    this.cache = new AccountCache();
    this.#client = client;
    return client;
  }

  /**
   * Hears of an error that came by a connection.
   *
   * @returns whether it is gone, going or of no more use: what was sent over it may or may not have happened
   */
  isLost(client: pg.Client, error: unknown): boolean {
    if (codeOf(error) === SQLSTATE.readOnly && this.#client === client) this.#options.turns?.readOnly();
    return isConnectionLost(error) || isOutdated(error) || this.#client !== client;
  }

  /** A batch read an older version than this lane knows: the database went back, so everything remembered of its accounts is dropped. */
  async wentBack({ historyId, message }: WentBack, failed: (error: unknown, what: string) => void): Promise<void> {
    this.cache = new AccountCache();
    if (historyId === null) return;
    await this.#options.history
      ?.wentBack(historyId, message)
      .catch((error: unknown) => failed(error, 'beginning a history'));
  }

  /** Ends what a failed batch left open. */
  async abort(client: pg.Client): Promise<void> {
    try {
      await client.query('ROLLBACK');
    } catch {
      await this.drop();
    }
  }

  async drop(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => {});
  }

  async close(): Promise<void> {
    await this.drop();
  }
}
