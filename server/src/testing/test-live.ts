import { formatId } from '@aibc/shared/ids';
import { SCOPES } from '../auth/caller.js';
import type { Caller, Role } from '../auth/caller.js';
import { History } from '../db/history.js';
import { nextUuid } from '../kit/next-uuid.js';
import { advance } from './test-ledger.js';
import type { TestLedger } from './test-ledger.js';
import type { Ledger } from '../ledger/core/ledger.js';
import { ACCOUNT, toAccount } from '../ledger/rows/account-rows.js';
import type { Row } from '../ledger/wire/flight.js';
import { Live } from '../live/live.js';
import { LiveHolds, type LiveHoldsOptions } from '../live/live-holds.js';
import type { LiveOptions } from '../live/live-options.js';
import { until } from './test-until.js';

/** As the server's secret does, it seals cursors of all processes alike. */
export const CURSOR_SECRET = Buffer.alloc(32, 7);

/** One server process's worth of ledger and live delivery over a shared database. For tests. */
export interface TestProcess {
  readonly ledger: Ledger;
  readonly live: Live;
  readonly liveHolds: LiveHolds;
  readonly history: History;
  /** What live delivery complained of. */
  readonly errors: unknown[];
  close(): Promise<void>;
}

export async function startTestProcess(shared: TestLedger, options: Partial<LiveOptions> = {}): Promise<TestProcess> {
  const history = await History.open({ pool: shared.pool, nextId: nextUuid, clock: Date.now });
  const ledger = shared.another({ history });
  const errors: unknown[] = [];
  const common: Omit<LiveHoldsOptions, 'catalog'> = {
    pool: shared.pool,
    history,
    findAccount: async (_caller, accountId) => {
      const { rows } = await shared.pool.query<{ sandbox: boolean }>(
        'SELECT sandbox FROM account WHERE account_id = $1',
        [accountId],
      );
      return rows[0] === undefined ? null : { id: accountId, sandbox: rows[0].sandbox };
    },
    readAccount: async (accountId) => {
      const { rows } = await shared.pool.query<Row>(
        `SELECT ${ACCOUNT.select('a')} FROM ledger_account a WHERE account_id = $1`,
        [accountId],
      );
      const [row] = ACCOUNT.read(rows);
      if (row === undefined) throw new Error(`there is no account ${accountId}`);
      const state = toAccount(row);
      if (state.clockAt === null && state.dueAt <= Date.now()) await ledger.submit(advance(accountId));
      return state;
    },
    onError: (error) => errors.push(error),
  };
  const live = new Live({
    ...common,
    ledger,
    cursorSecret: CURSOR_SECRET,
    databaseUrl: shared.url,
    ...options,
  });
  const liveHolds = new LiveHolds({ ...common, catalog: () => shared.catalog });
  live.follow(liveHolds.holds);
  await live.start();
  return {
    ledger,
    live,
    liveHolds,
    history,
    errors,
    close: async () => {
      await live.close();
      await ledger.close();
    },
  };
}

/** A person with a role in some accounts of the sandbox. */
export function userOf(...accountIds: string[]): Caller {
  return {
    kind: 'user',
    id: 'ada',
    name: 'Ada',
    scopes: new Set(SCOPES),
    accounts: new Map(accountIds.map((id): [string, Role] => [id, 'owner'])),
    sides: ['sandbox'],
    keyId: null,
    expiresAt: null,
  };
}

/** A program that sees every account of these sides. */
export function serviceOf(...sides: Caller['sides']): Caller {
  return { ...userOf(), kind: 'service', id: 'studio', name: 'Studio', accounts: 'all', sides };
}

export const publicId = (accountId: string): string => formatId('acct', accountId);

/** Reads a stream in the background. */
export class Reading<T> {
  readonly values: T[] = [];
  error: unknown = null;
  ended = false;
  readonly #iterator: AsyncIterator<T>;

  constructor(stream: AsyncIterable<T>) {
    this.#iterator = stream[Symbol.asyncIterator]();
    void this.#read();
  }

  async #read(): Promise<void> {
    try {
      for (let next = await this.#iterator.next(); next.done !== true; next = await this.#iterator.next())
        this.values.push(next.value);
    } catch (error) {
      this.error = error;
    }
    this.ended = true;
  }

  /** Lets go at once. */
  cut(): void {
    void this.#iterator.return?.();
  }

  async has(count: number): Promise<T[]> {
    await until(() => this.values.length >= count);
    return this.values;
  }
}
